"""Queues of background tasks: rows say what is to be done, the task engine runs it.

The engine is Django's tasks framework with a queue in the database (django-tasks-db). It runs tasks
in worker processes. `keep_running`, which `manage.py work` calls twice a second, adds what the
engine lacks: a task for rows that are due but have none, and recovery from killed workers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import uuid4

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from workshop.ops import workers

DATABASE_ERRORS = (DatabaseError, InterfaceError)  # the database is locked or down: try again
RESULTS_KEPT = timedelta(days=1)


class Recover(Protocol):
    """Frees the rows that dead workers had claimed."""

    def __call__(self, *, dead_workers: frozenset[str], now: datetime) -> object: ...


class IsDue(Protocol):
    """True if a row can be worked on now."""

    def __call__(self, *, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class TaskQueue:
    """Rows that `task` works off, one a task; it enqueues itself again until none is due.

    `clean_up` is called every hour.
    """

    task: Task[..., None]
    is_due: IsDue
    recover: Recover
    clean_up: Callable[[], object] = lambda: None

    @property
    def name(self) -> str:
        return self.task.queue_name


def keep_running(queue: TaskQueue, *, now: datetime) -> None:
    """Recover from killed workers, then make sure that a task is enqueued if a row is due."""
    dead = workers.dead_names(queue.name, now=now)
    queue.recover(dead_workers=dead, now=now)
    if dead:
        _fail_abandoned_tasks(queue.name, dead, now)
        workers.forget(dead, now=now)
    if queue.is_due(now=now) and not _has_waiting_task(queue.name):
        queue.task.enqueue()


def run_due(queues: Sequence[TaskQueue]) -> bool:
    """Run the tasks of these queues in this process, and those that they enqueue.

    False if one failed; its traceback is in the log.
    """
    name = f"once-{uuid4().hex[:8]}"
    runner = TaskRunner(
        queue_names=[queue.name for queue in queues],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name,
        excluded_queue_names=[],
    )
    started = timezone.now()
    clean_up(queues, now=started)
    for _round in range(2):  # what tasks of the first one request is done in the second one
        for queue in queues:
            keep_running(queue, now=timezone.now())
        runner.run()
    failed = DBTaskResult.objects.failed().filter(started_at__gte=started)
    return not any(name in task.worker_ids for task in failed)


def clean_up(queues: Sequence[TaskQueue], *, now: datetime) -> None:
    """Clean up each queue; delete the engine's results of yesterday, which the rows have too."""
    for queue in queues:
        queue.clean_up()
    yesterday = now - RESULTS_KEPT
    DBTaskResult.objects.finished().filter(finished_at__lt=yesterday).delete()
    DBTaskResult.objects.running().filter(started_at__lt=yesterday).delete()


def worker_arguments(queue: str, name: str) -> list[str]:
    """Arguments of manage.py that start a worker process."""
    return [
        *("db_worker", "--queue-name", queue, "--worker-id", name),
        *("--interval", "0.5", "--no-startup-delay", "--no-reload"),
    ]


def _has_waiting_task(queue: str) -> bool:
    return DBTaskResult.objects.ready().filter(queue_name=queue).exists()


def _fail_abandoned_tasks(queue: str, dead_workers: frozenset[str], now: datetime) -> None:
    """The engine leaves the task of a killed worker running for ever."""
    for task in DBTaskResult.objects.running().filter(queue_name=queue):
        if task.worker_ids[-1] in dead_workers:
            DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING).update(
                status=TaskResultStatus.FAILED, finished_at=now, traceback="worker killed"
            )
