"""DATABASE_URL parsing: settings of each database, and the messages of errors."""

import pytest

from workshop.config import database_url


def test_empty_url_is_a_sqlite_file_with_persistent_connections() -> None:
    expected = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "rows.sqlite3",
        "OPTIONS": database_url.SQLITE,
        "CONN_MAX_AGE": None,
    }
    assert database_url.parse("", file="rows.sqlite3") == expected
    assert database_url.parse("sqlite:///rows.sqlite3", file="other") == expected


@pytest.mark.parametrize(
    ("url", "pool"),
    [
        ("postgres://me:p%40ss@db:5433/rows", "2-9"),
        ("postgres://me:p%40ss@db:5433/rows?pool=2-9", ""),
    ],
)
def test_postgresql_has_a_pool_with_health_checks(url: str, pool: str) -> None:
    database = database_url.parse(url, file="", pool=pool)
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "rows")
    assert (database["USER"], database["PASSWORD"], database["CONN_HEALTH_CHECKS"]) == (
        "me",
        "p@ss",
        True,
    )
    assert database["OPTIONS"] == {
        "connect_timeout": 2,
        "pool": {"min_size": 2, "max_size": 9, "timeout": 2, "reconnect_timeout": 1},
    }


@pytest.mark.parametrize(
    ("url", "pool"), [("postgres://db/rows", "0"), ("postgres://db/rows?pool=0", "1-4")]
)
def test_pool_can_be_switched_off(url: str, pool: str) -> None:
    database = database_url.parse(url, file="", pool=pool)
    assert (database["CONN_MAX_AGE"], database["OPTIONS"]) == (None, {"connect_timeout": 2})


@pytest.mark.parametrize(
    ("url", "pool", "message"),
    [
        ("mysql://me:secret@db/rows", "", "begin with postgres: or sqlite:"),
        ("postgres://me:se/cret@db/rows", "", "cannot be read"),
        ("nonsense", "", "cannot be read"),
        ("postgres://db/rows", "4-1", "two numbers, 1-4"),
        ("postgres://db/rows", "many", "two numbers, 1-4"),
    ],
)
def test_error_message_contains_no_password(url: str, pool: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        database_url.parse(url, file="", pool=pool)
    assert "cret" not in str(error.value)
