"""Rows by a query that is written out: for the few that every request asks."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def fetch(query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows, straight from the driver: Django's cursor costs more than such a query does.

    Values stand as `%s`. Raises Django's errors. Where queries are counted or wrapped, Django's
    cursor runs it after all.
    """
    here = connections[DEFAULT_DB_ALIAS]  # looked up once: each way through a proxy costs
    here.close_if_health_check_failed()
    here.ensure_connection()
    if here.queries_logged or here.execute_wrappers:
        with here.cursor() as cursor:
            cursor.execute(query, values)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
    driver: Any = here.connection
    with here.wrap_database_errors:
        written = _with_question_marks(query) if here.vendor == "sqlite" else query
        rows: list[tuple[Any, ...]] = driver.execute(written, values).fetchall()
        return rows


@lru_cache(maxsize=64)
def _with_question_marks(query: str) -> str:
    return query.replace("%s", "?")
