"""Rows by a query that is written out: for the few that every request asks."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection


def fetch(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows, straight from the driver: Django's cursor costs more than such a query does.

    Values stand as `%s`. Raises Django's errors. Where queries are counted or wrapped, Django's
    cursor runs it after all.
    """
    connection.ensure_connection()
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
    driver: Any = connection.connection
    with connection.wrap_database_errors:
        written = _with_question_marks(query) if connection.vendor == "sqlite" else query
        rows: list[tuple[Any, ...]] = driver.execute(written, values).fetchall()
        return rows


@lru_cache(maxsize=64)
def _with_question_marks(query: str) -> str:
    return query.replace("%s", "?")
