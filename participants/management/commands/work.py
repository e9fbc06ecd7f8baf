"""manage.py work: supervisor of the worker processes that send e-mails and render documents."""

import ctypes
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from participants.mail.outbox import mail_tasks
from sessions_app.documents import pdf_tasks
from workshop.ops import task_queues, workers
from workshop.ops.task_queues import DATABASE_ERRORS

QUEUES = (mail_tasks.QUEUE, pdf_tasks.QUEUE)
POLL_SECONDS = 0.5
RESTART_AFTER = timedelta(seconds=1)  # pause before a worker that ended is started again
CLEANUP_INTERVAL = timedelta(hours=1)
SET_PARENT_DEATH_SIGNAL = 1  # prctl(2)


@dataclass(slots=True)
class WorkerProcess:
    """A worker process of a queue; it finishes its task and ends if its supervisor is killed."""

    queue: str
    name: str
    process: subprocess.Popen[bytes]
    next_beat: datetime
    is_stopped: bool = False

    @classmethod
    def start(cls, queue: str, arguments: list[str], *, name: str, now: datetime) -> Self:
        workers.beat(queue, name, now=now)
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        process = subprocess.Popen(  # noqa: S603
            command,
            start_new_session=True,  # Ctrl-C reaches the supervisor only
            preexec_fn=_end_with_parent,
        )
        return cls(queue, name, process, now)

    def stop(self) -> None:
        """Ask the process to end after its task, once: a second signal would interrupt the task."""
        if not self.is_stopped:
            self.is_stopped = True
            self.process.terminate()

    def beat(self, now: datetime) -> None:
        """Write a heartbeat if it is time."""
        if now >= self.next_beat:
            self.next_beat = now + workers.HEARTBEAT_INTERVAL
            workers.beat(self.queue, self.name, now=now)


class Command(BaseCommand):
    help = "Send e-mails and render documents, until stopped by SIGTERM or Ctrl-C."

    worker_arguments: Callable[[str, str], list[str]] = staticmethod(task_queues.worker_arguments)
    is_stopping = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            if not task_queues.run_due(QUEUES):
                raise CommandError("A task failed; the log has its traceback.")
            return
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signal_number, self._stop)
        self.processes: dict[str, WorkerProcess] = {}
        self.restart_at: dict[str, datetime] = {}
        self.next_cleanup = timezone.now()
        while self.processes or not self.is_stopping:
            try:
                self._supervise(timezone.now())
            except DATABASE_ERRORS as error:
                self.stderr.write(f"no database ({type(error).__name__}); trying again")
                connection.close()
            time.sleep(POLL_SECONDS)

    def _supervise(self, now: datetime) -> None:
        for queue in QUEUES:
            worker = self.processes.get(queue.name)
            if worker is not None and worker.process.poll() is not None:
                del self.processes[queue.name]
                self.restart_at[queue.name] = now + RESTART_AFTER
                if not self.is_stopping:
                    self.stderr.write(
                        f"{queue.name} ended ({worker.process.returncode}), restarting."
                    )
                workers.mark_dead(worker.name, now=now)
            elif worker is not None:
                if self.is_stopping:
                    worker.stop()
                worker.beat(now)
            elif not self.is_stopping and now >= self.restart_at.get(queue.name, now):
                name = f"{queue.name}-{socket.gethostname()[:40]}-{uuid4().hex[:8]}"
                self.processes[queue.name] = WorkerProcess.start(
                    queue.name, self.worker_arguments(queue.name, name), name=name, now=now
                )
            task_queues.keep_running(queue, now=now)
        if now >= self.next_cleanup:
            self.next_cleanup = now + CLEANUP_INTERVAL
            task_queues.clean_up(QUEUES, now=now)

    def _stop(self, *_signal: object) -> None:
        self.is_stopping = True


def _end_with_parent() -> None:
    """Ask Linux to send SIGTERM to this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
