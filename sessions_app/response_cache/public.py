"""Ready bytes: what strangers are answered is drawn once and kept until it may say something else.

Foremost among what answers: a request without a web session costs one query, for the mark of what
strangers may read at this moment, and finds its bytes under that mark. So nothing is ever stale,
nothing has to be thrown away, and no process has to tell another of a new release.
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
from sessions_app.response_cache.lru import Ready, Shelf, coding, in_coding
from workshop.models import RESERVED_SLUGS
from workshop.ops import build_id, errors
from workshop.zones import MOST_ZONES

# What decides the answer, of all that a query may say; an answer says nothing of the rest.
ASKED = ("tz", "lang", "short", "before")
LONGEST_QUERY, LONGEST_HOST = 300, 260
# Bytes in the memory of one process: for addresses as they are, and for those with a query or on
# another host, so that whoever tries combinations displaces only what others like them tried.
ROOM, ROOM_FOR_VARIANTS = 64 * 2**20, 32 * 2**20

_UNUSUAL = ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", *_UNUSUAL)
_WAYS = (*_CONDITIONS, "HTTP_ACCEPT_ENCODING", "HTTP_RANGE", "HTTP_IF_RANGE")
_EVENT = re.compile(r"/([-a-zA-Z0-9_]+)/")


class Key(NamedTuple):
    """Two requests with one key are answered alike."""

    mark: str
    build: str
    host: str
    scheme: str
    forwarded_scheme: str
    path: str
    query: str
    coding: str


Answering = Callable[[HttpRequest], HttpResponse]
Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


def may_be_kept(answer: HttpResponse) -> HttpResponse:
    """Mark an answer that says the same to every stranger until the event's mark changes."""
    answer.is_for_strangers = True  # type: ignore[attr-defined]
    return answer


SHELF: Shelf[Ready] = Shelf(ROOM)
SHELF_FOR_VARIANTS: Shelf[Ready] = Shelf(ROOM_FOR_VARIANTS)


def clear() -> None:
    """Forget every answer that this process keeps."""
    SHELF.clear()
    SHELF_FOR_VARIANTS.clear()


def shortcut(site: Application) -> Application:
    """The site as gunicorn calls it: what is ready in this process leaves before Django begins.

    Everything else, and whatever goes wrong here, is the site's and its middleware's.
    """

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            at_once = None if errors.is_left_alone() else _at_once(environ)
        except Error as problem:
            errors.note(problem)
            at_once = None
        finally:
            connection.close_if_unusable_or_obsolete()
        if at_once is None:
            return site(environ, start_response)
        status, headers, body = at_once
        start_response(status, headers)
        return (body,)

    return answered


def _at_once(environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes] | None:
    """Status, headers and body of what is ready in memory; None for all but plain requests."""
    if any(name in environ for name in _UNUSUAL):
        return None
    key = _key(environ)
    ready = None if key is None else _shelf(key).get(key)
    if ready is None:
        return None
    # Beside If-None-Match, If-Modified-Since says nothing (RFC 9110, 13.1.3).
    held = environ.get("HTTP_IF_NONE_MATCH")
    if held is None:
        if "HTTP_IF_MODIFIED_SINCE" in environ:
            return None
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else ready.body
        return "200 OK", list(ready.headers), body
    if held.removeprefix("W/") == ready.etag:
        return "304 Not Modified", list(ready.unchanged()), b""
    return None  # one of several, perhaps


class ReadyMiddleware:
    """Answers strangers from what was drawn once; everything else goes on to the site."""

    def __init__(self, get_response: Answering) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed("Templates and code change while developing.")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request.META)
        if key is None:
            return self.get_response(request)
        shelf = _shelf(key)
        ready = shelf.get(key)
        if ready is None:
            found = self._drawn(request, key)
            if isinstance(found, HttpResponse):
                return found
            ready = found
            shelf.put(key, ready)
        return _answer(request, ready)

    def _drawn(self, request: HttpRequest, key: Key) -> Ready | HttpResponse:
        """What all processes keep together, else drawn now; as it is if it is not to be kept."""
        name = hashlib.sha256(repr(key).encode()).hexdigest()
        kept: Ready | None = caches["ready"].get(name)
        if kept is not None:
            return kept
        answer = self._plain(request)
        if not _is_kept(answer):
            return answer
        ready = in_coding(answer, key.coding)
        # Drawn of one release and asked for by the mark of another: right for now, not for later.
        if versions.get_public_mark(_event_of(request.META)) != key.mark:
            return _answer(request, ready)
        caches["ready"].set(name, ready)
        return ready

    def _plain(self, request: HttpRequest) -> HttpResponse:
        """The whole answer of the site, uncompressed, whatever the request makes conditional."""
        meta = request.META
        ways = {name: meta.pop(name) for name in _WAYS if name in meta}
        try:
            return self.get_response(request)
        finally:
            meta.update(ways)


def _key(meta: Mapping[str, Any]) -> Key | None:
    """All that an answer to a stranger depends on; None where the site itself has to answer."""
    slug = _event_of(meta)
    query = _canonical(meta.get("QUERY_STRING", ""))
    if not slug or query is None:
        return None
    mark = versions.get_public_mark(slug)
    if mark is None:
        return None
    return Key(
        mark,
        build_id.name(),
        # Unchecked: one that the site does not answer to is never kept.
        meta.get("HTTP_HOST", ""),
        meta.get("wsgi.url_scheme", ""),
        meta.get("HTTP_X_FORWARDED_PROTO", "") if settings.BEHIND_PROXY else "",
        meta["PATH_INFO"],
        query,
        coding(meta.get("HTTP_ACCEPT_ENCODING", "")),
    )


def _event_of(meta: Mapping[str, Any]) -> str:
    """The first part of the address of a request that a stranger may have sent, to read."""
    if meta["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return ""
    if settings.SESSION_COOKIE_NAME in meta.get("HTTP_COOKIE", "") or meta.get("SCRIPT_NAME"):
        return ""
    if len(meta.get("HTTP_HOST", "")) > LONGEST_HOST:
        return ""
    found = _EVENT.match(meta["PATH_INFO"])
    return found[1] if found and found[1] not in RESERVED_SLUGS else ""


def _shelf(key: Key) -> Shelf[Ready]:
    own = key.query == "" and key.host == urlsplit(settings.SITE).netloc
    return SHELF if own else SHELF_FOR_VARIANTS


def _canonical(sent: str) -> str | None:
    """A query in one spelling, without what no answer depends on; None where it is too long."""
    if not sent:
        return ""
    if len(sent) > LONGEST_QUERY or not sent.isascii():
        return None
    asked = QueryDict(sent)
    zones = [zone.strip() for value in asked.getlist("tz") for zone in value.split(",")]
    zones = list(dict.fromkeys(filter(None, zones)))
    if len(zones) > MOST_ZONES:
        return None
    said = {name: asked.get(name, "") for name in ASKED} | {"tz": ",".join(zones)}
    return urlencode({name: value for name, value in said.items() if value})


def _is_kept(answer: HttpResponse) -> bool:
    return (
        answer.status_code == 200
        and getattr(answer, "is_for_strangers", False)
        and not answer.streaming
        and not answer.cookies
    )


def _answer(request: HttpRequest, ready: Ready) -> HttpResponse:
    """What is kept, or 304 where its reader has it already."""
    is_head = request.method == "HEAD"
    answer = HttpResponse(b"" if is_head else ready.body, headers=dict(ready.headers))
    if not any(name in request.META for name in _CONDITIONS):
        return answer
    return get_conditional_response(request, ready.etag, ready.changed, answer) or answer
