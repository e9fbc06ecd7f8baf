"""Worker that renders waiting PDF jobs, and the public programme of every new release."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from sessions_app.documents import catalogue, job_queue, storage
from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.publishing import queries
from sessions_app.renderers.pdf.engine import RenderFailed

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5  # while no job waits
RELEASE_INTERVAL = timedelta(seconds=2)
HEARTBEAT_INTERVAL = timedelta(seconds=10)
CLEANUP_INTERVAL = timedelta(hours=1)
RECENT_RELEASES = timedelta(days=7)  # older releases are rendered on request only
DATABASE_ERRORS = (DatabaseError, InterfaceError)


@dataclass(slots=True)
class _PeriodicTasks:
    """Tasks of a worker between two jobs, each at its own interval."""

    name: str
    due: dict[str, datetime] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)

    def run_due(self, now: datetime) -> None:
        if self._is_due("heartbeat", now, HEARTBEAT_INTERVAL):
            job_queue.record_heartbeat(self.name, now=now)
        if self._is_due("releases", now, RELEASE_INTERVAL):
            self._request_new_releases(now)
        if self._is_due("cleanup", now, CLEANUP_INTERVAL):
            _clean_up(now)

    def _is_due(self, task: str, now: datetime, interval: timedelta) -> bool:
        if task in self.due and now < self.due[task]:
            return False
        self.due[task] = now + interval
        return True

    def _request_new_releases(self, now: datetime) -> None:
        """Request the programme of each new release, before anyone visits it."""
        for slug, number in queries.list_newest_releases(since=now - RECENT_RELEASES):
            if self.releases.get(slug) != number:
                self.releases[slug] = number
                _request_programmes(slug)


def _clean_up(now: datetime) -> None:
    """Delete old PDFs; a storage that fails to list its files must not stop the worker."""
    try:
        storage.delete_old(now)
        storage.delete_orphans()
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        logger.error("old documents were not deleted: %s", error)


def _request_programmes(slug: str) -> None:
    try:
        for document in catalogue.public_programmes(slug):
            storage.request_pdf(document)
    except DATABASE_ERRORS:
        raise
    except Exception as error:  # one broken programme must not stop the others
        logger.warning("documents of %s were not requested: %s", slug, error)


def run_worker(name: str, *, once: bool, is_stopping: Callable[[], bool]) -> None:
    """Run waiting jobs, then return if `once`, else poll until `is_stopping`.

    The caller holds the lock on `name`. A running job is finished before the worker stops; a job
    that a killed worker of this name had claimed is run again. While the database is locked or
    unreachable the worker keeps trying, unless `once`.
    """
    tasks, is_new = _PeriodicTasks(name), True
    logger.info("documents %s: ready", name)
    while not is_stopping():
        try:
            if is_new:
                job_queue.release_claims(by=name)
                is_new = False
            tasks.run_due(timezone.now())
            if _run_next(name):
                continue
            if once:
                break
        except DATABASE_ERRORS as error:
            if once:
                raise
            logger.warning("no database (%s); trying again", type(error).__name__)
            connection.close()
            is_new = True
        time.sleep(POLL_SECONDS)
    job_queue.remove_worker(name)


def _run_next(name: str) -> bool:
    """Run one job; False if none waits."""
    job = job_queue.claim_next(by=name, now=timezone.now())
    if job is None:
        return False
    began = time.monotonic()
    try:
        content = storage.run_job(job)
    except (RenderFailed, storage.StorageFailed) as error:
        logger.error("%s was not created: %s", _label(job), error)
    else:
        took = time.monotonic() - began
        logger.info("%s: %.1f s, %d kB", _label(job), took, len(content) // 1000)
    return True


def _label(job: PdfJob) -> str:
    return f"{job.file} ({job.name[:8]})"
