"""Concurrent readers during publishing: no error, no mixed page, never an older release."""

import gzip
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.benchmarks.servers import ROOT, Server, running

ROW = re.compile(rb"Row ([\w-]+) of edition (\d+)\.")
FORMATS = ("", "agenda.json", "agenda.ics")


@pytest.fixture
def environment(transactional_db: None, tmp_path: Path) -> dict[str, str]:
    """Environment of the organiser and the server: the test database, or a SQLite file."""
    settings = {"VAR": str(tmp_path), "DATABASE": str(tmp_path / "rows.sqlite3"), "DEBUG": "0"}
    if url := os.environ.get("DATABASE_URL"):
        name = connection.settings_dict["NAME"]
        settings["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.soak.settings",
        "HTTPS": "0",
        **settings,
    }


@pytest.mark.parametrize(
    ("readers", "releases"), [(20, 8), pytest.param(200, 50, marks=pytest.mark.soak)]
)
def test_readers_get_consistent_pages_in_order_during_publishing(
    environment: dict[str, str], readers: int, releases: int
) -> None:
    organiser = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "tests.soak.organiser", str(releases)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert organiser.stdout is not None
    slug, rows = organiser.stdout.readline().split()
    done = Event()
    with (
        running("workshop.wsgi", environment) as server,
        ThreadPoolExecutor(readers) as pool,
        organiser,
    ):
        forum = Forum(server, slug, int(rows))
        futures = [pool.submit(_read, forum, number, done) for number in range(readers)]
        try:
            published, _nothing = organiser.communicate(f"{server.port}\n")
        finally:
            done.set()
        histories = [future.result() for future in futures]
    assert published.split() == [str(number) for number in range(2, releases + 1)]
    assert [history for history in histories if history != sorted(history)] == []
    assert {history[-1] for history in histories} == {releases}
    assert len({edition for history in histories for edition in history}) > 2


@dataclass(frozen=True, slots=True)
class Forum:
    """A published event on a server, with its number of sessions."""

    server: Server
    slug: str
    rows: int

    def edition(self, path: str, headers: dict[str, str]) -> int:
        """Edition on a page of the event; fails if the page mixes editions."""
        status, sent, body = self.server.get(f"/{self.slug}/{path}", headers)
        if sent.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        rows = set(ROW.findall(body))
        editions = {edition for _row, edition in rows}
        assert (status, len(rows), len(editions)) == (200, self.rows, 1), (path, editions)
        return int(editions.pop())


def _read(forum: Forum, number: int, done: Event) -> list[int]:
    """Editions read by one reader, in order; every second reader accepts gzip."""
    headers = {"Accept-Encoding": "gzip"} if number % 2 else {}
    editions = []
    for path in cycle(FORMATS):
        is_last = done.is_set()
        editions.append(forum.edition(path, headers))
        if is_last:
            break
    return editions
