"""Background task that renders waiting PDF jobs, and requests those of new releases."""

import logging
import time
from datetime import datetime, timedelta

from django.utils import timezone
from django_tasks import TaskContext, task

from sessions_app.documents import catalogue, job_queue, storage
from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.publishing import queries
from sessions_app.renderers.pdf.engine import RenderFailed

logger = logging.getLogger(__name__)

RELEASE_INTERVAL = timedelta(seconds=2)
CLEANUP_INTERVAL = timedelta(hours=1)
RECENT_RELEASES = timedelta(days=7)  # older releases are rendered on request only


@task(queue_name=job_queue.QUEUE, takes_context=True)
def render_next_document(context: TaskContext) -> None:
    """Render one PDF job; another task of this kind renders the next."""
    if render_next(context.task_result.worker_ids[-1]):
        render_next_document.enqueue()


@task(queue_name=job_queue.QUEUE)
def request_programmes(slug: str) -> None:
    """Request the public programmes of an event, before anyone visits them."""
    for document in catalogue.public_programmes(slug):
        storage.request_pdf(document)


@task(queue_name=job_queue.QUEUE)
def delete_old_documents() -> None:
    """Delete PDFs that nobody needs any more."""
    storage.delete_old(timezone.now())
    storage.delete_orphans()


def render_next(worker: str) -> bool:
    """Run one job; False if none waits."""
    job = job_queue.claim_next(by=worker, now=timezone.now())
    if job is None:
        return False
    began = time.monotonic()
    try:
        content = storage.run_job(job)
    except (RenderFailed, storage.StorageFailed) as error:
        logger.exception("%s was not created: %s", _label(job), error)
    else:
        took = time.monotonic() - began
        logger.info("%s: %.1f s, %d kB", _label(job), took, len(content) // 1000)
    return True


class DocumentQueue:
    """The PDF jobs as a queue of background tasks."""

    name = job_queue.QUEUE
    task = render_next_document

    def __init__(self) -> None:
        self._releases: dict[str, int] = {}
        self._next_cleanup = self._next_look = timezone.now()

    def is_due(self, now: datetime) -> bool:  # noqa: ARG002
        return job_queue.is_due()

    def recover(self, dead_workers: frozenset[str], now: datetime) -> None:
        job_queue.release_abandoned(dead_workers=dead_workers, now=now)

    def maintain(self, now: datetime) -> None:
        """Request the programmes of each new release; delete old PDFs every hour."""
        if now >= self._next_look:
            self._next_look = now + RELEASE_INTERVAL
            for slug, number in queries.list_newest_releases(since=now - RECENT_RELEASES):
                if self._releases.get(slug) != number:
                    self._releases[slug] = number
                    request_programmes.enqueue(slug)
        if now >= self._next_cleanup:
            self._next_cleanup = now + CLEANUP_INTERVAL
            delete_old_documents.enqueue()


def _label(job: PdfJob) -> str:
    return f"{job.file} ({job.name[:8]})"
