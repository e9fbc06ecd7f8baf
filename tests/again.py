"""The rows of the real programme, put back as they were after it was loaded once.

Loading takes a quarter of a second and most tests begin with it; putting rows back takes a
twentieth of that.
"""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

APPS = ("workshop", "participants", "sessions_app")
Rows = dict[str, list[tuple[Any, ...]]]


def taken() -> Rows:
    """Every row of the project's own tables, by table; none where PostgreSQL counts keys apart."""
    if connection.vendor != "sqlite":
        return {}
    return {table: _rows(table) for table in _tables()}


def put(rows: Rows) -> None:
    """Write them into tables that are empty."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, found in rows.items():
            if found:
                places = ", ".join(["%s"] * len(found[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({places})", found)  # noqa: S608


def _tables() -> list[str]:
    models = (model for app in APPS for model in apps.get_app_config(app).get_models())
    return [model._meta.db_table for model in models]


def _rows(table: str) -> list[tuple[Any, ...]]:
    """As the file holds them, unread by Django."""
    found = connection.connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    return [tuple(_written(value) for value in row) for row in found]


def _written(value: Any) -> Any:
    return value.isoformat(sep=" ") if hasattr(value, "isoformat") else value
