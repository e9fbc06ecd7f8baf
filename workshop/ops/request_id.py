"""Outermost WSGI layer: request ID, metrics, and 503 while the database is unreachable."""

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

# Route label of responses from the cache, which are sent before URL resolving.
CACHED_ROUTE = "cached"

_VALID_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Paths that work without the database, or report on it.
_DATABASE_FREE_PATHS = ("/healthz", "/readyz", settings.STATIC_URL)

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
Count = Callable[[str, str, float], None]
GetResponse = Callable[[HttpRequest], HttpResponse]


def with_request_id(site: Application, count: Count | None = None) -> Application:
    """WSGI middleware that gives each request an ID, for `X-Request-ID` and the log lines.

    An ID from our proxy is used; one from a client is replaced. `count`, if given, is called with
    the route, status and seconds of each response.
    """
    is_behind_proxy = settings.BEHIND_PROXY

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start = perf_counter()
        proxy_id = environ.get("HTTP_X_REQUEST_ID", "") if is_behind_proxy else ""
        number = proxy_id if _VALID_ID.fullmatch(proxy_id) else os.urandom(8).hex()
        sent_status = [""]

        def start_with_id(
            status: str,
            headers: list[tuple[str, str]],
            error: tuple[type[BaseException], BaseException, TracebackType] | Any = None,
        ) -> Any:
            sent_status[0] = status
            headers.append(("X-Request-ID", number))
            if is_behind_proxy and ("Cache-Control", "no-cache") in headers:
                # nginx stores it as expired, so it revalidates each time and we can answer 304.
                headers.append(("X-Accel-Expires", "@1"))
            return start_response(status, headers, *([error] if error else ()))

        token = request_id.set(number)
        try:
            return site(environ, start_with_id)
        finally:
            request_id.reset(token)
            if count is not None:
                count(
                    environ.get("ROUTE", CACHED_ROUTE), sent_status[0][:3], perf_counter() - start
                )

    return application


def availability_middleware(get_response: GetResponse) -> GetResponse:
    """Middleware that records the route for metrics, and sends 503 while queries are paused."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.META["ROUTE"] = "none"
        if errors.is_database_paused() and not request.path.startswith(_DATABASE_FREE_PATHS):
            return errors.unavailable_response()
        response = get_response(request)
        request.META["ROUTE"] = _route(request, response)
        return response

    return middleware


def _route(request: HttpRequest, response: HttpResponse) -> str:
    match = request.resolver_match
    if match is not None:
        return match.app_name or match.url_name or "unnamed"
    if request.path.startswith(settings.STATIC_URL):
        return "static"
    return CACHED_ROUTE if response.status_code in (200, 304) else "none"
