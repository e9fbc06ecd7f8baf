"""Failures: a killed process, a full disk and an unreachable database."""

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
from tests.serving import SLUG, Site, SiteClient, duplicate_session, killing_web_processes
from workshop.ops import errors
from workshop.ops.errors import Outage, classify_outage

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")


@on_sqlite
def test_killed_web_processes_lose_no_acknowledged_edit(tmp_path: Path) -> None:
    with Site(tmp_path).prepare() as site:
        client = SiteClient(site.port).sign_in(site)
        keys = []
        with killing_web_processes(site, every=0.4) as kills:
            end = time.monotonic() + 4
            while time.monotonic() < end:
                keys.append(duplicate_session(client))
    acknowledged = {key for key in keys if key}
    with sqlite3.connect(tmp_path / "rows.sqlite3") as rows:
        stored = {key for (key,) in rows.execute("SELECT key FROM sessions_app_session")}
        assert rows.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert acknowledged - stored == set()
    assert (kills[0] > 4, len(acknowledged) > 4) == (True, True)


@pytest.fixture
def full_database() -> Iterator[None]:
    """The test database with its size limit reached."""
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        (limit,) = cursor.execute("PRAGMA max_page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        yield
        cursor.execute(f"PRAGMA max_page_count = {limit}")


@on_sqlite
def test_full_disk_is_reported_and_breaks_nothing(
    programme: str, organiser_client: Client, request: Any
) -> None:
    organiser_client.raise_request_exception = False
    session = Session.objects.get(key="break")
    request.getfixturevalue("full_database")
    address = f"/desk/{SLUG}/sessions/break/duplicate/"
    statuses = {organiser_client.post(address).status_code for _ in range(60)}
    assert statuses == {302, 507}  # 302 until the last page is full
    response = organiser_client.post(address)
    assert "The disk is full" in response.content.decode()
    assert "Retry-After" not in response
    assert organiser_client.get(f"/{SLUG}/").status_code == 200
    session.refresh_from_db()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def caused(error: Exception, cause: BaseException | None) -> Exception:
    error.__cause__ = cause
    return error


def of_sqlite(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (InterfaceError(), Outage.UNREACHABLE),
        (caused(OperationalError(), psycopg.OperationalError()), Outage.UNREACHABLE),
        (caused(OperationalError(), psycopg.errors.AdminShutdown()), Outage.UNREACHABLE),
        (caused(OperationalError(), psycopg.errors.TooManyConnections()), Outage.UNREACHABLE),
        (caused(OperationalError(), psycopg.errors.DeadlockDetected()), Outage.BUSY),
        (caused(OperationalError(), psycopg.errors.DiskFull()), Outage.DISK_FULL),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), None),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_FULL)), Outage.DISK_FULL),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT)), Outage.BUSY),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_CANTOPEN)), Outage.BUSY),
        (caused(OperationalError(), of_sqlite(sqlite3.SQLITE_ERROR)), None),
        (OSError(errno.ENOSPC, "No space left on device"), Outage.DISK_FULL),
        (OSError(errno.ENOENT, "No such file"), None),
        (LookupError(), None),
    ],
)
def test_outage_is_classified_by_its_exception(error: Exception, outage: Outage | None) -> None:
    assert classify_outage(error) == outage


@pytest.mark.parametrize("path", ["/", f"/{SLUG}/", f"/desk/{SLUG}/", "/admin/", "/me/a-token/"])
def test_unreachable_database_gives_503_and_is_not_queried_during_the_pause(
    path: str, organiser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_paused_until", 0.0)
    queries = []

    def unreachable(*_query: object) -> None:
        queries.append(1)
        raise InterfaceError("connection already closed")

    client = Client(raise_request_exception=False)
    client.force_login(organiser)
    is_post = path.startswith("/me/")
    with connection.execute_wrapper(unreachable):
        request = client.post if is_post else client.get
        first, second = request(path), request(path)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
    assert [(response.status_code, response["Retry-After"]) for response in (first, second)] == [
        (503, "10")
    ] * 2
    assert first["Cache-Control"] == "no-store"
    assert "The programme cannot be shown right now" in first.content.decode()
    assert len(queries) == 2  # one for the page, one for /readyz
