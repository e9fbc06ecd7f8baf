"""Storages that fail: one that is full after the first bytes of a file, one that lists nothing."""

import errno
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

from workshop.config.atomic_storage import WholeFiles


class FullDisk(WholeFiles):
    def _save(self, name: str, content: Any) -> str:
        class Large(ContentFile):  # type: ignore[type-arg]
            def chunks(self, *_size: int) -> Iterator[bytes]:
                yield content.read(100)
                raise OSError(errno.ENOSPC, "No space left on device")

        return super()._save(name, Large(b""))


class Unlisted(WholeFiles):
    """A place that takes and gives files, and tells nobody which it has."""

    def listdir(self, path: str) -> Any:
        raise PermissionError(path)
