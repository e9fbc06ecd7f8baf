"""Files that are there whole or not at all, whatever happens while they are written."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

UNFINISHED = ".part"


class WholeFiles(FileSystemStorage):
    """Django's files in a folder; a name that exists is written over, and only we may read it."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        del max_length
        return name

    def _save(self, name: str, content: "File[Any]") -> str:
        """Written beside its place under another name, then moved there. Raises OSError."""
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, written = tempfile.mkstemp(dir=place.parent, suffix=UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(written).replace(place)
        except BaseException:
            Path(written).unlink(missing_ok=True)
            raise
        return name
