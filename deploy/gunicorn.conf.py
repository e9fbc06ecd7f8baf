"""Gunicorn configuration, for `make run`, the container and any server.

BIND             address and port, default 127.0.0.1:8000
WEB_CONCURRENCY  number of web processes, default 2
LOGS             json for a JSON access log on standard output
METRICS_TOKEN    if set, requests are counted for /healthz/metrics
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
forwarder_headers = ""  # never take SCRIPT_NAME from a request header
logger_class = "workshop.ops.logs.GunicornLogger"
accesslog = "-" if os.environ.get("LOGS") == "json" else None
# Heartbeat files in memory: on a slow disk, a busy worker would be killed as hung.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

_metrics_folder = (
    Path(os.environ.get("VAR", "var")) / "metrics" / f"{socket.gethostname()}-{os.getpid()}"
)
if os.environ.get("METRICS_TOKEN"):
    # The workers share one folder; it must be set before they start.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_folder.absolute())


def on_starting(_server: Any) -> None:
    shutil.rmtree(_metrics_folder, ignore_errors=True)
    if os.environ.get("METRICS_TOKEN"):
        _metrics_folder.mkdir(parents=True)


def on_exit(_server: Any) -> None:
    shutil.rmtree(_metrics_folder, ignore_errors=True)
