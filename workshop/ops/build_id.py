"""Which code this is: a name that changes with whatever may change what the site draws."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

ROOMS = ("workshop", "participants", "sessions_app", "templates", "static", "locale")
# What the environment decides of what is drawn.
SETTINGS = ("DEFAULT_FROM_EMAIL", "STATIC_URL", "HTTPS", "SITE")


@lru_cache(maxsize=1)
def name() -> str:
    """The same for the same files, parts and settings, on any machine: 16 hexadecimal digits."""
    told = hashlib.sha256()
    root: Path = settings.BASE_DIR
    files = [root / "requirements.txt"]
    for room in ROOMS:
        files += (each for each in (root / room).rglob("*") if _decides(each))
    for file in sorted(files):
        told.update(str(file.relative_to(root)).encode() + b"\0")
        told.update(hashlib.sha256(file.read_bytes()).digest())
    for setting in SETTINGS:
        told.update(repr(getattr(settings, setting)).encode() + b"\0")
    return told.hexdigest()[:16]


def _decides(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc" and not file.name.startswith(".")
