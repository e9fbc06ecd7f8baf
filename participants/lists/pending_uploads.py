"""Storage of an uploaded list between its preview and its import: one hour, for one account.

Stored in the table of web sessions, under a key that only the account's own session holds: shared
by all processes, signed, and expired with the hour. The prefix of the key tells them apart.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string

from participants.lists.importer import ImportRequest
from participants.lists.parsing.tables import Table, TableRow
from workshop.config.session_store import SessionStore
from workshop.models import Event

LIFETIME = timedelta(hours=1)
SESSION_KEY = "list"  # in the account's own session
KEY_PREFIX = "uploadedlist"


def save_upload(session: SessionBase, event: Event, name: str, upload: ImportRequest) -> None:
    """Save an uploaded list, replacing the one that is stored already."""
    delete_upload(session)
    store = _UploadStore()
    store.clear_expired()
    store.update(_encode(upload))
    store.set_expiry(LIFETIME)
    store.create()
    session[SESSION_KEY] = {"key": store.session_key, "event": str(event.pk), "name": name}


def get_upload(session: SessionBase, event: Event) -> tuple[str, ImportRequest] | None:
    """The file name and the list uploaded for this event."""
    reference = session.get(SESSION_KEY)
    if not reference or reference["event"] != str(event.pk):
        return None
    upload = _decode(dict(_UploadStore(reference["key"]).items()))
    return None if upload is None else (reference["name"], upload)


def delete_upload(session: SessionBase) -> None:
    reference = session.pop(SESSION_KEY, None)
    if reference:
        _UploadStore(reference["key"]).delete()


def delete_all_uploads() -> None:
    """Delete all stored lists of all accounts: a person in them may have been erased."""
    Session.objects.filter(session_key__startswith=KEY_PREFIX).delete()


class _UploadStore(SessionStore):
    def _get_new_session_key(self) -> str:
        return KEY_PREFIX + get_random_string(20)


def _encode(upload: ImportRequest) -> dict[str, Any]:
    return {
        "workshop": str(upload.workshop),
        "role": upload.role,
        "notes": upload.table.notes,
        "lines": [[row.number, *row.cells] for row in upload.table.rows],
    }


def _decode(data: dict[str, Any]) -> ImportRequest | None:
    if "lines" not in data:
        return None
    rows = tuple(TableRow(number, tuple(cells)) for number, *cells in data["lines"])
    table = Table(rows, tuple(data["notes"]))
    return ImportRequest(table, UUID(data["workshop"]), data["role"])
