"""Worker processes on any machine, and whether they are alive.

`manage.py work` writes a heartbeat for each worker that it runs. What a worker has claimed is taken
from it as soon as its process has ended, or its heartbeat is older than DEAD_AFTER.
"""

from datetime import datetime, timedelta

from workshop.models import Worker

HEARTBEAT_INTERVAL = timedelta(seconds=1)
DEAD_AFTER = timedelta(seconds=5)
FORGOTTEN_AFTER = timedelta(days=1)


def beat(queue: str, name: str, *, now: datetime) -> None:
    """Record that the worker `name`, which runs the tasks of `queue`, is alive."""
    Worker.objects.update_or_create(name=name, defaults={"queue": queue, "seen_at": now})


def mark_dead(name: str, *, now: datetime) -> None:
    """Record that the process of a worker has ended."""
    Worker.objects.filter(name=name).update(seen_at=now - 2 * DEAD_AFTER)


def dead_names(queue: str, *, now: datetime) -> frozenset[str]:
    """Names of the dead workers of `queue`, without those that died more than a day ago."""
    dead = Worker.objects.filter(queue=queue, seen_at__lt=now - DEAD_AFTER)
    return frozenset(dead.values_list("name", flat=True))


def is_any_alive(queue: str, *, now: datetime) -> bool:
    """True if a worker runs the tasks of `queue`."""
    return Worker.objects.filter(queue=queue, seen_at__gte=now - DEAD_AFTER).exists()


def forget_dead(*, now: datetime) -> None:
    """Delete the workers that died more than a day ago."""
    Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
