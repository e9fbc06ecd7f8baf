"""Background tasks that render waiting PDF jobs, request new ones, and delete old ones."""

import logging
import time

from django.utils import timezone
from django_tasks import TaskContext, task

from sessions_app.documents import catalogue, job_queue, storage
from sessions_app.models import PdfJob
from sessions_app.renderers.pdf.engine import RenderFailed
from workshop.ops.task_queues import TaskQueue

logger = logging.getLogger(__name__)


@task(queue_name=job_queue.QUEUE, takes_context=True)
def render_next_document(context: TaskContext) -> None:
    """Render one PDF job; another task of this kind renders the next."""
    if render_next(context.task_result.worker_ids[-1]):
        render_next_document.enqueue()


@task(queue_name=job_queue.QUEUE)
def request_programmes(slug: str) -> None:
    """Request the public programmes of an event, before anyone visits them.

    If this task is lost, they are rendered when somebody asks.
    """
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


QUEUE = TaskQueue(
    render_next_document,
    is_due=job_queue.is_due,
    recover=job_queue.release_abandoned,
    clean_up=delete_old_documents.enqueue,
)


def _label(job: PdfJob) -> str:
    return f"{job.file} ({job.name[:8]})"
