"""manage.py tasks_db_work: `work` as it is, or ALONE."""

import os

from participants.management.commands import work
from tests.engines.supervise import use_engine
from workshop.ops import task_queues


class Command(work.Command):
    def handle(self, *args: object, **options: object) -> None:
        if os.environ.get("ALONE"):
            use_engine(has_waiting_task=task_queues._has_waiting_task)
        super().handle(*args, **options)
