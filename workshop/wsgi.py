"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop.settings")
_site = get_wsgi_application()

# The apps have to be loaded first.
from sessions_app import ready  # noqa: E402
from workshop import build, front  # noqa: E402

application = front.application(_site, ready.at_once)
build.name()  # now, and not with the first request
