"""manage.py q2_work: `work` with django-q2."""

from participants.management.commands import work
from tests.engines.q2_backend import has_waiting_task
from tests.engines.supervise import use_engine


class Command(work.Command):
    worker_arguments = staticmethod(lambda queue, name: ["q2_worker", queue, name])

    def handle(self, *args: object, **options: object) -> None:
        use_engine(has_waiting_task=has_waiting_task)
        super().handle(*args, **options)
