"""Settings with Huey: a queue in an SQLite file, or in Redis where CACHE_URL is set."""

from workshop.settings import *  # noqa: F403
from workshop.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.engines"]
TASKS = {"default": {"BACKEND": "tests.engines.huey_backend.Backend", "QUEUES": []}}
