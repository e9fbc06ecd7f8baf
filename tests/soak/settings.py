"""The site's settings; style sheets under their plain names, since nobody loads any."""

from workshop.settings import *  # noqa: F403
from workshop.settings import STORAGES as _STORAGES

STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
