"""Database triggers that raise `Person.response_version` when a page of that person may change.

Triggers instead of signals, because they see bulk queries too, and processes of an older version.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_IN_LIST = "uid IN (SELECT person_id FROM participants_participation listed WHERE {where})"
# What people may read depends on all workshops: a change concerns everybody who has a page.
_HAS_LINK = "uid IN (SELECT person_id FROM participants_personallink)"

# Tables, with the people whom a change of one row concerns; {row} is its old or its new state.
_CONCERNED = {
    "participants_participation": "uid = {row}.person_id",
    "participants_historicalparticipation": "uid = {row}.person_id",
    "participants_sessionreply": _IN_LIST.format(where="listed.uid = {row}.participation_id"),
    "participants_personallink": "uid = {row}.person_id",
    "sessions_app_session": _IN_LIST.format(where="listed.workshop_id = {row}.workshop_id"),
    "workshop_workshop": _HAS_LINK,
}
# An organiser edits many sessions; before they are published a page shows only which still exist.
_UPDATES = {
    "sessions_app_session": "OLD.workshop_id <> NEW.workshop_id"
    " OR (OLD.dropped_at IS NULL) <> (NEW.dropped_at IS NULL)"
}
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def create(using: str, **_signal: Any) -> None:
    """Create or replace all triggers, after each migration; drop them where the column is gone."""
    database = connections[using]
    if not _has_counter(database):
        _drop(database)
        return
    for table, operation, statement in _triggers():
        name = _name(table, operation)
        trigger = f"TRIGGER {name} AFTER {operation} ON {table} FOR EACH ROW"
        with transaction.atomic(using), database.cursor() as cursor:
            if database.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE {trigger} BEGIN {statement}; END")
            else:
                function = f"FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
                body = f"BEGIN {statement}; RETURN NULL; END"
                cursor.execute(f"CREATE OR REPLACE {function} AS $${body}$$")
                cursor.execute(f"CREATE OR REPLACE {trigger} EXECUTE FUNCTION {name}()")


def drop_before_migration(using: str, plan: list[Any], **_signal: Any) -> None:
    """Drop the triggers in SQLite, which cannot copy a table that a trigger names."""
    database = connections[using]
    if plan and database.vendor == "sqlite":
        _drop(database)


def _triggers() -> Iterator[tuple[str, str, str]]:
    """Table, operation and statement of each trigger."""
    raised = "UPDATE participants_person SET response_version"
    for table, concerned in _CONCERNED.items():
        for operation, rows in _ROWS.items():
            people = " OR ".join(dict.fromkeys(concerned.format(row=row) for row in rows))
            changed = _UPDATES.get(table, "TRUE") if operation == "UPDATE" else "TRUE"
            statement = f"{raised} = response_version + 1 WHERE ({people}) AND ({changed})"
            yield table, operation, statement
    # A save writes the counter as it was when the row was read: it must never go back.
    is_stale = "uid = NEW.uid AND response_version <= OLD.response_version"
    yield "participants_person", "UPDATE", f"{raised} = OLD.response_version + 1 WHERE {is_stale}"


def _drop(database: BaseDatabaseWrapper) -> None:
    with database.cursor() as cursor:
        for table, operation, _statement in _triggers():
            name = _name(table, operation)
            is_sqlite = database.vendor == "sqlite"
            what = (
                f"TRIGGER IF EXISTS {name}" if is_sqlite else f"FUNCTION IF EXISTS {name} CASCADE"
            )
            cursor.execute(f"DROP {what}")


def _name(table: str, operation: str) -> str:
    return f"{table}_{operation.lower()}_raises_version"


def _has_counter(database: BaseDatabaseWrapper) -> bool:
    with database.cursor() as cursor:
        if "participants_person" not in database.introspection.table_names(cursor):
            return False
        columns = database.introspection.get_table_description(cursor, "participants_person")
    return any(column.name == "response_version" for column in columns)
