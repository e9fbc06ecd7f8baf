"""manage.py work: all that runs beside the site, each in a process of its own."""

import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

WORKERS = ("send_letters", "set_papers")
LOOK = 0.2
PAUSE = 2.0  # seconds before one that ended is started again


class Command(BaseCommand):
    help = (
        "Run what sends mails and what sets papers; both stop with it, and start again if killed."
    )

    is_stopping = False

    def handle(self, *args: Any, **options: Any) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._stop)
        ended = dict.fromkeys(WORKERS, time.monotonic() - PAUSE)
        while not self.is_stopping:
            for name in WORKERS:
                process = self.running.get(name)
                if process is not None and process.poll() is not None:
                    self.stderr.write(f"{name} ended ({process.returncode}); it starts again.")
                    del self.running[name]
                    ended[name] = time.monotonic()
                if name not in self.running and time.monotonic() - ended[name] >= PAUSE:
                    self.running[name] = _start(name)
            time.sleep(LOOK)
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait()

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True


def _start(name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(settings.BASE_DIR / "manage.py"), name])  # noqa: S603
