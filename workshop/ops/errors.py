"""What a reader gets while the rows cannot be reached: a plain page that needs nothing."""

import errno
import sqlite3
import sys
from enum import Enum, auto
from time import monotonic

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from workshop.ops.logs import request_id

PAUSE = 3.0  # seconds in which a database that is gone is not asked again
RETRY_AFTER = "10"

_FULL_FILE = {errno.ENOSPC, errno.EDQUOT}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_FULL_SERVER = "53100"
_BUSY = ("40001", "40P01", "55P03")
_GONE = ("08", "53", "57P0")

_left_alone_until = 0.0


class Trouble(Enum):
    """Why nothing can be read or written: the database is away, in use, or its disk is full."""

    GONE = auto()
    BUSY = auto()
    FULL = auto()


def server_error(_request: HttpRequest) -> HttpResponse:
    """What Django asks for when something was raised: 503, 507 or 500, by what it was."""
    match note(sys.exc_info()[1]):
        case Trouble.GONE | Trouble.BUSY:
            return not_now()
        case Trouble.FULL:
            return _page(
                507,
                _("There is no room left"),
                _(
                    "What you sent was not kept: the disk of this site is full. Nothing that was "
                    "there before is lost. Please tell whoever looks after the site."
                ),
            )
    return _page(
        500,
        _("Something went wrong here"),
        _(
            "It is not your fault. Go back and try again; if it happens twice, tell whoever looks "
            "after the site."
        ),
    )


def note(problem: BaseException | None) -> Trouble | None:
    """What is the matter; a database that is gone is left alone from now on for a moment."""
    global _left_alone_until
    trouble = trouble_of(problem)
    if trouble is Trouble.GONE:
        _left_alone_until = monotonic() + PAUSE
    return trouble


def trouble_of(problem: BaseException | None) -> Trouble | None:
    """What is the matter with the database or the disk; None where they are not to blame."""
    if isinstance(problem, InterfaceError):
        return Trouble.GONE
    if isinstance(problem, OperationalError):
        cause = problem.__cause__
        if isinstance(cause, sqlite3.Error):
            return _of_sqlite(cause)
        return _of_postgresql(getattr(cause, "sqlstate", None))
    if isinstance(problem, OSError) and problem.errno in _FULL_FILE:
        return Trouble.FULL
    return None


def is_left_alone() -> bool:
    """Whether the database was gone a moment ago, so that asking it would only cost time."""
    return monotonic() < _left_alone_until


def not_now() -> HttpResponse:
    """503, with no template, no session and no query behind it."""
    answer = _page(
        503,
        _("The programme cannot be shown right now"),
        _(
            "The site cannot reach its records, so nothing was read or changed just now. What was "
            "kept before is safe, and the site comes back by itself. Try again in a minute."
        ),
    )
    answer["Retry-After"] = RETRY_AFTER
    return answer


def _of_sqlite(problem: sqlite3.Error) -> Trouble | None:
    # The low byte is the kind: https://sqlite.org/rescode.html
    match getattr(problem, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return Trouble.FULL
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Trouble.BUSY
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY:
            return Trouble.BUSY  # perhaps for this one request: the next may try
    return None


def _of_postgresql(code: str | None) -> Trouble | None:
    if code == _FULL_SERVER:
        return Trouble.FULL
    if code in _BUSY:
        return Trouble.BUSY
    # No code: the connection itself failed.
    return Trouble.GONE if code is None or code.startswith(_GONE) else None


def _page(status: int, title: str, message: str) -> HttpResponse:
    page = format_html(
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<title>{}</title>\n<main>\n<h1>{}</h1>\n<p>{}</p>\n{}</main>\n</html>\n",
        title,
        title,
        message,
        _reference(),
    )
    answer = HttpResponse(page, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _reference() -> str:
    """By which the lines about this request are found in the log."""
    number = request_id.get()
    return format_html("<p>{} <code>{}</code></p>\n", _("Reference:"), number) if number else ""
