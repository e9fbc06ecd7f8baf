"""A name that one process of a machine works under, until it leaves it or dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class NameTaken(Exception):
    """Another process works under this name."""


@contextmanager
def holding(name: str) -> Iterator[None]:
    """Work under a name, which nobody else on this machine can until this is left, or dies.

    Raises NameTaken.
    """
    folder = Path(settings.VAR) / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise NameTaken(name) from taken
        yield
