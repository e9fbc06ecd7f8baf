"""What `migrate` and `check --database default` say of a database that would sort otherwise."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections


@register(Tags.database)
def sorts_by_character(databases: Sequence[str] | None = None, **_rest: Any) -> list[CheckMessage]:
    """Names are made sortable before they are kept; a language's own order would undo that."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            if connections[alias].vendor != "postgresql":
                continue
            cursor.execute("SELECT datcollate FROM pg_database WHERE datname = current_database()")
            order = cursor.fetchone()[0]
        if order not in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
            found.append(
                Warning(
                    f"The database sorts as “{order}” does, so lists of names are in another "
                    "order than elsewhere.",
                    hint="Make it anew: createdb --template=template0 --locale=C.UTF-8 NAME",
                    id="workshop.W001",
                )
            )
    return found
