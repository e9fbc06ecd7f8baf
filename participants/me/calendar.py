"""Views of a person's calendar feed, at a secret address that they can renew."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participants.access import guess_limits, personal_links
from participants.access.tokens import find_link
from participants.me.personal_view import (
    invalid_link_page,
    link_view,
    personal_view,
    too_many_requests_page,
)
from participants.models import Person, PersonalLink
from participants.personal.calendar_feed import FeedData, FeedOwner, render
from participants.personal.calendar_state import get_participation_states
from participants.personal.join_links import get_join_info_changed_at
from participants.personal.own_events import OwnEvent, list_own_events
from sessions_app.public.feeds import calendar_response
from sessions_app.public.requests import site_address
from sessions_app.response_cache import personal, versions

CALENDAR = PersonalLink.Purpose.CALENDAR


@link_view
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """`/me/calendar/<token>.ics`: the feed; the token replaces the session cookie."""
    now = timezone.now()
    if seconds := guess_limits.seconds_to_wait(request, CALENDAR, now):
        return too_many_requests_page(request, seconds)
    link = find_link(token, CALENDAR, now)
    if link is None:
        seconds = guess_limits.count_failure(request, CALENDAR, now)
        return too_many_requests_page(request, seconds) if seconds else invalid_link_page(request)
    version = ("own calendar", str(link.pk), versions.personal_version(link.person_id))
    return personal.cached_response(request, version, lambda: _response(request, link, now))


@require_POST
@personal_view
def renew(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/calendar/`: create a new address; the old one stops working."""
    personal_links.renew_calendar(person=person, now=timezone.now())
    messages.success(
        request,
        _("Your calendar has a new address. Subscribe again; the old address no longer works."),
    )
    return redirect("me")


def _response(request: HttpRequest, link: PersonalLink, now: datetime) -> HttpResponse:
    response = calendar_response(_render_feed(request, link, now), "own-calendar.ics")
    # The calendar program may store it, but has to revalidate it.
    response["Cache-Control"] = "private, no-cache"
    return response


def _render_feed(request: HttpRequest, link: PersonalLink, now: datetime) -> bytes:
    person = link.person
    owner = FeedOwner(
        person=person.pk,
        name=str(person),
        country=str(person.country.code or ""),
        zone_key=person.preferred_zone_key,
        site=site_address(request),
        page=reverse("me"),
        no_reply=settings.DEFAULT_FROM_EMAIL,
        made_at=link.made_at,
    )
    events = list_own_events(person.pk, now)
    return render(owner, events, _feed_data(events))


def _feed_data(events: tuple[OwnEvent, ...]) -> FeedData:
    workshops = [own for event in events for own in event.workshops]
    changed_at = {
        own.workshop.uid: get_join_info_changed_at(own.workshop.uid, own.join_info.version)
        for own in workshops
        if own.join_info
    }
    return FeedData(
        states=get_participation_states(own.participation for own in workshops),
        join_info_changed_at={uid: at for uid, at in changed_at.items() if at},
    )
