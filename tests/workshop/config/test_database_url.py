"""DATABASE_URL becomes Django's settings, or a sentence that says what is wrong with it."""

import pytest

from workshop.config import database_url


def test_without_an_address_it_is_a_sqlite_file_that_stays_open() -> None:
    expected = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "rows.sqlite3",
        "OPTIONS": database_url.SQLITE,
        "CONN_MAX_AGE": None,
    }
    assert database_url.read("", file="rows.sqlite3") == expected
    assert database_url.read("sqlite:///rows.sqlite3", file="other") == expected


@pytest.mark.parametrize(
    ("url", "pool"),
    [
        ("postgres://me:p%40ss@db:5433/rows", "2-9"),
        ("postgres://me:p%40ss@db:5433/rows?pool=2-9", ""),
    ],
)
def test_postgresql_has_a_pool_that_tries_its_connections(url: str, pool: str) -> None:
    read = database_url.read(url, file="", pool=pool)
    assert (read["HOST"], read["PORT"], read["NAME"]) == ("db", 5433, "rows")
    assert (read["USER"], read["PASSWORD"], read["CONN_HEALTH_CHECKS"]) == ("me", "p@ss", True)
    assert read["OPTIONS"] == {
        "connect_timeout": 2,
        "pool": {"min_size": 2, "max_size": 9, "timeout": 2, "reconnect_timeout": 1},
    }


@pytest.mark.parametrize(
    ("url", "pool"), [("postgres://db/rows", "0"), ("postgres://db/rows?pool=0", "1-4")]
)
def test_pool_can_be_left_to_somebody_else(url: str, pool: str) -> None:
    read = database_url.read(url, file="", pool=pool)
    assert (read["CONN_MAX_AGE"], read["OPTIONS"]) == (None, {"connect_timeout": 2})


@pytest.mark.parametrize(
    ("url", "pool", "said"),
    [
        ("mysql://me:secret@db/rows", "", "begins with postgres: or sqlite:"),
        ("postgres://me:se/cret@db/rows", "", "cannot be read"),
        ("nonsense", "", "cannot be read"),
        ("postgres://db/rows", "4-1", "two numbers, 1-4"),
        ("postgres://db/rows", "many", "two numbers, 1-4"),
    ],
)
def test_what_cannot_be_read_is_told_without_the_password(url: str, pool: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        database_url.read(url, file="", pool=pool)
    assert "cret" not in str(told.value)
