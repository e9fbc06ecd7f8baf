"""A machine for tests: processes of this project, with a folder and a database of their own."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

PATIENCE = 30.0  # seconds


class Machine:
    """Processes on a copy of the test's SQLite rows, or on its PostgreSQL database.

    Several machines with the same folder share their database and their storage.
    """

    def __init__(self, folder: Path, smtp_port: int = 1, **environment: str) -> None:
        self.log = folder / "log"
        self.database = folder / "rows.sqlite3"
        self.started: list[subprocess.Popen[bytes]] = []
        if connection.vendor == "sqlite":
            if not self.database.exists():
                with sqlite3.connect(self.database) as rows:
                    connection.connection.backup(rows)
            address = f"sqlite:///{self.database}"
        else:
            served = os.environ["DATABASE_URL"].rpartition("/")[0]
            address = f"{served}/{connection.settings_dict['NAME']}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": address,
            "VAR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}/",
            "MAILS_A_MINUTE": "0",
            **environment,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start `manage.py` with these arguments, in a process group of its own."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "manage.py", *arguments],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End the processes that still run, and their workers."""
        for process in self.started:
            pids = [*child_pids(process.pid, ""), process.pid] if process.poll() is None else []
            for pid in pids:
                kill(pid)
            process.wait(PATIENCE)

    def rows(self, statement: str) -> list[Any]:
        """Result of an SQL statement."""
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall())
        with sqlite3.connect(self.database, timeout=PATIENCE) as rows:
            return rows.execute(statement).fetchall()

    def mail_states(self) -> Counter[str]:
        """Number of e-mails in each state."""
        return Counter(state for (state,) in self.rows("SELECT state FROM participants_letter"))


def child_pids(pid: int, argument: str) -> list[int]:
    """Processes that this one or its children started, with `argument` in their command line."""
    found = []
    for children in Path("/proc").glob(f"{pid}/task/*/children"):
        for child in map(int, children.read_text().split()):
            with suppress(FileNotFoundError):
                if argument in Path(f"/proc/{child}/cmdline").read_text():
                    found.append(child)
            found += child_pids(child, argument)
    return found


def is_running(pid: int) -> bool:
    """True if the process exists and has not ended."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def kill(pid: int) -> None:
    """kill -9, if the process still exists."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def until(happened: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """Poll until the function returns something true, and return it; else AssertionError."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if result := happened():
            return result
        time.sleep(0.02)
    raise AssertionError(f"It did not happen in {within} seconds.")


def machines(folder: Path) -> Iterator[Callable[..., Machine]]:
    """Body of a fixture: makes machines in `folder`, whose processes end with the test."""
    made: list[Machine] = []

    def make(smtp_port: int = 1, **environment: str) -> Machine:
        made.append(Machine(folder, smtp_port, **environment))
        return made[-1]

    yield make
    for machine in made:
        machine.stop()
