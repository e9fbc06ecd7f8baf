"""Cache of one machine: a SQLite file for all processes, with atomic counters."""

from typing import Any

from diskcache import DjangoCache


class LocalCache(DjangoCache):
    """The library's cache; its file stays open between requests, since opening it is slow."""

    def add(self, *arguments: Any, **options: Any) -> bool:
        """As the library, but False, not another try for ever, if the file cannot be written."""
        return bool(super().add(*arguments, retry=False, **options))

    def incr(self, *arguments: Any, **options: Any) -> int:
        """As the library, but ValueError, as Django's, if the file cannot be written."""
        count = super().incr(*arguments, retry=False, **options)
        if count is None:
            raise ValueError("The cache cannot be written.")
        return int(count)

    def close(self, **options: Any) -> None:
        """Do nothing; Django calls this at the end of each request."""
