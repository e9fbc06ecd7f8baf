"""Build ID: a hash of the code, templates and settings that decide what the site renders."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

FOLDERS = ("workshop", "participants", "sessions_app", "templates", "static", "locale")
# Settings from the environment that change rendered pages.
SETTINGS = ("DEFAULT_FROM_EMAIL", "STATIC_URL", "HTTPS", "SITE")


@lru_cache(maxsize=1)
def current() -> str:
    """Build ID of this process, equal on all machines with the same code: 16 hex digits."""
    digest = hashlib.sha256()
    root: Path = settings.BASE_DIR
    files = [root / "requirements.txt"]
    for folder in FOLDERS:
        files += filter(_is_source_file, (root / folder).rglob("*"))
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for setting in SETTINGS:
        digest.update(repr(getattr(settings, setting)).encode() + b"\0")
    return digest.hexdigest()[:16]


def _is_source_file(file: Path) -> bool:
    return file.is_file() and file.suffix != ".pyc" and not file.name.startswith(".")
