"""The site as it is served: gunicorn on a port and in a folder of its own, and who asks it."""

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
PATIENCE = 30.0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE) -> float:
    """How long it took until it held; fails after so many seconds."""
    start = time.monotonic()
    while not holds():
        took = time.monotonic() - start
        assert took < seconds, f"not after {took:.1f} s"
        time.sleep(0.05)
    return time.monotonic() - start


def is_open(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class Answer:
    """What came back, read whole."""

    def __init__(self, answer: HTTPResponse) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()


class Reader:
    """Somebody with cookies, a connection a request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Answer:
        token = self.cookies["csrftoken"].value
        sent = urlencode({**fields, "csrfmiddlewaretoken": token})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, sent, kind)

    def sign_in(self, site: "Site") -> "Reader":
        said = site.manage("sign_in_link", "--create", "--site", f"http://127.0.0.1:{self.port}")
        link = urlsplit(said.strip().splitlines()[-1])
        assert self.get(f"{link.path}?{link.query}").status == 302
        assert self.get(f"/desk/{SLUG}/").status == 200
        return self

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        sent = {**headers, **({"Cookie": cookies} if cookies else {})}
        try:
            connection.request(method, path, body, sent)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return answer


class Site:
    """Two web processes of gunicorn with the project's own configuration."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.log = folder / f"log-{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in _OTHERS},
            "SECRET_KEY": "for-tests",
            "HTTPS": "0",
            "LOGS": "json",
            "BEHIND_PROXY": "1",
            "VAR": str(folder),
            "BIND": f"127.0.0.1:{self.port}",
            "METRICS_TOKEN": "a token",
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/rows.sqlite3",
            "STATIC": _style_sheets(),
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
        """Tables, and the programme of 4 August 2021 in its first release."""
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
        assert Reader(self.port).get("/healthz").body == b"ok"
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None = None,
        _raised: BaseException | None = None,
        _trace: TracebackType | None = None,
    ) -> None:
        if self._gunicorn is not None:
            self._gunicorn.terminate()
            self._gunicorn.wait(PATIENCE)

    def kill_a_web_process(self) -> None:
        """SIGKILL to one of the two; gunicorn starts another in its place."""
        assert self._gunicorn is not None
        master = self._gunicorn.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)

    def lines(self) -> list[dict[str, object]]:
        """What is in the log, of which each line is JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@cache
def _style_sheets() -> str:
    """The folder of collected static files, the same for all sites of a run."""
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


# What decides where the tests themselves keep things.
_OTHERS = ("DATABASE", "DATABASE_URL", "CACHE_URL", "DEBUG", "SITE")


def duplicated(reader: Reader, key: str = "break") -> str | None:
    """The key of a copy of a session that the site said it had made; None where it did not."""
    try:
        answer = reader.post(f"/desk/{SLUG}/sessions/{key}/duplicate/")
    except OSError:  # the process died with the request in its hands
        return None
    made = re.search(r"#(?:session-|row-)?([\w-]+)$", answer.headers.get("Location", ""))
    return made[1] if answer.status == 302 and made else None


@contextmanager
def while_killing(site: Site, every: float) -> Iterator[list[int]]:
    """A web process is killed now and then, as often as the list has grown to."""
    over, killed = Event(), [0]

    def kill() -> None:
        while not over.wait(every):
            site.kill_a_web_process()
            killed[0] += 1

    thread = Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()
