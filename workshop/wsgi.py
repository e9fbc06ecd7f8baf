"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop.settings")
_site = get_wsgi_application()

# The apps have to be loaded first.
from sessions_app.response_cache import public  # noqa: E402
from workshop.ops import build_id, request_id  # noqa: E402

application = request_id.outside(public.shortcut(_site))
build_id.name()  # now, and not with the first request
