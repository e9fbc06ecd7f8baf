"""Worker processes on any machine, and whether they are alive.

`manage.py work` writes a heartbeat for each worker that it runs. What a worker has claimed is taken
from it as soon as its process has ended, or its heartbeat is older than DEAD_AFTER: the clocks of
the machines must agree to a second or two.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from workshop.models import Worker

HEARTBEAT_INTERVAL = timedelta(seconds=1)
DEAD_AFTER = timedelta(seconds=5)


def beat(queue: str, name: str, *, now: datetime) -> None:
    """Record that the worker `name`, which runs the tasks of `queue`, is alive."""
    Worker.objects.update_or_create(name=name, defaults={"queue": queue, "seen_at": now})


def mark_dead(name: str, *, now: datetime) -> None:
    """Record that the process of a worker has ended."""
    Worker.objects.filter(name=name).update(seen_at=now - 2 * DEAD_AFTER)


def dead_names(queue: str, *, now: datetime) -> frozenset[str]:
    """Names of the dead workers of `queue` that are not forgotten."""
    return frozenset(_dead(now).filter(queue=queue).values_list("name", flat=True))


def is_any_alive(queue: str, *, now: datetime) -> bool:
    """True if a worker runs the tasks of `queue`."""
    return Worker.objects.filter(queue=queue, seen_at__gte=now - DEAD_AFTER).exists()


def forget(names: Collection[str], *, now: datetime) -> None:
    """Delete these workers, whose claims were released, unless one is alive again."""
    _dead(now).filter(name__in=names).delete()


def _dead(now: datetime) -> QuerySet[Worker]:
    return Worker.objects.filter(seen_at__lt=now - DEAD_AFTER)
