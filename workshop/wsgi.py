"""WSGI application for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workshop.settings")
_django = get_wsgi_application()

# The apps have to be loaded first.
from django.conf import settings  # noqa: E402

from sessions_app.response_cache import public  # noqa: E402
from workshop import metrics  # noqa: E402
from workshop.ops import build_id, request_id  # noqa: E402

_record = metrics.record_request if settings.METRICS_TOKEN else None
application = request_id.with_request_id(public.serve_cached(_django), _record)
build_id.current()  # hash the files before the first request
