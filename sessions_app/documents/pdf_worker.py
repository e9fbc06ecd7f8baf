"""The worker that sets papers: what waits, and on its own what every release will be asked for."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from sessions_app.documents import catalogue, job_queue, storage
from sessions_app.models.pdf_jobs import Printing
from sessions_app.publishing import queries
from sessions_app.renderers.pdf.engine import PaperFailed

logger = logging.getLogger(__name__)

IDLE = 0.5  # seconds between two looks where nothing waits
NEWS = timedelta(seconds=2)
SIGN_OF_LIFE = timedelta(seconds=10)
TIDY = timedelta(hours=1)
RECENT = timedelta(days=7)  # what was published before is set when somebody asks for it
DATABASE_GONE = (DatabaseError, InterfaceError)


@dataclass(slots=True)
class _Chores:
    """What a worker does beside setting papers, each when its time has come."""

    name: str
    due: dict[str, datetime] = field(default_factory=dict)
    releases: dict[str, int] = field(default_factory=dict)

    def do(self, now: datetime) -> None:
        if self._is_due("life", now, SIGN_OF_LIFE):
            job_queue.see_worker(self.name, now=now)
        if self._is_due("news", now, NEWS):
            self._ask_for_new_releases(now)
        if self._is_due("tidy", now, TIDY):
            _tidy_up(now)

    def _is_due(self, chore: str, now: datetime, every: timedelta) -> bool:
        if chore in self.due and now < self.due[chore]:
            return False
        self.due[chore] = now + every
        return True

    def _ask_for_new_releases(self, now: datetime) -> None:
        """So that the programme is there as a paper before anybody asks for it."""
        for slug, number in queries.list_newest_releases(since=now - RECENT):
            if self.releases.get(slug) != number:
                self.releases[slug] = number
                _ask_for(slug)


def _tidy_up(now: datetime) -> None:
    """A storage that cannot be looked through keeps nobody from setting papers."""
    try:
        storage.forget_old(now)
        storage.sweep()
    except DATABASE_GONE:
        raise
    except Exception as problem:
        logger.error("old papers were not taken away: %s", problem)


def _ask_for(slug: str) -> None:
    try:
        for paper in catalogue.for_everybody(slug):
            storage.ask(paper)
    except DATABASE_GONE:
        raise
    except Exception as problem:  # a fault of this one, which must not keep the others waiting
        logger.warning("papers of %s are not made: %s", slug, problem)


def work(name: str, *, once: bool, is_stopping: Callable[[], bool]) -> None:
    """Set what waits, then end if `once`, else look again until told to stop.

    `name` is held by the caller. A paper in hand is finished before it stops; one that was in
    hand when it was killed is taken up again. Where the database is locked or away it tries
    again, unless `once`.
    """
    chores, is_new = _Chores(name), True
    logger.info("papers %s: ready", name)
    while not is_stopping():
        try:
            if is_new:
                job_queue.put_back(by=name)
                is_new = False
            chores.do(timezone.now())
            if _make_next(name):
                continue
            if once:
                break
        except DATABASE_GONE as problem:
            if once:
                raise
            logger.warning("no database (%s); trying again", type(problem).__name__)
            connection.close()
            is_new = True
        time.sleep(IDLE)
    job_queue.forget_worker(name)


def _make_next(name: str) -> bool:
    """Set one paper; False where none waits."""
    row = job_queue.claim_next(by=name, now=timezone.now())
    if row is None:
        return False
    began = time.monotonic()
    try:
        content = storage.make(row)
    except (PaperFailed, storage.NotKept) as problem:
        logger.error("%s is not made: %s", _called(row), problem)
    else:
        took = time.monotonic() - began
        logger.info("%s: %.1f s, %d kB", _called(row), took, len(content) // 1000)
    return True


def _called(row: Printing) -> str:
    return f"{row.file} ({row.name[:8]})"
