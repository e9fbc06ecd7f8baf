"""manage.py huey_worker QUEUE NAME: a Huey consumer of one queue."""

import os
from typing import Any

from django.core.management.base import BaseCommand

from tests.engines.huey_backend import QUEUES


class Command(BaseCommand):
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("queue")
        parser.add_argument("name")

    def handle(self, *_args: Any, queue: str, name: str, **_options: Any) -> None:
        os.environ["WORKER"] = name
        QUEUES[queue].create_consumer(
            workers=1, periodic=False, max_delay=0.5, graceful_signal="TERM"
        ).run()
