"""Error pages without templates or queries, for when the database or the disk fails."""

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

PAUSE = 3.0  # seconds without queries after the database was unreachable
RETRY_AFTER = "10"

_DISK_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT}
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_DISK_FULL_CODE = "53100"
_BUSY_CODES = ("40001", "40P01", "55P03")
_UNREACHABLE_CODES = ("08", "53", "57P0")

_paused_until = 0.0


class Outage(Enum):
    """Kinds of failure of the database or the disk."""

    UNREACHABLE = auto()
    BUSY = auto()
    DISK_FULL = auto()


def server_error(_request: HttpRequest) -> HttpResponse:
    """Django's handler500: 503, 507 or 500, by the exception."""
    match record_failure(sys.exc_info()[1]):
        case Outage.UNREACHABLE | Outage.BUSY:
            return unavailable_response()
        case Outage.DISK_FULL:
            return _page(
                507,
                _("The disk is full"),
                _(
                    "Your change was not saved, because the disk of this site is full. Nothing "
                    "that was saved before is lost. Please tell the site administrator."
                ),
            )
    return _page(
        500,
        _("Something went wrong here"),
        _(
            "It is not your fault. Go back and try again. If it happens twice, tell the site "
            "administrator."
        ),
    )


def record_failure(error: BaseException | None) -> Outage | None:
    """Classify an exception, and pause queries if the database is unreachable."""
    global _paused_until
    outage = classify_outage(error)
    if outage is Outage.UNREACHABLE:
        _paused_until = monotonic() + PAUSE
    return outage


def classify_outage(error: BaseException | None) -> Outage | None:
    """Kind of outage behind an exception; None if neither database nor disk is the cause."""
    if isinstance(error, InterfaceError):
        return Outage.UNREACHABLE
    if isinstance(error, OperationalError):
        cause = error.__cause__
        if isinstance(cause, sqlite3.Error):
            return _classify_sqlite(cause)
        return _classify_postgresql(getattr(cause, "sqlstate", None))
    if isinstance(error, OSError) and error.errno in _DISK_FULL_ERRNOS:
        return Outage.DISK_FULL
    return None


def is_database_paused() -> bool:
    """True for PAUSE seconds after the database was unreachable: a query would only time out."""
    return monotonic() < _paused_until


def unavailable_response() -> HttpResponse:
    """503 page, made without template, session or query."""
    response = _page(
        503,
        _("The programme cannot be shown right now"),
        _(
            "The site cannot reach its database, so nothing was read or changed just now. All "
            "saved data is safe, and the site comes back by itself. Try again in a minute."
        ),
    )
    response["Retry-After"] = RETRY_AFTER
    return response


def _classify_sqlite(error: sqlite3.Error) -> Outage | None:
    # The low byte is the primary code: https://sqlite.org/rescode.html
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return Outage.DISK_FULL
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Outage.BUSY
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY:
            return Outage.BUSY  # perhaps only for this request: no pause
    return None


def _classify_postgresql(code: str | None) -> Outage | None:
    if code == _DISK_FULL_CODE:
        return Outage.DISK_FULL
    if code in _BUSY_CODES:
        return Outage.BUSY
    # Without a code, the connection itself failed.
    return Outage.UNREACHABLE if code is None or code.startswith(_UNREACHABLE_CODES) else None


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
    response = HttpResponse(page, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _reference() -> str:
    """Request ID for the page, to find the log lines of this request."""
    number = request_id.get()
    return format_html("<p>{} <code>{}</code></p>\n", _("Reference:"), number) if number else ""
