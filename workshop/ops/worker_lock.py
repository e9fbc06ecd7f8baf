"""Lock file that lets one process of a machine work under a name."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


class NameTaken(Exception):
    """Another process of this machine holds the lock of this name."""


@contextmanager
def worker_lock(name: str) -> Iterator[None]:
    """Hold the lock of a name; the system releases it when the process ends or dies.

    Raises NameTaken.
    """
    folder = Path(settings.VAR) / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NameTaken(name) from error
        yield
