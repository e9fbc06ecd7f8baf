"""What every request meets first: it gets an id and is counted, or is told to come later."""

import os
import re
from collections.abc import Callable, Iterable
from time import perf_counter
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from workshop.ops import errors
from workshop.ops.logs import request_id

# What is answered before any address is looked up.
READY = "ready-bytes"

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# What needs no rows, or tells whether they can be reached.
_WITHOUT_ROWS = ("/healthz", "/readyz", settings.STATIC_URL)

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
Count = Callable[[str, str, float], None]
Answering = Callable[[HttpRequest], HttpResponse]


def with_request_id(site: Application, count: Count | None = None) -> Application:
    """The site with an id for each request: in `X-Request-ID`, and in every log line of it.

    One that a proxy gave is kept; from anybody else it is made anew. `count`, if given, is told
    the route, the status and the seconds of each answer.
    """
    is_behind_proxy = settings.BEHIND_PROXY

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start = perf_counter()
        given = environ.get("HTTP_X_REQUEST_ID", "") if is_behind_proxy else ""
        number = given if given and _SANE.fullmatch(given) else os.urandom(8).hex()
        told = [""]

        def start_with_id(
            status: str,
            headers: list[tuple[str, str]],
            problem: tuple[type[BaseException], BaseException, TracebackType] | Any = None,
        ) -> Any:
            told[0] = status
            headers.append(("X-Request-ID", number))
            if is_behind_proxy and ("Cache-Control", "no-cache") in headers:
                # nginx keeps it as already old: it must ask us each time, and we may say 304.
                headers.append(("X-Accel-Expires", "@1"))
            return start_response(status, headers, *([problem] if problem else ()))

        mark = request_id.set(number)
        try:
            return site(environ, start_with_id)
        finally:
            request_id.reset(mark)
            if count is not None:
                count(environ.get("ROUTE", READY), told[0][:3], perf_counter() - start)

    return answered


def availability_middleware(get_response: Answering) -> Answering:
    """Names the address that answers, and spares a database that is gone a moment of questions."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["ROUTE"] = "none"
        if errors.is_left_alone() and not request.path.startswith(_WITHOUT_ROWS):
            return errors.not_now()
        answer = get_response(request)
        request.META["ROUTE"] = _route(request, answer)
        return answer

    return middleware


def _route(request: HttpRequest, answer: HttpResponse) -> str:
    found = request.resolver_match
    if found is not None:
        return found.app_name or found.url_name or "unnamed"
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    return READY if answer.status_code in (200, 304) else "none"
