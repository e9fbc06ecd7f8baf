"""manage.py set_papers: the worker that sets papers which were asked for."""

import signal
import socket
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.documents import pdf_worker
from workshop.ops.worker_lock import NameTaken, holding


class Command(BaseCommand):
    help = "Set the papers that wait, until stopped (SIGTERM or Ctrl-C ends after the current)."

    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="set what waits, then end")
        parser.add_argument(
            "--worker",
            metavar="NAME",
            default=socket.gethostname()[:100],
            help="what this worker is called, the machine's name by default: no two that run at "
            "the same time may have the same; a second one on this machine stands by",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        name = options["worker"]
        while not self.is_stopping:
            try:
                with holding(f"papers-{name}"):
                    return pdf_worker.work(
                        name, once=options["once"], is_stopping=lambda: self.is_stopping
                    )
            except NameTaken as taken:
                if options["once"]:
                    raise CommandError(f"“{name}” is at work already.") from taken
                time.sleep(pdf_worker.IDLE)
        return None

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True
