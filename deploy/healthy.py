"""Health check of the web container: exit code 0 if /healthz responds, else a traceback."""

import os
from urllib.request import Request, urlopen

name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].removeprefix(".")
port = os.environ.get("BIND", "").rpartition(":")[2] or "8000"
host = "127.0.0.1" if name == "*" else name
urlopen(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}), timeout=5)
