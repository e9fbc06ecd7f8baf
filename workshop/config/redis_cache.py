"""Redis as a cache that may be gone: then everything works as without it, only slower."""

import logging
import re
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.core.cache.backends import redis as django
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
Value = TypeVar("Value")

PATIENCE = 0.3  # seconds for Redis to answer
PAUSE = 5.0  # seconds in which Redis is left alone after it did not
GONE = (RedisError, OSError)

# Until when each Redis is left alone; one for all threads and caches of this process.
_left_alone: dict[str, float] = {}


class RedisCache(django.RedisCache):
    """Django's, for which a Redis that does not answer has nothing and keeps nothing.

    `clear` alone raises: who empties a cache must know that it is empty.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            # Once more and at once: a connection that Redis has closed meanwhile is made anew.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, {**params, "OPTIONS": options | params.get("OPTIONS", {})})
        self._server = server

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._tried(lambda: super(RedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._tried(lambda: super(RedisCache, self).get_many(keys, version), {})

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._tried(lambda: super(RedisCache, self).has_key(key, version), False)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._tried(lambda: super(RedisCache, self).set(key, value, timeout, version), None)

    def set_many(
        self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        keep = super().set_many
        return self._tried(lambda: keep(data, timeout, version), list(data))

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._tried(lambda: super(RedisCache, self).add(key, value, timeout, version), False)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._tried(lambda: super(RedisCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._tried(lambda: super(RedisCache, self).delete(key, version), False)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._tried(lambda: super(RedisCache, self).delete_many(keys, version), None)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where there is nothing to add to, as Django's others do."""
        count = self._tried(lambda: super(RedisCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError(f"There is nothing under {key!r}.")
        return count

    def clear(self) -> None:
        """Forget what this cache keeps, and nothing else that lies in the same Redis."""
        client = self._cache.get_client(write=True)
        own = re.sub(r"([*?\[\]\\])", r"\\\1", self.key_prefix)
        for key in client.scan_iter(match=f"{own}:*", count=1000):
            client.delete(key)

    def answers(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(self._cache.get_client().ping())
        except GONE:
            return False

    def _tried(self, do: Callable[[], Value], otherwise: Value) -> Value:
        if monotonic() < _left_alone.get(self._server, 0):
            return otherwise
        try:
            return do()
        except GONE as problem:
            _left_alone[self._server] = monotonic() + PAUSE
            logger.warning("no cache (%s); doing without it", type(problem).__name__)
            return otherwise
