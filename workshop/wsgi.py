"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop.settings")
_site = get_wsgi_application()

# The apps have to be loaded first.
from django.conf import settings  # noqa: E402

from sessions_app.response_cache import public  # noqa: E402
from workshop import metrics  # noqa: E402
from workshop.ops import build_id, request_id  # noqa: E402

_count = metrics.count if settings.METRICS_TOKEN else None
application = request_id.with_request_id(public.shortcut(_site), _count)
build_id.name()  # now, and not with the first request
