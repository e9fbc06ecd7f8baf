"""Papers are set once and kept: by what they say, so that none can be stale or another reader's."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import caches

from sessions_app.renderers import pdf
from sessions_app.renderers.papers import Paper

LOCKS = 64


def name_of(paper: Paper) -> str:
    """A name for all that the file will hold; papers that say the same have the same."""
    told = hashlib.sha256(_setting())
    told.update(paper.html.encode())
    for attachment in paper.attachments:
        told.update(attachment.content)
    return told.hexdigest()


def written(paper: Paper) -> bytes:
    """The paper as PDF, from the store or set now. Raises pdf.PaperFailed.

    However many ask at once, one sets it and the others wait.
    """
    name, store = name_of(paper), caches["papers"]
    kept: bytes | None = store.get(name)
    if kept is not None:
        return kept
    with _turn(name):
        kept = store.get(name)
        if kept is None:
            kept = pdf.write(paper.html, archived=paper.archived, attachments=paper.attachments)
            store.set(name, kept)
    return kept


@contextmanager
def _turn(name: str) -> Iterator[None]:
    """One at a time for each paper, over all processes; a killed process gives its turn up."""
    folder = Path(settings.VAR) / "papers"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"lock-{int(name[:8], 16) % LOCKS}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@lru_cache(maxsize=1)
def _setting() -> bytes:
    """What else decides how a paper looks: the style sheets and the faces."""
    told = hashlib.sha256()
    for style in pdf.STYLES:
        told.update(pdf.style(style).encode())
    for face in pdf.FACES:
        told.update(str(face.file.stat().st_size).encode())
    return told.digest()
