"""CACHE_URL parsing, and the Redis cache during an outage."""

import socket
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from workshop.config import cache_url, redis_cache


def test_empty_url_is_a_file_on_this_machine() -> None:
    caches = cache_url.parse("", folder=Path("shared"), site="")
    assert {name: cache["BACKEND"].rpartition(".")[2] for name, cache in caches.items()} == {
        "default": "LocMemCache",
        "shared": "LocalCache",
        "responses": "DummyCache",
    }


def test_sites_and_caches_have_different_prefixes_in_one_redis() -> None:
    sites = [cache_url.parse("redis://r/0", folder=Path(), site=name) for name in ("one", "two")]
    assert {cache["LOCATION"] for site in sites for cache in site.values()} == {"redis://r/0"}
    assert len({cache["KEY_PREFIX"] for site in sites for cache in site.values()}) == 6


def test_other_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="begin with redis:"):
        cache_url.parse("memcached://m", folder=Path(), site="")


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Redis cache at a port where nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
    monkeypatch.setattr(redis_cache, "_paused_until", {})
    return redis_cache.RedisCache(server, {})


def test_unreachable_redis_finds_and_stores_nothing(unreachable: Any) -> None:
    assert unreachable.set("a", 1) is None
    assert unreachable.get("a", "nothing") == "nothing"
    assert unreachable.get_many(["a"]) == {}
    assert unreachable.set_many({"a": 1}) == ["a"]
    assert (
        unreachable.add("a", 1),
        unreachable.touch("a"),
        unreachable.delete("a"),
        "a" in unreachable,
    ) == (False,) * 4
    assert unreachable.get_or_set("a", 7) == 7
    assert not unreachable.is_reachable()
    with pytest.raises(ValueError, match="no key"):
        unreachable.incr("a")
    with pytest.raises(redis_cache.CONNECTION_ERRORS):
        unreachable.clear()


def test_unreachable_redis_is_not_asked_again_during_the_pause(
    unreachable: Any, caplog: pytest.LogCaptureFixture
) -> None:
    start = monotonic()
    for _ in range(100):
        unreachable.get("a")
    assert monotonic() - start < 2 * redis_cache.ANSWER_TIMEOUT
    assert [record.getMessage() for record in caplog.records] == [
        "no cache (ConnectionError); continuing without it"
    ]
