"""What is lost and what is said when a process dies, the disk is full or the database is away."""

import errno
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from sessions_app.models import Session
from tests.serving import SLUG, Reader, Site, duplicated, while_killing
from workshop.ops import errors
from workshop.ops.errors import Trouble, trouble_of

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")


@on_sqlite
def test_killed_web_processes_lose_no_edit_that_was_acknowledged(tmp_path: Path) -> None:
    with Site(tmp_path).prepare() as site:
        reader = Reader(site.port).sign_in(site)
        made = []
        with while_killing(site, every=0.4) as killed:
            end = time.monotonic() + 4
            while time.monotonic() < end:
                made.append(duplicated(reader))
    acknowledged = {key for key in made if key}
    with sqlite3.connect(tmp_path / "rows.sqlite3") as rows:
        kept = {key for (key,) in rows.execute("SELECT key FROM sessions_app_session")}
        assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert acknowledged - kept == set()
    assert (killed[0] > 4, len(acknowledged) > 4) == (True, True)


@pytest.fixture
def full() -> Iterator[None]:
    """A database that may not grow by a page."""
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (most,) = cursor.execute("PRAGMA max_page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute(f"PRAGMA max_page_count = {most}")


@on_sqlite
def test_full_disk_is_told_and_breaks_nothing(
    programme: str, organiser_client: Client, request: Any
) -> None:
    organiser_client.raise_request_exception = False
    session = Session.objects.get(key="break")
    request.getfixturevalue("full")
    address = f"/desk/{SLUG}/sessions/break/duplicate/"
    answers = {organiser_client.post(address).status_code for _ in range(60)}
    assert answers == {302, 507}  # until the last page is full
    answer = organiser_client.post(address)
    assert "There is no room left" in answer.content.decode()
    assert "Retry-After" not in answer
    assert organiser_client.get(f"/{SLUG}/").status_code == 200
    session.refresh_from_db()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def caused(error: Exception, cause: BaseException | None) -> Exception:
    error.__cause__ = cause
    return error


def of_sqlite(code: int) -> sqlite3.Error:
    problem = sqlite3.OperationalError()
    problem.sqlite_errorcode = code
    return problem


@pytest.mark.parametrize(
    ("problem", "trouble"),
    [
        (InterfaceError(), Trouble.GONE),
        (caused(OperationalError(), psycopg.OperationalError()), Trouble.GONE),
        (caused(OperationalError(), psycopg.errors.AdminShutdown()), Trouble.GONE),
        (caused(OperationalError(), psycopg.errors.TooManyConnections()), Trouble.GONE),
        (caused(OperationalError(), psycopg.errors.DeadlockDetected()), Trouble.BUSY),
        (caused(OperationalError(), psycopg.errors.DiskFull()), Trouble.FULL),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), None),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_FULL)), Trouble.FULL),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)), Trouble.BUSY),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_CANTOPEN)), Trouble.BUSY),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_ERROR)), None),
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.FULL),
        (OSError(errno.ENOENT, "No such file"), None),
        (LookupError(), None),
    ],
)
def test_trouble_is_told_by_what_was_raised(problem: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(problem) == trouble


@pytest.mark.parametrize("path", ["/", f"/{SLUG}/", f"/desk/{SLUG}/", "/admin/", "/me/a-token/"])
def test_database_that_is_gone_is_told_everywhere_and_spared_for_a_moment(
    path: str, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_left_alone_until", 0.0)
    asked = []

    def gone(*_query: object) -> None:
        asked.append(1)
        raise InterfaceError("connection already closed")

    client = Client(raise_request_exception=False)
    client.force_login(organiser)
    post = path.startswith("/me/")
    with connection.execute_wrapper(gone):
        ask = client.post if post else client.get
        first, second = ask(path), ask(path)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert [(each.status_code, each["Retry-After"]) for each in (first, second)] == [
        (503, "10")
    ] * 2
    assert first["Cache-Control"] == "no-store"
    assert "The programme cannot be shown right now" in first.content.decode()
    assert len(asked) == 2  # one for the page, one for /readyz
