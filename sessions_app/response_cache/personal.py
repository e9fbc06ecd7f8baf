"""Per-person response cache in process memory, keyed by the version of the person's data."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from sessions_app.response_cache.lru import (
    CachedResponse,
    LruCache,
    choose_encoding,
    encode_response,
)
from workshop.ops import build_id

MAX_BYTES = 32 * 2**20  # bytes in the memory of one process


@dataclass(frozen=True, slots=True)
class CachedPage:
    """Cached response, with the CSRF secret of its forms; empty without forms."""

    response: CachedResponse
    csrf_secret: str

    @property
    def size(self) -> int:
        return self.response.size


CACHE: LruCache[CachedPage] = LruCache(MAX_BYTES)


def cached_response(
    request: HttpRequest, version: tuple[str, ...], render: Callable[[], HttpResponse]
) -> HttpResponse:
    """Cached response for this address and version; rendered and stored if there is none.

    `version` contains the person, and changes with everything that the response depends on.
    """
    if len(get_messages(request)):
        return render()  # a message is shown only once
    encoding = choose_encoding(request.headers.get("Accept-Encoding", ""))
    address = (request.method, request.scheme, request.get_host(), request.get_full_path())
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    key = (*version, cookie, build_id.current(), *address, encoding)
    page = CACHE.get(key)
    if page is None:
        response = _uncompressed(request, render)
        if response.status_code != 200 or response.streaming:
            return response
        has_forms = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        csrf_secret = request.META["CSRF_COOKIE"] if has_forms else ""
        page = CachedPage(encode_response(response, encoding), csrf_secret)
        CACHE.put(key, page)
    if page.csrf_secret and request.META.get("CSRF_COOKIE") != page.csrf_secret:
        # The forms are valid only with the secret of this page: the browser gets it as a cookie.
        request.META |= {"CSRF_COOKIE": page.csrf_secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    body = b"" if request.method == "HEAD" else page.response.body
    return HttpResponse(body, headers=dict(page.response.headers))


def _uncompressed(request: HttpRequest, render: Callable[[], HttpResponse]) -> HttpResponse:
    """Render without compression, whatever encodings the browser accepts."""
    accepted = request.META.pop("HTTP_ACCEPT_ENCODING", None)
    request.__dict__.pop("headers", None)  # a cached property
    try:
        return render()
    finally:
        if accepted is not None:
            request.META["HTTP_ACCEPT_ENCODING"] = accepted
            request.__dict__.pop("headers", None)
