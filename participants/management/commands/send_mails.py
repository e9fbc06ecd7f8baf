"""manage.py send_mails: worker that sends the e-mails in the outbox."""

import re
import signal
import socket
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participants.mail.outbox import mail_worker
from workshop.ops.worker_lock import NameTaken, worker_lock


class Command(BaseCommand):
    help = "Send queued e-mails until stopped (SIGTERM or Ctrl-C: after the current one)."

    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, then end")
        parser.add_argument(
            "--worker",
            metavar="NAME",
            type=_name,
            default=_name(socket.gethostname()),
            help="name of this worker, by default the machine's; it must be unique among running "
            "workers; a second one on this machine waits",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._stop)
        while not self.is_stopping:
            try:
                with worker_lock(options["worker"]):
                    return mail_worker.run_worker(
                        options["worker"],
                        once=options["once"],
                        is_stopping=lambda: self.is_stopping,
                    )
            except NameTaken as error:
                if options["once"]:
                    raise CommandError(f"“{error}” is already running.") from error
                time.sleep(mail_worker.IDLE_SECONDS)
        return None

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True


def _name(text: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,100}", text):
        raise ArgumentTypeError("A name has letters, digits, points, dashes: post-1.")
    return text
