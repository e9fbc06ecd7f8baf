"""A person's own page: what they have to do with, on their clock, and how to reply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.access.personal_links import calendar_token
from participants.me.event_cards import event_lines
from participants.me.personal_view import kept_own_page
from participants.models import Person
from participants.personal.own_events import OwnEvent, list_own
from participants.personal.own_timezone import own_zone
from sessions_app.agenda.timezones import Clock, clock
from sessions_app.agenda.types import Agenda
from sessions_app.public.requests import site
from sessions_app.renderers.html import timezone_picker
from sessions_app.renderers.html.downloads import CalendarLinks
from workshop.zones import Zone


@require_safe
@kept_own_page
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/`: every event in which the person is listed or appears."""
    now = timezone.now()
    events = tuple(event for event in list_own(person.pk, now) if event.concerns_them)
    context = {
        "person": person,
        "events": tuple(event_lines(event, person, site(request), now) for event in events),
        "clock": _clock(events, person),
        "zone_options": timezone_picker.options(_near(events)),
        "calendar": _calendar(request, calendar_token(person, now)),
        "language": "en",
    }
    return render(request, "me/page.html", context)


def _clock(events: tuple[OwnEvent, ...], person: Person) -> Clock | None:
    """The clock that they live by, as it is called when their next event is; None without one."""
    if not events:
        return None
    agenda = events[0].agenda
    zone: Zone = own_zone(person.clock_key, agenda)
    return clock(zone, {each.starts_at for each in agenda.workshops})


def _near(events: tuple[OwnEvent, ...]) -> tuple[str, ...]:
    agendas: tuple[Agenda, ...] = tuple(event.agenda for event in events)
    return tuple(dict.fromkeys(key for agenda in agendas for key in timezone_picker.near(agenda)))


def _calendar(request: HttpRequest, token: str | None) -> CalendarLinks | None:
    if token is None:
        return None
    path = reverse("me-calendar", args=[token])
    address = f"{site(request)}{path}"
    return CalendarLinks(path, address, f"webcal:{address.partition(':')[2]}")
