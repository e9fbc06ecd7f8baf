"""Tasks on django-q2."""

from types import SimpleNamespace
from typing import Any

from django_q.brokers import get_broker
from django_q.tasks import async_task
from django_tasks.backends.base import BaseTaskBackend


class Backend(BaseTaskBackend):
    """Enqueues a task in the cluster of its queue."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:  # noqa: ARG002
        async_task("tests.engines.run.run", task.module_path, list(args), cluster=task.queue_name)
        return SimpleNamespace()


def has_waiting_task(queue: str) -> bool:
    """True if a task waits in the broker."""
    return bool(get_broker(queue).queue_size())
