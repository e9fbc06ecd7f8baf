"""Execution of an enqueued task by another engine."""

import os
from types import SimpleNamespace

from django.utils.module_loading import import_string


def run(path: str, args: list[object]) -> None:
    """Call the function of a task; its worker is the process's WORKER."""
    task = import_string(path)
    if task.takes_context:
        result = SimpleNamespace(worker_ids=[os.environ["WORKER"]])
        task.func(SimpleNamespace(task_result=result), *args)
    else:
        task.func(*args)
