"""CACHE_URL becomes Django's settings, and a Redis that is gone counts as empty."""

import socket
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from workshop.config import cache_url, redis_cache


def test_without_an_address_it_is_this_machine() -> None:
    read = cache_url.read("", folder=Path("shared"), site="")
    assert {name: each["BACKEND"].rpartition(".")[2] for name, each in read.items()} == {
        "default": "LocMemCache",
        "shared": "FileBasedCache",
        "ready": "DummyCache",
    }


def test_sites_and_uses_are_told_apart_in_one_redis() -> None:
    sites = [cache_url.read("redis://r/0", folder=Path(), site=each) for each in ("one", "two")]
    assert {each["LOCATION"] for site in sites for each in site.values()} == {"redis://r/0"}
    assert len({each["KEY_PREFIX"] for site in sites for each in site.values()}) == 6


def test_address_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with redis:"):
        cache_url.read("memcached://m", folder=Path(), site="")


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Redis at an address where nothing listens, as no other test has it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
    monkeypatch.setattr(redis_cache, "_left_alone", {})
    return redis_cache.RedisCache(server, {})


def test_redis_that_is_gone_has_nothing_and_keeps_nothing(gone: Any) -> None:
    assert gone.set("a", 1) is None
    assert gone.get("a", "nothing") == "nothing"
    assert gone.get_many(["a"]) == {}
    assert gone.set_many({"a": 1}) == ["a"]
    assert (gone.add("a", 1), gone.touch("a"), gone.delete("a"), "a" in gone) == (False,) * 4
    assert gone.get_or_set("a", 7) == 7
    assert not gone.answers()
    with pytest.raises(ValueError, match="nothing under"):
        gone.incr("a")
    with pytest.raises(redis_cache.GONE):
        gone.clear()


def test_redis_that_is_gone_is_left_alone_for_a_while(
    gone: Any, caplog: pytest.LogCaptureFixture
) -> None:
    start = monotonic()
    for _ in range(100):
        gone.get("a")
    assert monotonic() - start < 2 * redis_cache.PATIENCE
    assert [record.getMessage() for record in caplog.records] == [
        "no cache (ConnectionError); doing without it"
    ]
