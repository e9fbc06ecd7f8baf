"""PostgreSQL, Redis and nginx processes for tests, on loopback ports in temporary folders."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.serving import ROOT, TIMEOUT, free_port, is_open, wait_until


class _ServerProcess:
    """Server process with a temporary folder."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="workshop-"))
        self.folder.chmod(0o755)
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str | Path]:
        raise NotImplementedError

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603
                [*map(str, self.command())], stdout=log, stderr=log, cwd=self.folder, **self._user()
            )
        wait_until(lambda: is_open(self.port))

    def stop(self, signal_number: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(signal_number)
            self._process.wait(TIMEOUT)
            self._process = None

    def _user(self) -> dict[str, str]:
        return {}

    def __enter__(self) -> "_ServerProcess":
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop(signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgreSQL(_ServerProcess):
    """PostgreSQL, run as the current user, or as `postgres` if that is root (which it refuses)."""

    def __init__(self) -> None:
        super().__init__()
        installed = sorted(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name
        )
        self.binaries = installed[-1] if installed else Path("/usr/bin")
        if self._user():
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self._run(
            *("initdb", "--auth=trust", "--username=workshop", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--no-sync", f"--pgdata={self.folder}/data"),
        )

    def command(self) -> Sequence[str | Path]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "max_connections": 60,
            "fsync": "off",  # these tests stop it, but never by a power failure
            "unix_socket_directories": self.folder,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.binaries / "postgres", "-D", self.folder / "data", *options]

    def start(self) -> None:
        super().start()
        wait_until(lambda: self._accepts_queries())

    def database(self, name: str) -> str:
        """URL of a new, empty database."""
        self.run("createdb", "--template=template0", name)
        return f"postgres://workshop@127.0.0.1:{self.port}/{name}"

    def run(self, program: str, *arguments: str) -> str:
        """Output of a PostgreSQL program that connects to this server."""
        return self._run(
            program, "--host=127.0.0.1", f"--port={self.port}", "--username=workshop", *arguments
        )

    def _accepts_queries(self) -> bool:
        try:
            return bool(self.run("psql", "--dbname=postgres", "--command=SELECT 1"))
        except subprocess.CalledProcessError:
            return False

    def _run(self, program: str, *arguments: str) -> str:
        return subprocess.run(  # noqa: S603
            [str(self.binaries / program), *arguments],
            check=True,
            capture_output=True,
            text=True,
            cwd=self.folder,
            **self._user(),
        ).stdout

    def _user(self) -> dict[str, str]:
        return {"user": "postgres"} if os.geteuid() == 0 else {}


class Redis(_ServerProcess):
    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str | Path]:
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", self.folder)
        return ["redis-server", "--port", str(self.port), *options]


class Nginx(_ServerProcess):
    """Nginx with the project's configuration in front of some web servers."""

    def __init__(self, *ports: int) -> None:
        super().__init__()
        template = (ROOT / "deploy/nginx/workshop.conf.template").read_text()
        variables = {
            "${WEB}": "; server ".join(f"127.0.0.1:{port}" for port in ports),
            "${RESOLVER}": "",
            "${LISTEN}": f"127.0.0.1:{self.port}",
            "${TRUSTED}": "127.0.0.1",
            "${KEPT}": str(self.folder / "kept"),
            "${LOG}": str(self.access_log),
        }
        for name, value in variables.items():
            template = template.replace(name, value)
        folders = " ".join(
            f"{name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user nobody nogroup;" if os.geteuid() == 0 else ""
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(
            f"{user} daemon off; pid {self.folder}/pid; error_log {self.folder}/errors;\n"
            f"events {{}}\nhttp {{ {folders}\n{template}\n}}\n"
        )
        if user:
            owner = pwd.getpwnam("nobody")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)

    @property
    def access_log(self) -> Path:
        return self.folder / "access"

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.access_log.read_text().splitlines()]

    def command(self) -> Sequence[str | Path]:
        return ["nginx", "-p", self.folder, "-e", self.folder / "errors", "-c", self.configuration]
