"""DATABASE_URL as Django's DATABASES setting: PostgreSQL, or a SQLite file."""

import re
from pathlib import Path
from typing import Any

import dj_database_url

SQLITE = {
    # A writer takes its lock when it begins: the busy timeout has no effect on a later upgrade.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
# Seconds until a database that does not answer counts as unreachable.
CONNECT_TIMEOUT = 2
DEFAULT_POOL = "1-4"


def parse(url: str, *, file: Path | str, pool: str = "") -> dict[str, Any]:
    """A DATABASES entry for `postgres://user:password@host/name` or `sqlite:///file`.

    An empty URL is the SQLite `file`. `pool` is the minimum and maximum number of connections
    of a web process, `1-4`; `0` is one connection without a pool. The URL's own `?pool=` wins.
    Raises ValueError, whose message never contains the password.
    """
    if not url:
        return _sqlite(file)
    try:
        database: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        raise ValueError(f"DATABASE_URL cannot be read: {error}") from None
    match database["ENGINE"]:
        case "django.db.backends.sqlite3":
            return _sqlite(database["NAME"])
        case "django.db.backends.postgresql":
            return _postgresql(database, pool)
    raise ValueError("DATABASE_URL must begin with postgres: or sqlite:.")


def _sqlite(file: Path | str) -> dict[str, Any]:
    """SQLite with persistent connections: opening the file costs more than a query."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {**SQLITE},
        "CONN_MAX_AGE": None,
    }


def _postgresql(database: dict[str, Any], pool: str) -> dict[str, Any]:
    """PostgreSQL with health checks, so that requests survive a restart of the database."""
    options = {"connect_timeout": CONNECT_TIMEOUT, **database.get("OPTIONS", {})}
    pool_size = str(options.pop("pool", pool or DEFAULT_POOL))
    database |= {"OPTIONS": options, "CONN_HEALTH_CHECKS": True}
    if pool_size == "0":
        return database | {"CONN_MAX_AGE": None}
    sizes = re.fullmatch(r"(\d{1,3})-(\d{1,3})", pool_size)
    if sizes is None or not 0 < int(sizes[2]) >= int(sizes[1]):
        raise ValueError(
            f"A pool of connections is written as two numbers, {DEFAULT_POOL}, or 0 for none."
        )
    options["pool"] = {
        "min_size": int(sizes[1]),
        "max_size": int(sizes[2]),
        "timeout": CONNECT_TIMEOUT,
        # A short limit: the pauses between attempts would grow to minutes.
        "reconnect_timeout": 1,
    }
    return database
