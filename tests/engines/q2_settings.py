"""Settings with django-q2: a queue in the database, or in Redis where CACHE_URL is set."""

import os
import sys

from workshop.settings import *  # noqa: F403
from workshop.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_q", "tests.engines"]
TASKS = {"default": {"BACKEND": "tests.engines.q2_backend.Backend", "QUEUES": []}}
_CLUSTER = {"workers": 1, "retry": 70, "timeout": 60, "poll": 0.5, "max_attempts": 5}
Q_CLUSTER = {
    "name": "default",
    "ALT_CLUSTERS": {"mails": _CLUSTER, "documents": _CLUSTER},
    **_CLUSTER,
    **(
        {"redis": os.environ["CACHE_URL"], "prefix": f"q-{DATABASES['default']['NAME']}"}
        if os.environ.get("CACHE_URL")
        else {"orm": "default"}
    ),
}
# django-q2 reads the name of the cluster when it is imported.
if sys.argv[1:2] == ["q2_worker"]:
    os.environ["Q_CLUSTER_NAME"] = sys.argv[2]
