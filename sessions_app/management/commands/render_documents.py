"""manage.py render_documents: worker that renders the queued PDF documents."""

import signal
import socket
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.documents import pdf_worker
from workshop.ops.worker_lock import NameTaken, worker_lock


class Command(BaseCommand):
    help = "Render queued documents until stopped (SIGTERM or Ctrl-C: after the current one)."

    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="render what is queued, then end")
        parser.add_argument(
            "--worker",
            metavar="NAME",
            default=socket.gethostname()[:100],
            help="name of this worker, by default the machine's; it must be unique among running "
            "workers; a second one on this machine waits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._stop)
        name = options["worker"]
        while not self.is_stopping:
            try:
                with worker_lock(f"documents-{name}"):
                    return pdf_worker.run_worker(
                        name, once=options["once"], is_stopping=lambda: self.is_stopping
                    )
            except NameTaken as error:
                if options["once"]:
                    raise CommandError(f"“{name}” is already running.") from error
                time.sleep(pdf_worker.POLL_SECONDS)
        return None

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True
