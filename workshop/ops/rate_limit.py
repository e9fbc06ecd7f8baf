"""Rate limits: fixed-window counters in the cache that all processes share."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches


@dataclass(frozen=True, slots=True)
class RateLimit:
    """A maximum number of attempts for each key in a fixed window of `seconds`.

    The count is raised atomically, so that simultaneous attempts count separately: with Redis over
    all machines, without it over all processes of this one. Everything is allowed while the cache
    is down.
    """

    name: str
    maximum: int
    seconds: int = 600

    def wait(self, key: object, now: datetime) -> int:
        """Seconds until the next window if the maximum is reached, else 0; counts nothing."""
        count: int = caches["shared"].get(self._counter(key, now), 0)
        return self._seconds_left(now) if count >= self.maximum else 0

    def attempt(self, key: object, now: datetime) -> int:
        """Count an attempt; 0 if it is allowed, else the seconds until the next window."""
        cache, counter = caches["shared"], self._counter(key, now)
        cache.add(counter, 0, 2 * self.seconds)
        try:
            count = cache.incr(counter)
        except ValueError:  # the cache is down
            return 0
        return self._seconds_left(now) if count > self.maximum else 0

    def _counter(self, key: object, now: datetime) -> str:
        return f"limit:{self.name}:{int(now.timestamp()) // self.seconds}:{key}"

    def _seconds_left(self, now: datetime) -> int:
        return self.seconds - int(now.timestamp()) % self.seconds
