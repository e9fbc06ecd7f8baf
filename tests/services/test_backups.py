"""Backups as documented, taken while the site runs and restored into an empty database."""

import sqlite3
from pathlib import Path

from tests.services.machines import PostgreSQL
from tests.serving import SLUG, Site, SiteClient


def public_data(site: Site) -> tuple[bytes, bytes]:
    """The published agenda as JSON and as iCalendar."""
    with site:
        client = SiteClient(site.port)
        bodies = tuple(
            client.get(f"/{SLUG}/agenda.{kind}", Host="127.0.0.1").body for kind in ("json", "ics")
        )
        assert SiteClient(site.port).sign_in(site).get(f"/desk/{SLUG}/releases/").status == 200
    return bodies


def test_postgresql_backup_is_complete(postgresql: PostgreSQL, tmp_path: Path) -> None:
    old = Site(tmp_path, DATABASE_URL=postgresql.database("old")).prepare()
    before = public_data(old)
    copy = postgresql.folder / "workshop.dump"
    with old:
        postgresql.run("pg_dump", "--format=custom", f"--file={copy}", "old")
    new = Site(tmp_path, DATABASE_URL=postgresql.database("new"))
    postgresql.run("pg_restore", "--exit-on-error", "--no-owner", "--dbname=new", str(copy))
    assert "No migrations to apply" in new.manage("migrate")
    assert public_data(new) == before


def test_sqlite_backup_is_complete(tmp_path: Path) -> None:
    old = Site(tmp_path).prepare()
    before = public_data(old)
    copy = tmp_path / "copy.sqlite3"
    with old:
        source, target = sqlite3.connect(tmp_path / "rows.sqlite3"), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
    new = Site(tmp_path, DATABASE_URL=f"sqlite:///{copy}")
    assert "No migrations to apply" in new.manage("migrate")
    assert public_data(new) == before
