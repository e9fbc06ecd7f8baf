"""Public iCalendar feeds: the published agenda, cut for the reader."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import http_date

from participants.access.levels import Viewer
from sessions_app.agenda.selection import for_country, for_person, for_session, for_workshop
from sessions_app.agenda.types import Agenda
from sessions_app.public.requests import build_context, reader_view, upper_case_redirect
from sessions_app.publishing import queries
from sessions_app.renderers import ical, labels
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.plain_text import CalendarOwner

P = ParamSpec("P")


def _calendar_view(
    select: Callable[Concatenate[RenderContext, P], tuple[Agenda, Feed]],
) -> Callable[..., HttpResponse]:
    """Decorator that makes a calendar view of the newest release from a function that selects."""

    def view(
        request: HttpRequest, slug: str, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        context = build_context(request, queries.get_published(slug, viewer), viewer)
        agenda, feed = select(context, *args, **kwargs)
        return _feed_response(request, ical.render(agenda, feed), context.agenda, viewer)

    return wraps(select)(reader_view(view))


@_calendar_view
def event(context: RenderContext) -> tuple[Agenda, Feed]:
    return context.agenda, _feed_for(context, str(context.agenda.title))


@_calendar_view
def workshop(context: RenderContext, key: str) -> tuple[Agenda, Feed]:
    for candidate in context.agenda.workshops:
        if candidate.key == key and candidate.readable:
            feed = _feed_for(context, str(candidate.title))
            return for_workshop(context.agenda, candidate.uid), feed
    raise Http404


@_calendar_view
def session(context: RenderContext, key: str) -> tuple[Agenda, Feed]:
    removed = (state.last_known for state in context.agenda.calendar_states if state.last_known)
    for candidate in (*context.agenda.sessions(), *removed):
        if candidate.key == key:
            feed = _feed_for(context, labels.session_title(candidate))
            return for_session(context.agenda, candidate.uid), replace(feed, full=True)
    raise Http404


@_calendar_view
def person(context: RenderContext, key: str) -> tuple[Agenda, Feed]:
    former = (person for person in context.agenda.former_people if person.key == key)
    owner = context.agenda.find_person(key) or next(former, None)
    if owner is None:
        raise Http404
    feed = _feed_for(context, f"{owner.name} · {context.agenda.title}")
    calendar_owner = CalendarOwner(person=owner.uid, country=owner.country)
    return for_person(context.agenda, owner.uid), replace(feed, owner=calendar_owner)


@_calendar_view
def _country(context: RenderContext, code: str) -> tuple[Agenda, Feed]:
    if code not in (*context.agenda.countries(), *context.agenda.former_countries()):
        raise Http404
    feed = _feed_for(context, f"{labels.country(code)} · {context.agenda.title}")
    return for_country(context.agenda, code), replace(feed, owner=CalendarOwner(country=code))


def country(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    return upper_case_redirect(request, slug, code, "country-ics") or _country(request, slug, code)


def _feed_for(context: RenderContext, name: str) -> Feed:
    return Feed(
        name=name,
        site=context.site,
        base=context.base,
        no_reply=settings.DEFAULT_FROM_EMAIL,
        requested_zones=context.requested_zones,
    )


def _feed_response(
    request: HttpRequest, content: bytes, agenda: Agenda, viewer: Viewer
) -> HttpResponse:
    name = request.path.rsplit("/", 1)[-1]
    response = calendar_response(content, f"{agenda.slug}-{name}")
    if viewer.is_identified:
        return response  # their permissions may change without a release: only the ETag is exact
    changed_at = queries.changed_without_release_at(agenda.slug)
    moments = filter(None, (agenda.released_at, changed_at))
    response["Last-Modified"] = http_date(max(moments).timestamp())
    return response


def calendar_response(content: bytes, name: str) -> HttpResponse:
    """A calendar file with a strong ETag (RFC 9110, 8.8.3), so that polling is cheap."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
