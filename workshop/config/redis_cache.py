"""Redis cache backend that survives an outage: while Redis is down, every read is a miss."""

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

ANSWER_TIMEOUT = 0.3  # seconds for Redis to answer
PAUSE = 5.0  # seconds without requests to Redis after an error
CONNECTION_ERRORS = (RedisError, OSError)

# End of the pause by server (monotonic time), for all threads and caches of this process.
_paused_until: dict[str, float] = {}


class RedisCache(django.RedisCache):
    """Django's Redis backend without errors on an outage: nothing is found and nothing is stored.

    Only `clear` raises: its caller must know that the cache is empty.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": ANSWER_TIMEOUT,
            "socket_timeout": ANSWER_TIMEOUT,
            # One retry without a pause: it reopens a connection that Redis closed when idle.
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, {**params, "OPTIONS": options | params.get("OPTIONS", {})})
        self._server = server

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._call(lambda: super(RedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._call(lambda: super(RedisCache, self).get_many(keys, version), {})

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._call(lambda: super(RedisCache, self).has_key(key, version), False)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._call(lambda: super(RedisCache, self).set(key, value, timeout, version), None)

    def set_many(
        self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        set_many = super().set_many
        return self._call(lambda: set_many(data, timeout, version), list(data))

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return self._call(lambda: super(RedisCache, self).add(key, value, timeout, version), False)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._call(lambda: super(RedisCache, self).touch(key, timeout, version), False)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._call(lambda: super(RedisCache, self).delete(key, version), False)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._call(lambda: super(RedisCache, self).delete_many(keys, version), None)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a counter; raises ValueError for a missing key, as Django's other backends do."""
        count = self._call(lambda: super(RedisCache, self).incr(key, delta, version), None)
        if count is None:
            raise ValueError(f"There is no key {key!r}.")
        return count

    def clear(self) -> None:
        """Delete the keys of this cache only: other caches use the same Redis."""
        client = self._cache.get_client(write=True)
        prefix = re.sub(r"([*?\[\]\\])", r"\\\1", self.key_prefix)
        for key in client.scan_iter(match=f"{prefix}:*", count=1000):
            client.delete(key)

    def is_reachable(self) -> bool:
        """Whether Redis answers now."""
        try:
            return bool(self._cache.get_client().ping())
        except CONNECTION_ERRORS:
            return False

    def _call(self, operation: Callable[[], Value], fallback: Value) -> Value:
        if monotonic() < _paused_until.get(self._server, 0):
            return fallback
        try:
            return operation()
        except CONNECTION_ERRORS as error:
            _paused_until[self._server] = monotonic() + PAUSE
            logger.warning("no cache (%s); continuing without it", type(error).__name__)
            return fallback
