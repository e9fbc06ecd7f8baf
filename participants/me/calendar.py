"""A person's own calendar, at an address of its own that they may change."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participants.access import personal_links, rate_limit
from participants.access.tokens import find_link
from participants.me.personal_view import behind_a_link, not_let_in, own_page, too_many
from participants.models import Person, PersonalLink
from participants.personal.calendar_feed import Facts, Whose, render
from participants.personal.calendar_state import get_standing
from participants.personal.join_links import get_joining_changed_at
from participants.personal.own_events import OwnEvent, list_own
from sessions_app.public.feeds import calendar_file
from sessions_app.public.requests import site
from sessions_app.response_cache import personal, versions

CALENDAR = PersonalLink.Purpose.CALENDAR


@behind_a_link
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """`/me/calendar/<token>.ics`: no cookie is asked for, the address lets in."""
    now = timezone.now()
    if seconds := rate_limit.seconds_to_wait(request, CALENDAR, now):
        return too_many(request, seconds)
    link = find_link(token, CALENDAR, now)
    if link is None:
        rate_limit.count_wrong(request, CALENDAR, now)
        return not_let_in(request)
    mark = ("own calendar", str(link.pk), versions.get_own_mark(link.person_id))
    return personal.answer(request, mark, lambda: _file(request, link, now))


@require_POST
@own_page
def renew(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/calendar/`: a new address; whoever holds the old one sees nothing more."""
    personal_links.renew_calendar(person=person, now=timezone.now())
    messages.success(
        request,
        _("Your calendar has a new address. Subscribe to it again; the old one no longer works."),
    )
    return redirect("me")


def _file(request: HttpRequest, link: PersonalLink, now: datetime) -> HttpResponse:
    answer = calendar_file(_drawn(request, link, now), "own-calendar.ics")
    # Its reader may keep it, and asks whether it still holds.
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _drawn(request: HttpRequest, link: PersonalLink, now: datetime) -> bytes:
    person = link.person
    whose = Whose(
        person=person.pk,
        name=str(person),
        country=str(person.country.code or ""),
        clock=person.clock_key,
        site=site(request),
        page=reverse("me"),
        no_reply=settings.DEFAULT_FROM_EMAIL,
        made_at=link.made_at,
    )
    events = list_own(person.pk, now)
    return render(whose, events, _facts(events))


def _facts(events: tuple[OwnEvent, ...]) -> Facts:
    workshops = [own for event in events for own in event.workshops]
    changed = {
        own.workshop.uid: get_joining_changed_at(own.workshop.uid, own.joining.version)
        for own in workshops
        if own.joining
    }
    return Facts(
        standing=get_standing(own.participation for own in workshops),
        joining_changed_at={uid: at for uid, at in changed.items() if at},
    )
