"""Keeps a list between its preview and the button that brings it in: an hour, for one account.

It lies in the table of web sessions, under a key that only the account's own session knows: shared
by all processes, signed, gone with its hour.
"""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session

from participants.lists.importer import Asked
from participants.lists.parsing.tables import Line, Table
from workshop.models import Event

FOR = timedelta(hours=1)
KEPT = "list"  # its place in the account's own session


def keep(session: SessionBase, event: Event, name: str, asked: Asked) -> None:
    """Keep a list, in place of the one that waits already."""
    forget(session)
    store = _store()
    store.clear_expired()
    store.update(_data(asked))
    store.set_expiry(FOR)
    store.create()
    session[KEPT] = {"key": store.session_key, "event": str(event.pk), "name": name}


def waiting(session: SessionBase, event: Event) -> tuple[str, Asked] | None:
    """The name of the file that waits for this event, and its list."""
    kept = session.get(KEPT)
    if not kept or kept["event"] != str(event.pk):
        return None
    found = _asked(dict(_store(kept["key"]).items()))
    return None if found is None else (kept["name"], found)


def forget(session: SessionBase) -> None:
    kept = session.pop(KEPT, None)
    if kept:
        _store(kept["key"]).delete()


def forget_all() -> None:
    """Delete every list that waits, whoever brought it: somebody in it may have been erased."""
    for row in Session.objects.all().iterator():
        if "lines" in row.get_decoded():
            row.delete()


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def _data(asked: Asked) -> dict[str, Any]:
    return {
        "workshop": str(asked.workshop),
        "role": asked.role,
        "notes": asked.table.notes,
        "lines": [[line.number, *line.cells] for line in asked.table.lines],
    }


def _asked(data: dict[str, Any]) -> Asked | None:
    if "lines" not in data:
        return None
    lines = tuple(Line(number, tuple(cells)) for number, *cells in data["lines"])
    table = Table(lines, tuple(data["notes"]))
    return Asked(table, UUID(data["workshop"]), data["role"])
