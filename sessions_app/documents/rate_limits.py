"""Limits on documents in time zones chosen by the public: jobs that wait, requests a network.

Counts are for a fixed time window, in the cache that all processes share; two simultaneous
requests may count once.
"""

from datetime import datetime

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions_app.documents import job_queue, storage
from sessions_app.public.requests import error_response
from sessions_app.renderers.pdf.documents import Document
from workshop.ops.client_network import client_network

MAX_WAITING = 20
MAX_PER_NETWORK = 40  # an office with people from many countries is one
WINDOW_SECONDS = 600


def over_limit_response(request: HttpRequest, document: Document) -> HttpResponse | None:
    """A 503 or 429 response if a limit is reached, None if the document may be requested.

    A document that has been requested before does not count.
    """
    now = timezone.now()
    if job_queue.find(storage.content_hash(document)) is not None:
        return None
    if job_queue.count_waiting_variants(now=now) >= MAX_WAITING:
        message = _(
            "Many documents in other time zones are being created. Please try again in a minute."
        )
        return _refusal(request, 503, message, 60)
    cache, key = caches["shared"], _cache_key(request, now)
    count = cache.get(key, 0)
    if count >= MAX_PER_NETWORK:
        seconds = WINDOW_SECONDS - int(now.timestamp()) % WINDOW_SECONDS
        message = _(
            "%(count)s new documents in other time zones were requested from your network in the "
            "last ten minutes. Please try again in %(minutes)s min."
        ) % {"count": count, "minutes": seconds // 60 + 1}
        return _refusal(request, 429, message, seconds)
    cache.set(key, count + 1, WINDOW_SECONDS)
    return None


def _refusal(request: HttpRequest, status: int, message: str, seconds: int) -> HttpResponse:
    query = request.GET.copy()
    for parameter in ("tz", "lang", "made"):
        query.pop(parameter, None)
    response = error_response(
        status,
        _("This document cannot be created right now"),
        message,
        back=request.path + (f"?{query.urlencode()}" if query else ""),
        back_text=_("The document in the programme’s own time zones"),
    )
    response["Retry-After"] = str(seconds)
    return response


def _cache_key(request: HttpRequest, now: datetime) -> str:
    return f"papers:{int(now.timestamp()) // WINDOW_SECONDS}:{client_network(request)}"
