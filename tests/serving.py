"""The site served by gunicorn on a free port, and an HTTP client for it."""

import atexit
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SLUG = "odsc-laos-2021"
TIMEOUT = 30.0


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], seconds: float = TIMEOUT) -> float:
    """Seconds until the condition held; fails after `seconds`."""
    start = time.monotonic()
    while not condition():
        elapsed = time.monotonic() - start
        assert elapsed < seconds, f"not after {elapsed:.1f} s"
        time.sleep(0.05)
    return time.monotonic() - start


def is_open(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


class Response:
    """Response with its whole body."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()


class SiteClient:
    """HTTP client with cookies; one connection a request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str, **headers: str) -> Response:
        return self._request("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Response:
        token = self.cookies["csrftoken"].value
        body = urlencode({**fields, "csrfmiddlewaretoken": token})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._request("POST", path, body, headers)

    def sign_in(self, site: "Site") -> "SiteClient":
        output = site.manage("sign_in_link", "--create", "--site", f"http://127.0.0.1:{self.port}")
        link = urlsplit(output.strip().splitlines()[-1])
        assert self.get(f"{link.path}?{link.query}").status == 302
        assert self.get(f"/desk/{SLUG}/").status == 200
        return self

    def _request(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> Response:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        all_headers = {**headers, **({"Cookie": cookies} if cookies else {})}
        try:
            connection.request(method, path, body, all_headers)
            response = Response(connection.getresponse())
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return response


class Site:
    """Two web processes of gunicorn with the project's own configuration."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.log = folder / f"log-{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in _NOT_INHERITED},
            "SECRET_KEY": "for-tests",
            "HTTPS": "0",
            "LOGS": "json",
            "BEHIND_PROXY": "1",
            "VAR": str(folder),
            "BIND": f"127.0.0.1:{self.port}",
            "METRICS_TOKEN": "a token",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/rows.sqlite3",
            "STATIC": _collected_static_files(),
            **environment,
        }
        self._gunicorn: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> str:
        return subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def prepare(self) -> "Site":
        """Migrate, and load and publish the programme of 4 August 2021."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("load_programme")
        return self

    def __enter__(self) -> "Site":
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        with self.log.open("ab") as log:
            self._gunicorn = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        wait_until(lambda: is_open(self.port))
        assert SiteClient(self.port).get("/healthz").body == b"ok"
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None = None,
        _raised: BaseException | None = None,
        _trace: TracebackType | None = None,
    ) -> None:
        if self._gunicorn is not None:
            self._gunicorn.terminate()
            self._gunicorn.wait(TIMEOUT)

    def kill_a_web_process(self) -> None:
        """SIGKILL to one of the two; gunicorn starts another in its place."""
        assert self._gunicorn is not None
        master = self._gunicorn.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def lines(self) -> list[dict[str, object]]:
        """Log lines, parsed from JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@cache
def _collected_static_files() -> str:
    """Folder of collected static files, shared by all sites of a run."""
    folder = tempfile.mkdtemp(prefix="workshop-static-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "for-tests", "STATIC": folder},
        check=True,
        capture_output=True,
    )
    return folder


# Variables of the test run itself, which the site must not inherit.
_NOT_INHERITED = ("DATABASE", "DATABASE_URL", "CACHE_URL", "DEBUG", "SITE")


def duplicate_session(client: SiteClient, key: str = "break") -> str | None:
    """Duplicate a session; its new key, or None if the site did not confirm it."""
    try:
        response = client.post(f"/desk/{SLUG}/sessions/{key}/duplicate/")
    except OSError:  # the process was killed during the request
        return None
    match = re.search(r"#(?:session-|row-)?([\w-]+)$", response.headers.get("Location", ""))
    return match[1] if response.status == 302 and match else None


@contextmanager
def killing_web_processes(site: Site, every: float) -> Iterator[list[int]]:
    """Kill a web process every `every` seconds; yields a list with the number of kills."""
    is_over, kills = Event(), [0]

    def kill() -> None:
        while not is_over.wait(every):
            site.kill_a_web_process()
            kills[0] += 1

    thread = Thread(target=kill)
    thread.start()
    try:
        yield kills
    finally:
        is_over.set()
        thread.join()
