"""The site's settings without hashed static files."""

from workshop.settings import *  # noqa: F403
from workshop.settings import STORAGES as _STORAGES

STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
