"""manage.py work: supervisor of the e-mail worker and the document worker."""

import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

WORKERS = ("send_mails", "render_documents")
POLL_SECONDS = 0.2
RESTART_SECONDS = 2.0  # pause before a worker that ended is started again


class Command(BaseCommand):
    help = "Run the workers that send e-mails and render documents; restart one that ends."

    is_stopping = False

    def handle(self, *args: Any, **options: Any) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._stop)
        ended = dict.fromkeys(WORKERS, time.monotonic() - RESTART_SECONDS)
        while not self.is_stopping:
            for name in WORKERS:
                process = self.running.get(name)
                if process is not None and process.poll() is not None:
                    self.stderr.write(f"{name} ended ({process.returncode}), restarting.")
                    del self.running[name]
                    ended[name] = time.monotonic()
                if name not in self.running and time.monotonic() - ended[name] >= RESTART_SECONDS:
                    self.running[name] = _start(name)
            time.sleep(POLL_SECONDS)
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait()

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True


def _start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), name])  # noqa: S603
