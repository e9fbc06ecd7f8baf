"""manage.py send_letters: the worker that sends what waits in the outbox."""

import re
import signal
import socket
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from participants.mail.outbox import mail_worker
from workshop.ops.worker_lock import NameTaken, holding


class Command(BaseCommand):
    help = "Send the mails of the outbox until stopped (SIGTERM or Ctrl-C ends after the current)."

    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="send what is due, then end")
        parser.add_argument(
            "--worker",
            metavar="NAME",
            type=_name,
            default=_name(socket.gethostname()),
            help="what this worker is called, the machine's name by default: no two that run at "
            "the same time may have the same; a second one on this machine stands by",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        while not self.is_stopping:
            try:
                with holding(options["worker"]):
                    return mail_worker.work(
                        options["worker"],
                        once=options["once"],
                        is_stopping=lambda: self.is_stopping,
                    )
            except NameTaken as taken:
                if options["once"]:
                    raise CommandError(f"“{taken}” is at work already.") from taken
                time.sleep(mail_worker.IDLE)
        return None

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True


def _name(text: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,100}", text):
        raise ArgumentTypeError("A name has letters, digits, points, dashes: post-1.")
    return text
