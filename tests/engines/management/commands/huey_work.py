"""manage.py huey_work: `work` with Huey."""

from participants.management.commands import work
from tests.engines.huey_backend import QUEUES
from tests.engines.supervise import use_engine


class Command(work.Command):
    worker_arguments = staticmethod(lambda queue, name: ["huey_worker", queue, name])

    def handle(self, *args: object, **options: object) -> None:
        use_engine(has_waiting_task=lambda queue: QUEUES[queue].pending_count() > 0)
        super().handle(*args, **options)
