"""Django system check of the database's collation."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections


@register(Tags.database)
def check_collation(databases: Sequence[str] | None = None, **_rest: Any) -> list[CheckMessage]:
    """Warn if PostgreSQL sorts by a language: stored sort names need code point order."""
    warnings: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor != "postgresql":
                continue
            cursor.execute("SELECT datcollate FROM pg_database WHERE datname = current_database()")
            collation = cursor.fetchone()[0]
        if collation not in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
            warnings.append(
                Warning(
                    f"The collation of the database is “{collation}”, so lists of names are sorted "
                    "differently from SQLite.",
                    hint="Recreate it: createdb --template=template0 --locale=C.UTF-8 NAME",
                    id="workshop.W001",
                )
            )
    return warnings
