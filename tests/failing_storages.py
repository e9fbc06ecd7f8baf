"""Storages that fail: a full disk, and one that cannot list its files."""

import errno
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

from workshop.config.atomic_storage import AtomicFileStorage


class FullDiskStorage(AtomicFileStorage):
    """Storage that raises ENOSPC after the first bytes of a file."""

    def _save(self, name: str, content: Any) -> str:
        class Large(ContentFile):  # type: ignore[type-arg]
            def chunks(self, *_size: int) -> Iterator[bytes]:
                yield content.read(100)
                raise OSError(errno.ENOSPC, "No space left on device")

        return super()._save(name, Large(b""))


class UnlistableStorage(AtomicFileStorage):
    """Storage that reads and writes files but refuses to list them."""

    def listdir(self, path: str) -> Any:
        raise PermissionError(path)
