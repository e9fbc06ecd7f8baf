"""What every request meets first: it gets an id and is counted, or is told to come later."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from workshop import metrics, unavailable
from workshop.logs import request_id

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# What needs no rows, or tells whether they can be reached.
_WITHOUT_ROWS = ("/healthz", "/readyz", settings.STATIC_URL)

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
AtOnce = tuple[str, tuple[tuple[str, str], ...], bytes]  # status, headers, body
Answering = Callable[[HttpRequest], HttpResponse]


def application(site: Application, at_once: Callable[[WSGIEnvironment], AtOnce | None]) -> Any:
    """The site as a web server calls it: what can be answered at once never gets as far."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start = perf_counter()
        found = None if unavailable.is_left_alone() else at_once(environ)
        if found is None:
            return site(environ, start_response)
        status, headers, body = found
        start_response(status, [*headers, *told_with(number_of(environ), "no-cache")])
        if settings.METRICS_TOKEN:
            metrics.count_ready(int(status[:3]), perf_counter() - start)
        return (body,)

    return answered


def number_of(environ: Mapping[str, Any]) -> str:
    """The id of a request: the one that a proxy gave, from anybody else one made anew."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return given if given and _SANE.fullmatch(given) else os.urandom(8).hex()


def told_with(number: str, cache_control: str) -> tuple[tuple[str, str], ...]:
    """The headers that every answer gets here."""
    named = ("X-Request-ID", number)
    if settings.BEHIND_PROXY and cache_control == "no-cache":
        # nginx keeps it as already old: it must ask us each time, and we may say 304.
        return (named, ("X-Accel-Expires", "@1"))
    return (named,)


def front(get_response: Answering) -> Answering:
    """The id stands in `X-Request-ID` of the answer and in every log line of the request."""
    count = metrics.count if settings.METRICS_TOKEN else None

    def middleware(request: HttpRequest) -> HttpResponse:
        start = perf_counter()
        number = number_of(request.META)
        request.META["REQUEST_ID"] = number
        mark = request_id.set(number)
        try:
            if unavailable.is_left_alone() and not request.path.startswith(_WITHOUT_ROWS):
                answer = unavailable.not_now()
            else:
                answer = get_response(request)
        finally:
            request_id.reset(mark)
        for name, value in told_with(number, answer.headers.get("Cache-Control", "")):
            answer.headers[name] = value
        if count is not None:
            count(request, answer, perf_counter() - start)
        return answer

    return middleware
