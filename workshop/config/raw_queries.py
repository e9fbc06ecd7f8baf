"""Raw SQL without Django's cursor wrappers, for the few queries that every request makes."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def fetch(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows, from the driver itself: Django's cursor costs more than such a query.

    Placeholders are `%s`. Raises Django's database errors. Where queries are logged or wrapped
    (tests, debugging), Django's cursor runs the query.
    """
    database = connections[DEFAULT_DB_ALIAS]  # once: each access through the proxy costs time
    database.close_if_health_check_failed()
    database.ensure_connection()
    if database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(query, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows
    driver: Any = database.connection
    with database.wrap_database_errors:
        sql = _with_question_marks(query) if database.vendor == "sqlite" else query
        fetched: list[tuple[Any, ...]] = driver.execute(sql, values).fetchall()
        return fetched


@lru_cache(maxsize=64)
def _with_question_marks(query: str) -> str:
    return query.replace("%s", "?")
