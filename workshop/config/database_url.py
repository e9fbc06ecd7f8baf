"""Where the rows are kept, in one line of the environment: DATABASE_URL, or a SQLite file."""

import re
from pathlib import Path
from typing import Any

import dj_database_url

SQLITE = {
    # A writer takes its lock at once: only then does the busy timeout help it.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# Seconds until a database that does not answer counts as gone.
PATIENCE = 2
POOL = "1-4"


def read(url: str, *, file: Path | str, pool: str = "") -> dict[str, Any]:
    """Django's settings for `postgres://user:password@host/name` or `sqlite:///file`.

    An empty URL is the SQLite `file`. `pool` is the fewest and the most connections that a web
    process keeps, `1-4`; `0` keeps one without a pool. The URL's own `?pool=` comes first.
    Raises ValueError, which does not repeat the password.
    """
    if not url:
        return _sqlite(file)
    try:
        database: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as problem:
        raise ValueError(f"DATABASE_URL cannot be read: {problem}") from None
    match database["ENGINE"]:
        case "django.db.backends.sqlite3":
            return _sqlite(database["NAME"])
        case "django.db.backends.postgresql":
            return _postgresql(database, pool)
    raise ValueError("DATABASE_URL begins with postgres: or sqlite:.")


def _sqlite(file: Path | str) -> dict[str, Any]:
    """The connection stays open between requests: opening the file costs more than a query."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {**SQLITE},
        "CONN_MAX_AGE": None,
    }


def _postgresql(database: dict[str, Any], pool: str) -> dict[str, Any]:
    """A connection is tried before it is used, so a database that was started again is back."""
    options = {"connect_timeout": PATIENCE, **database.get("OPTIONS", {})}
    said = str(options.pop("pool", pool or POOL))
    database |= {"OPTIONS": options, "CONN_HEALTH_CHECKS": True}
    if said == "0":
        return database | {"CONN_MAX_AGE": None}
    sizes = re.fullmatch(r"(\d{1,3})-(\d{1,3})", said)
    if sizes is None or not 0 < int(sizes[2]) >= int(sizes[1]):
        raise ValueError(f"A pool of connections is told by two numbers, {POOL}, or 0 for none.")
    options["pool"] = {
        "min_size": int(sizes[1]),
        "max_size": int(sizes[2]),
        "timeout": PATIENCE,
        # Given up soon and begun anew, or the pauses between attempts would grow to minutes.
        "reconnect_timeout": 1,
    }
    return database
