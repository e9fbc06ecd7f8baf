"""Readers' calendars: each reads the published agenda, cut for its reader, and draws it."""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date

from participants.viewer import Viewer
from sessions_app import selectors
from sessions_app.agenda import Agenda, for_country, for_person, for_session, for_workshop
from sessions_app.reading import for_reader, read, upper_case
from sessions_app.renderers import ical, words
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.plain import Reader
from sessions_app.renderers.reading import Reading

P = ParamSpec("P")

# Wanted, and not with a quality of nought (RFC 9110, 12.4.2).
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


def _feed(
    draw: Callable[Concatenate[Reading, P], tuple[Agenda, Feed]],
) -> Callable[..., HttpResponse]:
    """A view that draws a calendar of the newest release."""

    def view(
        request: HttpRequest, slug: str, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        reading = read(request, selectors.get_published(slug, viewer), viewer)
        agenda, feed = draw(reading, *args, **kwargs)
        return _calendar_file(request, ical.render(agenda, feed), reading.agenda, viewer)

    return wraps(draw)(for_reader(view))


@_feed
def event(reading: Reading) -> tuple[Agenda, Feed]:
    return reading.agenda, _named(reading, str(reading.agenda.title))


@_feed
def workshop(reading: Reading, key: str) -> tuple[Agenda, Feed]:
    for found in reading.agenda.workshops:
        if found.key == key and found.readable:
            return for_workshop(reading.agenda, found.uid), _named(reading, str(found.title))
    raise Http404


@_feed
def session(reading: Reading, key: str) -> tuple[Agenda, Feed]:
    gone = (track.gone for track in reading.agenda.tracks if track.gone)
    for found in (*reading.agenda.sessions(), *gone):
        if found.key == key:
            feed = _named(reading, words.session_title(found))
            return for_session(reading.agenda, found.uid), replace(feed, full=True)
    raise Http404


@_feed
def person(reading: Reading, key: str) -> tuple[Agenda, Feed]:
    former = (each for each in reading.agenda.former_people if each.key == key)
    found = reading.agenda.person_under(key) or next(former, None)
    if found is None:
        raise Http404
    feed = _named(reading, f"{found.name} · {reading.agenda.title}")
    reader = Reader(person=found.uid, country=found.country)
    return for_person(reading.agenda, found.uid), replace(feed, reader=reader)


@_feed
def _country(reading: Reading, code: str) -> tuple[Agenda, Feed]:
    if code not in (*reading.agenda.countries(), *reading.agenda.former_countries()):
        raise Http404
    feed = _named(reading, f"{words.country(code)} · {reading.agenda.title}")
    return for_country(reading.agenda, code), replace(feed, reader=Reader(country=code))


def country(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    return upper_case(request, slug, code, "country-ics") or _country(request, slug, code)


def _named(reading: Reading, name: str) -> Feed:
    return Feed(
        name=name,
        site=reading.site,
        base=reading.base,
        no_reply=settings.DEFAULT_FROM_EMAIL,
        asked=reading.asked,
    )


def _calendar_file(
    request: HttpRequest, drawn: bytes, agenda: Agenda, viewer: Viewer
) -> HttpResponse:
    name = request.path.rsplit("/", 1)[-1]
    answer = calendar_file(request, drawn, f"{agenda.slug}-{name}")
    if viewer.is_known:
        return answer  # what they may read changes with no release: the ETag alone tells
    # Opening or closing a workshop changes what a reader gets, too.
    changed = filter(None, (agenda.released_at, selectors.permissions_changed_at(agenda.slug)))
    answer["Last-Modified"] = http_date(max(changed).timestamp())
    return answer


def calendar_file(request: HttpRequest, drawn: bytes, name: str) -> HttpResponse:
    """A calendar with a strong ETag for each coding (RFC 9110, 8.8.3): polls cost little."""
    packed = _GZIP.search(request.headers.get("Accept-Encoding", "")) is not None
    tag = hashlib.sha256(drawn).hexdigest()[:32]
    answer = HttpResponse(
        gzip.compress(drawn, compresslevel=6, mtime=0) if packed else drawn,
        content_type="text/calendar; charset=utf-8",
    )
    if packed:
        answer["Content-Encoding"] = "gzip"
    answer["ETag"] = f'"{tag}-gzip"' if packed else f'"{tag}"'
    patch_vary_headers(answer, ["Accept-Encoding"])
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
