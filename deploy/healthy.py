"""Whether the web processes of this container answer: exit code 0, or a traceback."""

import os
from urllib.request import Request, urlopen

host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].removeprefix(".")
urlopen(Request("http://127.0.0.1:8000/healthz", headers={"Host": host}), timeout=5)
