"""Tasks on Huey."""

import os
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django_tasks.backends.base import BaseTaskBackend
from huey import RedisHuey, SqliteHuey

from tests.engines.run import run


def _queue(name: str) -> Any:
    if address := os.environ.get("CACHE_URL"):
        return RedisHuey(f"{name}-{settings.DATABASES['default']['NAME']}", url=address)
    return SqliteHuey(name, filename=str(settings.VAR / f"huey-{name}.sqlite3"))


QUEUES = {name: _queue(name) for name in ("mails", "documents")}
RUNNERS = {name: queue.task(name=f"run-{name}")(run) for name, queue in QUEUES.items()}


class Backend(BaseTaskBackend):
    """Enqueues a task in the Huey of its queue."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:  # noqa: ARG002
        RUNNERS[task.queue_name](task.module_path, list(args))
        return SimpleNamespace()
