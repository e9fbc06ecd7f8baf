"""Storage of rendered PDFs by a hash of their content, so that none can be stale or leak."""

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
from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.renderers.pdf import engine
from sessions_app.renderers.pdf.documents import Document
from sessions_app.renderers.pdf.engine import RenderFailed
from sessions_app.renderers.pdf.progress import ProgressCallback
from workshop.config.atomic_storage import PARTIAL_SUFFIX
from workshop.models import Event

MAX_VARIANTS = 500  # stored at most
UNUSED_AFTER = timedelta(days=30)
POLL_SECONDS = 0.1  # while another process renders the document
WORKER_GRACE = 1.5  # seconds in which an idle worker claims a job
MAX_WAIT_SECONDS = 3600.0


class StorageFailed(RuntimeError):
    """The storage could not save or read a PDF; the message gives the reason."""


def content_hash(document: Document) -> str:
    """Hash of everything that the file will contain; equal documents have equal hashes."""
    digest = hashlib.sha256(_style_hash())
    digest.update(document.html.encode())
    for attachment in document.attachments:
        digest.update(attachment.content)
    return digest.hexdigest()


def request_pdf(document: Document, *, is_variant: bool = False) -> tuple[PdfJob, bytes | None]:
    """The job of a document, and its PDF if stored; if not, the job is queued.

    Raises RenderFailed or StorageFailed if the job failed a short while ago.
    """
    name, now = content_hash(document), timezone.now()
    job = job_queue.find(name)
    if job is None:
        with _storage_errors():
            is_stored = storages["documents"].exists(PdfJob(name=name).path)
        job = job_queue.request_job(
            name=name, document=document, is_variant=is_variant, is_stored=is_stored, now=now
        )
    else:
        job_queue.touch(job, document=document, is_variant=is_variant, now=now)
    content = stored_pdf(job)
    if content is None and job.state == PdfJob.State.DONE:
        job_queue.retry(job, document=document, now=now)
    return job, content


def stored_pdf(job: PdfJob) -> bytes | None:
    """The PDF of a job, None if it is not ready. Raises RenderFailed or StorageFailed."""
    match job.state:
        case PdfJob.State.FAILED:
            raise RenderFailed(job.error)
        case PdfJob.State.STORE_FAILED:
            raise StorageFailed(job.error)
        case PdfJob.State.DONE:
            return _read(job)
    return None


def wait_for(job: PdfJob, *, within: float, grace: float | None = None) -> bytes | None:
    """Wait for the PDF; this process renders it if no worker claims the job in `grace` seconds.

    The default grace is WORKER_GRACE if a worker is alive, else none. Returns None if the PDF is
    not ready after `within` seconds. Raises RenderFailed or StorageFailed.
    """
    if grace is None:
        grace = WORKER_GRACE if job_queue.has_worker(now=timezone.now()) else 0
    began, current = time.monotonic(), job_queue.find(job.pk)
    while current is not None:
        content = stored_pdf(current)
        waited = time.monotonic() - began
        if content is not None or current.state == PdfJob.State.DONE or waited >= within:
            return content
        if waited >= grace:
            claimed = job_queue.claim(job.pk, by="", now=timezone.now())
            if claimed is not None:
                return run_job(claimed)
        time.sleep(POLL_SECONDS)
        current = job_queue.find(job.pk)
    return None


def is_quick(job: PdfJob) -> bool:
    """True if the document renders in a few seconds."""
    return job.length <= settings.QUICK_DOCUMENT_LENGTH


def render_blocking(document: Document) -> bytes:
    """The document as PDF, stored or rendered now, however long it takes.

    Of simultaneous callers one renders and the others wait. Raises RenderFailed or StorageFailed.
    """
    while True:
        job, content = request_pdf(document)
        if content is None:
            content = wait_for(job, within=MAX_WAIT_SECONDS, grace=0 if is_quick(job) else None)
        if content is not None:
            return content


def run_job(job: PdfJob) -> bytes:
    """Render a claimed job and store its PDF. A failure is saved in the job and raised again.

    Raises RenderFailed or StorageFailed.
    """
    finish = partial(job_queue.finish, job)
    try:
        content = _read(job)  # rendered by a worker that was killed before it could save the state
        if content is None:
            document = job_queue.unpack_document(job)
            content = engine.render(
                document.html,
                archived=document.archived,
                attachments=document.attachments,
                on_progress=_progress_reporter(job),
            )
            with _storage_errors():
                storages["documents"].save(job.path, ContentFile(content))
    except RenderFailed as error:
        finish(PdfJob.State.FAILED, error=str(error), now=timezone.now())
        raise
    except StorageFailed as error:
        finish(PdfJob.State.STORE_FAILED, error=str(error), now=timezone.now())
        raise
    if not finish(PdfJob.State.DONE, error="", size=len(content), now=timezone.now()):
        _delete((job.path,))
    elif job.is_variant:
        delete_old(timezone.now())
    return content


def delete_old(now: datetime) -> None:
    """Delete PDFs that nobody requested for a month, and the oldest of too many variants."""
    names = job_queue.list_expired(variants=MAX_VARIANTS, unused_since=now - UNUSED_AFTER)
    PdfJob.objects.filter(pk__in=names).delete()
    _delete(PdfJob(name=name).path for name in names)


def delete_all() -> None:
    """Delete every job now, and every PDF when the transaction commits."""
    PdfJob.objects.all().delete()
    transaction.on_commit(delete_orphans, robust=True)


def delete_orphans() -> None:
    """Delete files without a job: documents of erased people, and leftovers of killed workers.

    A document whose HTML was rendered before a person was erased may have been requested a moment
    after; jobs requested up to a minute after an erasure are therefore deleted too.
    """
    erased_at = Event.objects.aggregate(at=Max("erased_at"))["at"]
    if erased_at is not None:
        PdfJob.objects.filter(asked_at__lt=erased_at + timedelta(minutes=1)).delete()
    storage = storages["documents"]
    try:
        files = storage.listdir("papers")[1]
    except FileNotFoundError:
        return
    known = set(PdfJob.objects.values_list("name", flat=True))
    hour_ago = timezone.now() - timedelta(hours=1)
    for file in files:
        path = f"papers/{file}"
        if file.removesuffix(".pdf") in known:
            continue
        if file.endswith(PARTIAL_SUFFIX) and storage.get_modified_time(path) > hour_ago:
            continue
        storage.delete(path)


def _read(job: PdfJob) -> bytes | None:
    with (
        _storage_errors(),
        suppress(FileNotFoundError),
        storages["documents"].open(job.path) as file,
    ):
        return bytes(file.read())
    return None


@contextmanager
def _storage_errors() -> Iterator[None]:
    """Turn any error of a storage backend into StorageFailed."""
    try:
        yield
    except Exception as error:
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        message = "no space left" if is_full else f"{type(error).__name__}: {error}"
        raise StorageFailed(message) from error


def _delete(paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(FileNotFoundError):
            storages["documents"].delete(path)


def _progress_reporter(job: PdfJob) -> ProgressCallback:
    """A callback that saves a job's progress, at most once a second."""
    last = time.monotonic()

    def report(pages: int, is_laid_out: bool) -> None:
        nonlocal last
        if time.monotonic() - last < 1:
            return
        last = time.monotonic()
        with suppress(DatabaseError):
            job_queue.report_progress(job, pages=pages, is_laid_out=is_laid_out, now=timezone.now())

    return report


@lru_cache(maxsize=1)
def _style_hash() -> bytes:
    """Hash of what else decides how a document looks: style sheets and fonts."""
    digest = hashlib.sha256()
    for style in engine.STYLESHEETS:
        digest.update(engine.stylesheet(style).encode())
    for face in engine.FONT_FACES:
        digest.update(str(face.file.stat().st_size).encode())
    return digest.digest()
