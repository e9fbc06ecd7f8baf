"""Response cache for requests without a web session, keyed by the public version of the event.

A hit costs one query, for the version. A new version is a new key: no entry is ever stale, nothing
has to be invalidated, and processes need not tell each other of a new release.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_conditional_response

from sessions_app.response_cache import versions
from sessions_app.response_cache.lru import (
    CachedResponse,
    LruCache,
    choose_encoding,
    encode_response,
)
from workshop.models import RESERVED_SLUGS
from workshop.ops import build_id, errors
from workshop.zones import MAX_ZONES

# Query parameters that public responses depend on; all others are ignored.
RELEVANT_PARAMETERS = ("tz", "lang", "short", "before")
MAX_QUERY_LENGTH, MAX_HOST_LENGTH = 300, 260
# Bytes in the memory of one process. Requests with a query or another host have a cache of their
# own, so that a client who tries many combinations cannot evict the plain addresses.
MAX_BYTES, MAX_VARIANTS_BYTES = 64 * 2**20, 32 * 2**20

_PRECONDITION_HEADERS = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_CONDITIONAL_HEADERS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", *_PRECONDITION_HEADERS)
_NEGOTIATION_HEADERS = (
    *_CONDITIONAL_HEADERS,
    "HTTP_ACCEPT_ENCODING",
    "HTTP_RANGE",
    "HTTP_IF_RANGE",
)
_EVENT = re.compile(r"/([-a-zA-Z0-9_]+)/")


class CacheKey(NamedTuple):
    """Everything that a public response depends on."""

    version: str
    build: str
    host: str
    scheme: str
    forwarded_scheme: str
    path: str
    query: str
    encoding: str


GetResponse = Callable[[HttpRequest], HttpResponse]
Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


def cacheable(response: HttpResponse) -> HttpResponse:
    """Allow caching of a response that depends only on its address and the public version."""
    response.is_cacheable = True  # type: ignore[attr-defined]
    return response


CACHE: LruCache[CachedResponse] = LruCache(MAX_BYTES)
VARIANTS_CACHE: LruCache[CachedResponse] = LruCache(MAX_VARIANTS_BYTES)


def clear() -> None:
    """Empty the caches of this process."""
    CACHE.clear()
    VARIANTS_CACHE.clear()


def serve_cached(site: Application) -> Application:
    """WSGI middleware that answers from the memory of this process, before Django starts.

    All other requests go on to Django, also after a database error here.
    """

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            reply = None if errors.is_database_paused() else _cached_reply(environ)
        except Error as error:
            errors.record_failure(error)
            reply = None
        finally:
            connection.close_if_unusable_or_obsolete()
        if reply is None:
            return site(environ, start_response)
        status, headers, body = reply
        start_response(status, headers)
        return (body,)

    return application


def _cached_reply(environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Status, headers and body of a cached response; None without one or if Django must decide."""
    if any(name in environ for name in _PRECONDITION_HEADERS):
        return None
    key = _cache_key(environ)
    cached = None if key is None else _cache_for(key).get(key)
    if cached is None:
        return None
    # If-None-Match takes precedence over If-Modified-Since (RFC 9110, 13.1.3).
    client_etag = environ.get("HTTP_IF_NONE_MATCH")
    if client_etag is None:
        if "HTTP_IF_MODIFIED_SINCE" in environ:
            return None
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else cached.body
        return "200 OK", list(cached.headers), body
    if client_etag.removeprefix("W/") == cached.etag:
        return "304 Not Modified", list(cached.not_modified_headers()), b""
    return None  # it can be a list of ETags


class CachedResponseMiddleware:
    """Middleware that stores and serves responses to requests without a web session."""

    def __init__(self, get_response: GetResponse) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("No response cache with DEBUG: templates and code change.")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _cache_key(request.META)
        if key is None:
            return self.get_response(request)
        cache = _cache_for(key)
        cached = cache.get(key)
        if cached is None:
            made = self._shared_or_rendered(request, key)
            if isinstance(made, HttpResponse):
                return made
            cached = made
            cache.put(key, cached)
        return _response(request, cached)

    def _shared_or_rendered(
        self, request: HttpRequest, key: CacheKey
    ) -> CachedResponse | HttpResponse:
        """Response from the shared cache, else rendered; an HttpResponse if it cannot be cached."""
        name = hashlib.sha256(repr(key).encode()).hexdigest()
        shared: CachedResponse | None = caches["responses"].get(name)
        if shared is not None:
            return shared
        response = self._unconditional(request)
        if not _is_storable(response):
            return response
        cached = encode_response(response, key.encoding)
        # The version changed while rendering: the response is right now, but not for this key.
        if versions.public_version(_event_slug(request.META)) != key.version:
            return _response(request, cached)
        caches["responses"].set(name, cached)
        return cached

    def _unconditional(self, request: HttpRequest) -> HttpResponse:
        """Full response of the site, without compression, ranges or conditions."""
        meta = request.META
        headers = {name: meta.pop(name) for name in _NEGOTIATION_HEADERS if name in meta}
        try:
            return self.get_response(request)
        finally:
            meta.update(headers)


def _cache_key(meta: Mapping[str, Any]) -> CacheKey | None:
    """Cache key of a request; None if the response cannot be cached."""
    slug = _event_slug(meta)
    query = _canonical_query(meta.get("QUERY_STRING", ""))
    if not slug or query is None:
        return None
    version = versions.public_version(slug)
    if version is None:
        return None
    return CacheKey(
        version,
        build_id.current(),
        # Not validated: the response to an unknown host is an error, which is never cached.
        meta.get("HTTP_HOST", ""),
        meta.get("wsgi.url_scheme", ""),
        meta.get("HTTP_X_FORWARDED_PROTO", "") if settings.BEHIND_PROXY else "",
        meta["PATH_INFO"],
        query,
        choose_encoding(meta.get("HTTP_ACCEPT_ENCODING", "")),
    )


def _event_slug(meta: Mapping[str, Any]) -> str:
    """Event slug of a GET or HEAD request without a web session; empty for all other requests."""
    if meta["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return ""
    if settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", "") or meta.get("SCRIPT_NAME"):
        return ""
    if len(meta.get("HTTP_HOST", "")) > MAX_HOST_LENGTH:
        return ""
    match = _EVENT.match(meta["PATH_INFO"])
    return match[1] if match and match[1] not in RESERVED_SLUGS else ""


def _cache_for(key: CacheKey) -> LruCache[CachedResponse]:
    is_plain = key.query == "" and key.host == urlsplit(settings.SITE).netloc
    return CACHE if is_plain else VARIANTS_CACHE


def _canonical_query(query: str) -> str | None:
    """Query in canonical form, relevant parameters only; None if it is too long."""
    if not query:
        return ""
    if len(query) > MAX_QUERY_LENGTH or not query.isascii():
        return None
    parameters = QueryDict(query)
    zones = [zone.strip() for value in parameters.getlist("tz") for zone in value.split(",")]
    zones = list(dict.fromkeys(filter(None, zones)))
    if len(zones) > MAX_ZONES:
        return None
    values = {name: parameters.get(name, "") for name in RELEVANT_PARAMETERS} | {
        "tz": ",".join(zones)
    }
    return urlencode({name: value for name, value in values.items() if value})


def _is_storable(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and getattr(response, "is_cacheable", False)
        and not response.streaming
        and not response.cookies
    )


def _response(request: HttpRequest, cached: CachedResponse) -> HttpResponse:
    """Django response of a cached one, or a 304 for a client that has it."""
    is_head = request.method == "HEAD"
    response = HttpResponse(b"" if is_head else cached.body, headers=dict(cached.headers))
    if not any(name in request.META for name in _CONDITIONAL_HEADERS):
        return response
    return (
        get_conditional_response(request, cached.etag, cached.last_modified, response) or response
    )
