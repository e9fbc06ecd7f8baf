"""Limits on documents in time zones chosen by the public: jobs that wait, requests a network."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions_app.documents import job_queue, storage
from sessions_app.public.requests import error_response
from sessions_app.renderers.pdf.documents import Document
from workshop.ops.client_network import client_network
from workshop.ops.rate_limit import RateLimit

MAX_WAITING = 20
PER_NETWORK = RateLimit("documents", 40)  # an office with people from many countries is one


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
    if seconds := PER_NETWORK.attempt(client_network(request), now):
        message = _(
            "%(count)s new documents in other time zones were requested from your network in the "
            "last ten minutes. Please try again in %(minutes)s min."
        ) % {"count": PER_NETWORK.maximum, "minutes": seconds // 60 + 1}
        return _refusal(request, 429, message, seconds)
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
