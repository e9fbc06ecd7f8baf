"""Gunicorn with two workers on a free port, and its CPU time."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WORKERS = 2
TIMEOUT = 30
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    master: int

    @property
    def used(self) -> float:
        """CPU seconds, user and system, of the master and its workers so far."""
        return sum(map(_used, (self.master, *_children(self.master))))

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """GET an address: status, headers in lower case, body as sent."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            sent = {name.lower(): value for name, value in response.getheaders()}
            return response.status, sent, response.read()
        finally:
            connection.close()


@contextmanager
def running(application: str, environment: Mapping[str, str] = os.environ) -> Iterator[Server]:
    """Start a server, and stop it at the end of the block."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--workers", str(WORKERS)]
    command += ["--bind", f"127.0.0.1:{port}", "--timeout", "120", "--log-level", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603
    try:
        _wait_for(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def _used(process: int) -> float:
    """CPU seconds from the scheduler, in nanoseconds: `stat` is exact only to 10 ms."""
    tasks = Path(f"/proc/{process}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def _children(process: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue  # the process ended meanwhile
        if int(text.rpartition(")")[2].split()[1]) == process:
            yield int(status.parent.name)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + TIMEOUT
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"No server listens on port {port}.")
