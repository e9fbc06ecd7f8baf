"""Readers' calendars: each reads the published agenda, cut for its reader, and draws it."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date

from participants.access.viewer import Viewer
from sessions_app.agenda.selection import for_country, for_person, for_session, for_workshop
from sessions_app.agenda.types import Agenda
from sessions_app.public.requests import for_reader, read, upper_case
from sessions_app.publishing import queries
from sessions_app.renderers import ical, labels
from sessions_app.renderers.context import Reading
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.plain_text import Reader

P = ParamSpec("P")


def _feed(
    draw: Callable[Concatenate[Reading, P], tuple[Agenda, Feed]],
) -> Callable[..., HttpResponse]:
    """A view that draws a calendar of the newest release."""

    def view(
        request: HttpRequest, slug: str, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        reading = read(request, queries.get_published(slug, viewer), viewer)
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
            feed = _named(reading, labels.session_title(found))
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
    feed = _named(reading, f"{labels.country(code)} · {reading.agenda.title}")
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
    answer = calendar_file(drawn, f"{agenda.slug}-{name}")
    if viewer.is_known:
        return answer  # what they may read changes with no release: the ETag alone tells
    beside = queries.changed_beside_releases_at(agenda.slug)
    changed = filter(None, (agenda.released_at, beside))
    answer["Last-Modified"] = http_date(max(changed).timestamp())
    return answer


def calendar_file(drawn: bytes, name: str) -> HttpResponse:
    """A calendar with a strong ETag (RFC 9110, 8.8.3): polls cost little."""
    answer = HttpResponse(drawn, content_type="text/calendar; charset=utf-8")
    answer["ETag"] = f'"{hashlib.sha256(drawn).hexdigest()[:32]}"'
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
