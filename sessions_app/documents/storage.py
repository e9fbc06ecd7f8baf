"""Papers are set once and kept: by what they say, so that none can be stale or another reader's."""

import errno
import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import lru_cache, partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone

from sessions_app.documents import job_queue
from sessions_app.models.pdf_jobs import Printing
from sessions_app.renderers.pdf import engine
from sessions_app.renderers.pdf.documents import Paper
from sessions_app.renderers.pdf.engine import PaperFailed
from sessions_app.renderers.pdf.progress import Told
from workshop.config.atomic_storage import UNFINISHED
from workshop.models import Event

VARIANTS = 500  # kept at most
UNUSED = timedelta(days=30)
LOOK = 0.1  # seconds between two looks at a paper that another sets
PATIENCE = 1.5  # seconds in which a worker takes a paper up, if it has nothing else in hand
LONGEST = 3600.0


class NotKept(RuntimeError):
    """The storage does not take or give a paper; the message says why."""


def name_of(paper: Paper) -> str:
    """A name for all that the file will hold; papers that say the same have the same."""
    told = hashlib.sha256(_setting())
    told.update(paper.html.encode())
    for attachment in paper.attachments:
        told.update(attachment.content)
    return told.hexdigest()


def ask(paper: Paper, *, is_variant: bool = False) -> tuple[Printing, bytes | None]:
    """The row of a paper, and its PDF where it is kept; if not, it waits to be set from now on.

    Raises PaperFailed and NotKept for what went wrong a little while ago.
    """
    name, now = name_of(paper), timezone.now()
    row = job_queue.find(name)
    if row is None:
        with _storing():
            is_kept = storages["papers"].exists(Printing(name=name).path)
        row = job_queue.ask(name=name, paper=paper, is_variant=is_variant, is_kept=is_kept, now=now)
    else:
        job_queue.use(row, paper=paper, is_variant=is_variant, now=now)
    content = kept(row)
    if content is None and row.state == Printing.State.KEPT:
        job_queue.again(row, paper=paper, now=now)
    return row, content


def kept(row: Printing) -> bytes | None:
    """The PDF, None where it is not there. Raises PaperFailed and NotKept for what went wrong."""
    match row.state:
        case Printing.State.FAILED:
            raise PaperFailed(row.error)
        case Printing.State.NOT_KEPT:
            raise NotKept(row.error)
        case Printing.State.KEPT:
            return _content(row)
    return None


def awaited(row: Printing, *, within: float, patience: float | None = None) -> bytes | None:
    """The PDF as soon as it is set, by this process where nobody took it up for `patience` seconds.

    Unless it is given, a worker has PATIENCE to take it up, if one lives. None where the PDF is
    not there after `within` seconds. Raises PaperFailed and NotKept.
    """
    if patience is None:
        patience = PATIENCE if job_queue.has_worker(now=timezone.now()) else 0
    began, found = time.monotonic(), job_queue.find(row.pk)
    while found is not None:
        content = kept(found)
        waited = time.monotonic() - began
        if content is not None or found.state == Printing.State.KEPT or waited >= within:
            return content
        if waited >= patience:
            claimed = job_queue.claim(row.pk, by="", now=timezone.now())
            if claimed is not None:
                return make(claimed)
        time.sleep(LOOK)
        found = job_queue.find(row.pk)
    return None


def is_quick(row: Printing) -> bool:
    """Whether it is set in a few seconds."""
    return row.length <= settings.QUICK_PAPER


def written(paper: Paper) -> bytes:
    """The paper as PDF, kept or set now, however long it takes. Raises PaperFailed and NotKept.

    However many ask at once, one sets it and the others wait.
    """
    while True:
        row, content = ask(paper)
        if content is None:
            content = awaited(row, within=LONGEST, patience=0 if is_quick(row) else None)
        if content is not None:
            return content


def make(row: Printing) -> bytes:
    """Set what was claimed and keep it. Raises PaperFailed and NotKept, and the row tells it."""
    finish = partial(job_queue.finish, row)
    try:
        content = _content(row)  # set by somebody who was killed before they could say so
        if content is None:
            paper = job_queue.paper_of(row)
            content = engine.write(
                paper.html,
                archived=paper.archived,
                attachments=paper.attachments,
                told=_telling(row),
            )
            with _storing():
                storages["papers"].save(row.path, ContentFile(content))
    except PaperFailed as problem:
        finish(Printing.State.FAILED, error=str(problem), now=timezone.now())
        raise
    except NotKept as problem:
        finish(Printing.State.NOT_KEPT, error=str(problem), now=timezone.now())
        raise
    if not finish(Printing.State.KEPT, error="", size=len(content), now=timezone.now()):
        _delete((row.path,))
    elif row.is_variant:
        forget_old(timezone.now())
    return content


def forget_old(now: datetime) -> None:
    """Take away what nobody asked for in a month, and the oldest of too many variants."""
    names = job_queue.names_to_forget(variants=VARIANTS, unused_since=now - UNUSED)
    Printing.objects.filter(pk__in=names).delete()
    _delete(Printing(name=name).path for name in names)


def forget_all() -> None:
    """Take away every paper: those waiting at once, the files when the transaction is through."""
    Printing.objects.all().delete()
    transaction.on_commit(sweep, robust=True)


def sweep() -> None:
    """Take away files that belong to no row: papers of the erased, and what a kill left behind.

    What was drawn before somebody was erased may have been asked for a moment after.
    """
    erased_at = Event.objects.aggregate(at=Max("erased_at"))["at"]
    if erased_at is not None:
        Printing.objects.filter(asked_at__lt=erased_at + timedelta(minutes=1)).delete()
    storage = storages["papers"]
    try:
        found = storage.listdir("papers")[1]
    except FileNotFoundError:
        return
    known = set(Printing.objects.values_list("name", flat=True))
    hour_ago = timezone.now() - timedelta(hours=1)
    for each in found:
        path = f"papers/{each}"
        if each.removesuffix(".pdf") in known:
            continue
        if each.endswith(UNFINISHED) and storage.get_modified_time(path) > hour_ago:
            continue
        storage.delete(path)


def _content(row: Printing) -> bytes | None:
    with _storing(), suppress(FileNotFoundError), storages["papers"].open(row.path) as file:
        return bytes(file.read())
    return None


@contextmanager
def _storing() -> Iterator[None]:
    """Whatever kind of storage it is: its troubles are NotKept."""
    try:
        yield
    except Exception as problem:
        full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)
        said = "no room is left" if full else f"{type(problem).__name__}: {problem}"
        raise NotKept(said) from problem


def _delete(paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(FileNotFoundError):
            storages["papers"].delete(path)


def _telling(row: Printing) -> Told:
    """Writes into the row how far it is, at most once a second."""
    last = time.monotonic()

    def told(pages: int, is_laid_out: bool) -> None:
        nonlocal last
        if time.monotonic() - last < 1:
            return
        last = time.monotonic()
        with suppress(DatabaseError):
            job_queue.tell(row, pages=pages, is_laid_out=is_laid_out, now=timezone.now())

    return told


@lru_cache(maxsize=1)
def _setting() -> bytes:
    """What else decides how a paper looks: the style sheets and the faces."""
    told = hashlib.sha256()
    for style in engine.STYLES:
        told.update(engine.style(style).encode())
    for face in engine.FACES:
        told.update(str(face.file.stat().st_size).encode())
    return told.digest()
