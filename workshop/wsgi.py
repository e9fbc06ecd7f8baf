"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop.settings")
_site = get_wsgi_application()

from sessions_app import ready  # noqa: E402  # the apps have to be loaded first

application = ready.shortcut(_site)
