"""Backups as README tells them, taken while the site runs, and restored where nothing was."""

import sqlite3
from pathlib import Path

from tests.services.machines import PostgreSQL
from tests.serving import SLUG, Reader, Site


def released(site: Site) -> tuple[bytes, bytes]:
    """What everybody reads, as data and as a calendar."""
    with site:
        reader = Reader(site.port)
        read = tuple(
            reader.get(f"/{SLUG}/agenda.{kind}", Host="127.0.0.1").body for kind in ("json", "ics")
        )
        assert Reader(site.port).sign_in(site).get(f"/desk/{SLUG}/releases/").status == 200
    return read


def test_postgresql_comes_back_whole(postgresql: PostgreSQL, tmp_path: Path) -> None:
    old = Site(tmp_path, DATABASE_URL=postgresql.database("old")).prepare()
    before = released(old)
    copy = postgresql.folder / "workshop.dump"
    with old:
        postgresql.run("pg_dump", "--format=custom", f"--file={copy}", "old")
    new = Site(tmp_path, DATABASE_URL=postgresql.database("new"))
    postgresql.run("pg_restore", "--exit-on-error", "--no-owner", "--dbname=new", str(copy))
    assert "No migrations to apply" in new.manage("migrate")
    assert released(new) == before


def test_sqlite_comes_back_whole(tmp_path: Path) -> None:
    old = Site(tmp_path).prepare()
    before = released(old)
    copy = tmp_path / "copy.sqlite3"
    with old:
        source, target = sqlite3.connect(tmp_path / "rows.sqlite3"), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
    new = Site(tmp_path, DATABASE_URL=f"sqlite:///{copy}")
    assert "No migrations to apply" in new.manage("migrate")
    assert released(new) == before
