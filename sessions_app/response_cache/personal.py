"""What one person is answered is kept while nothing that it says has changed; for them alone."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from sessions_app.response_cache.lru import Ready, Shelf, coding, in_coding
from workshop.ops import build_id

ROOM = 32 * 2**20  # bytes in the memory of one process


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, with the secret that its forms were drawn for where it has any."""

    ready: Ready
    secret: str

    @property
    def size(self) -> int:
        return self.ready.size


SHELF: Shelf[Kept] = Shelf(ROOM)


def answer(
    request: HttpRequest, mark: tuple[str, ...], draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """What was drawn for this person under this mark, else what is drawn now.

    `mark` names the person and changes with all that the answer depends on beside its address.
    """
    if len(get_messages(request)):
        return draw()  # said once
    packing = coding(request.headers.get("Accept-Encoding", ""))
    asked = (request.method, request.scheme, request.get_host(), request.get_full_path())
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    key = (*mark, cookie, build_id.name(), *asked, packing)
    kept = SHELF.get(key)
    if kept is None:
        drawn = _plain(request, draw)
        if drawn.status_code != 200 or drawn.streaming:
            return drawn
        has_forms = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
        secret = request.META["CSRF_COOKIE"] if has_forms else ""
        kept = Kept(in_coding(drawn, packing), secret)
        SHELF.put(key, kept)
    if kept.secret and request.META.get("CSRF_COOKIE") != kept.secret:
        # Forms are good only for a browser that holds their secret: it gets it as a cookie.
        request.META |= {"CSRF_COOKIE": kept.secret, "CSRF_COOKIE_NEEDS_UPDATE": True}
    body = b"" if request.method == "HEAD" else kept.ready.body
    return HttpResponse(body, headers=dict(kept.ready.headers))


def _plain(request: HttpRequest, draw: Callable[[], HttpResponse]) -> HttpResponse:
    """What is drawn, uncompressed whatever the browser takes."""
    accepted = request.META.pop("HTTP_ACCEPT_ENCODING", None)
    request.__dict__.pop("headers", None)  # Django remembers them
    try:
        return draw()
    finally:
        if accepted is not None:
            request.META["HTTP_ACCEPT_ENCODING"] = accepted
            request.__dict__.pop("headers", None)
