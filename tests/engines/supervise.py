"""The supervisor of the project with another engine's queues."""

import os
from collections.abc import Callable

from workshop.ops import task_queues


def use_engine(*, has_waiting_task: Callable[[str], bool]) -> None:
    """Replace what is written for the project's engine."""
    task_queues._has_waiting_task = has_waiting_task
    task_queues._fail_abandoned_tasks = lambda *_arguments: None
    task_queues.clean_up = lambda *_queues, **_now: None
    if os.environ.get("ALONE"):
        task_queues.keep_running = _enqueue_once


def _enqueue_once(queue: task_queues.TaskQueue, **_arguments: object) -> None:
    if queue.name not in _started:
        _started.add(queue.name)
        for _worker in range(2):
            queue.task.enqueue()


_started: set[str] = set()
