"""Settings with the project's own engine, to compare it ALONE."""

from workshop.settings import *  # noqa: F403
from workshop.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.engines"]
