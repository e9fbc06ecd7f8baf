"""manage.py q2_worker QUEUE NAME: a django-q2 cluster of one queue."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("queue")
        parser.add_argument("name")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        os.environ["WORKER"] = name
        call_command("qcluster")
