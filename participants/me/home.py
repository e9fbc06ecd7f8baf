"""View of the personal page: the person's events, sessions and invitations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.access.personal_links import calendar_token
from participants.me.event_cards import event_section
from participants.me.personal_view import cached_personal_view
from participants.models import Person
from participants.personal.own_events import OwnEvent, list_own_events
from participants.personal.own_timezone import own_zone
from sessions_app.agenda.timezones import ZoneHeading, zone_heading
from sessions_app.agenda.types import Agenda
from sessions_app.public.requests import site_address
from sessions_app.renderers.html import timezone_picker
from sessions_app.renderers.html.downloads import CalendarLinks
from workshop.zones import Zone


@require_safe
@cached_personal_view
def page(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/`: every event in which the person is listed or appears."""
    now = timezone.now()
    events = tuple(event for event in list_own_events(person.pk, now) if event.is_relevant)
    context = {
        "person": person,
        "events": tuple(
            event_section(event, person, site_address(request), now) for event in events
        ),
        "zone_heading": _zone_heading(events, person),
        "zone_options": timezone_picker.options(_nearby_zone_keys(events)),
        "calendar": _calendar_links(request, calendar_token(person, now)),
        "language": "en",
    }
    return render(request, "me/home.html", context)


def _zone_heading(events: tuple[OwnEvent, ...], person: Person) -> ZoneHeading | None:
    """Heading of the person's zone on the dates of their next event; None without events."""
    if not events:
        return None
    agenda = events[0].agenda
    zone: Zone = own_zone(person.preferred_zone_key, agenda)
    return zone_heading(zone, {workshop.starts_at for workshop in agenda.workshops})


def _nearby_zone_keys(events: tuple[OwnEvent, ...]) -> tuple[str, ...]:
    agendas: tuple[Agenda, ...] = tuple(event.agenda for event in events)
    return tuple(
        dict.fromkeys(
            key for agenda in agendas for key in timezone_picker.participants_zones(agenda)
        )
    )


def _calendar_links(request: HttpRequest, token: str | None) -> CalendarLinks | None:
    if token is None:
        return None
    path = reverse("me-calendar", args=[token])
    address = f"{site_address(request)}{path}"
    return CalendarLinks(path, address, f"webcal:{address.partition(':')[2]}")
