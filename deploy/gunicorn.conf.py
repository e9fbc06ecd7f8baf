"""The web server's options, the same for `make run`, the container and any machine.

BIND             where it listens, 127.0.0.1:8000 unless set
WEB_CONCURRENCY  how many web processes, 2 unless set
LOGS             json for a line a request on standard output, as JSON
METRICS_TOKEN    what counts requests for /healthz/metrics, where it is set
"""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

wsgi_app = "workshop.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
timeout = 120
forwarder_headers = ""  # no header of a request says where the site is mounted
logger_class = "workshop.ops.logs.ServerLog"
accesslog = "-" if os.environ.get("LOGS") == "json" else None
# A process tells that it lives through a file there: a slow disk must not make it look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

_counted = Path(os.environ.get("VAR", "var")) / "metrics" / f"{socket.gethostname()}-{os.getpid()}"
if os.environ.get("METRICS_TOKEN"):
    # All processes of this server count into one folder; it must be known before they start.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counted.absolute())


def on_starting(_server: Any) -> None:
    shutil.rmtree(_counted, ignore_errors=True)
    if os.environ.get("METRICS_TOKEN"):
        _counted.mkdir(parents=True)


def on_exit(_server: Any) -> None:
    shutil.rmtree(_counted, ignore_errors=True)
