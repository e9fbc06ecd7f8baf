"""Cache of one machine: a SQLite file for all processes, with atomic counters."""

from typing import Any

from diskcache import DjangoCache


class LocalCache(DjangoCache):
    """The library's cache; its file stays open between requests, since opening it is slow."""

    def close(self, **options: Any) -> None:
        """Do nothing; Django calls this at the end of each request."""
