"""What every request meets first: it gets an id and is counted, or is told to come later."""

import os
import re
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from workshop import metrics, unavailable
from workshop.logs import request_id

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# What needs no rows, or tells whether they can be reached.
_WITHOUT_ROWS = ("/healthz", "/readyz", settings.STATIC_URL)

Answering = Callable[[HttpRequest], HttpResponse]


def front(get_response: Answering) -> Answering:
    """The id stands in `X-Request-ID` of the answer and in every log line of the request.

    One that a proxy gave is kept; from anybody else it is made anew.
    """
    is_behind_proxy = settings.BEHIND_PROXY
    count = metrics.count if settings.METRICS_TOKEN else None

    def middleware(request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        given = request.META.get("HTTP_X_REQUEST_ID", "") if is_behind_proxy else ""
        number = given if given and _SANE.fullmatch(given) else os.urandom(8).hex()
        request.META["REQUEST_ID"] = number
        mark = request_id.set(number)
        try:
            if unavailable.is_left_alone() and not request.path.startswith(_WITHOUT_ROWS):
                answer = unavailable.not_now()
            else:
                answer = get_response(request)
        finally:
            request_id.reset(mark)
        answer.headers["X-Request-ID"] = number
        if is_behind_proxy and answer.headers.get("Cache-Control") == "no-cache":
            # nginx keeps it as already old: it must ask us each time, and we may say 304.
            answer.headers["X-Accel-Expires"] = "@1"
        if count is not None:
            count(request, answer, perf_counter() - start)
        return answer

    return middleware
