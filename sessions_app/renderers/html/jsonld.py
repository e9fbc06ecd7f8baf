"""schema.org data of events and sessions, for search engines and link previews."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.safestring import SafeString, mark_safe

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.renderers import labels

_STATUS = {
    "confirmed": "https://schema.org/EventScheduled",
    "tentative": "https://schema.org/EventScheduled",
    "cancelled": "https://schema.org/EventCancelled",
}


def event(agenda: Agenda, site: str, base: str) -> SafeString:
    """The event with its workshops, and the sessions of those that the reader may read."""
    starts = [workshop.starts_at for workshop in agenda.workshops]
    if not starts:
        return mark_safe("")
    return _script_element(
        {
            "@type": "Event",
            "@id": f"{site}{base}",
            "name": str(agenda.title),
            "url": f"{site}{base}",
            "startDate": min(starts).isoformat(),
            "endDate": max(workshop.ends_at for workshop in agenda.workshops).isoformat(),
            "inLanguage": list(agenda.languages),
            "organizer": [
                {"@type": "Organization", "name": name}
                for name in labels.split_lines(agenda.organisers)
            ],
            **_location(agenda, agenda.platform),
            "subEvent": [_workshop(agenda, workshop, site, base) for workshop in agenda.workshops],
        }
    )


def session(
    agenda: Agenda, workshop: Workshop, session: Session, site: str, base: str
) -> SafeString:
    """One session, as a part of its event."""
    return _script_element(
        {
            **_session(agenda, workshop, session, site, base),
            "superEvent": {"@type": "Event", "@id": f"{site}{base}", "name": str(agenda.title)},
        }
    )


def _workshop(agenda: Agenda, workshop: Workshop, site: str, base: str) -> dict[str, Any]:
    return {
        "@type": "EducationEvent",
        "name": str(workshop.title),
        "startDate": workshop.starts_at.isoformat(),
        "endDate": workshop.ends_at.isoformat(),
        "description": str(workshop.audience),
        **_location(agenda, workshop.place or agenda.platform),
        "subEvent": [
            _session(agenda, workshop, session, site, base)
            for session in workshop.sessions
            if not session.behaviour.is_break
        ],
    }


def _session(
    agenda: Agenda, workshop: Workshop, session: Session, site: str, base: str
) -> dict[str, Any]:
    address = f"{site}{base}sessions/{session.key}/"
    return {
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": str(session.title) or labels.session_name(session),
        "startDate": session.starts_at.isoformat(),
        "endDate": session.ends_at.isoformat(),
        "eventStatus": _STATUS.get(session.status, _STATUS["confirmed"]),
        **_location(agenda, agenda.place_of(workshop, session)),
        "performer": [
            {
                "@type": "Person" if appearance.person else "Organization",
                "name": str(appearance.name),
                **({"jobTitle": str(appearance.position)} if appearance.position else {}),
                **(
                    {"affiliation": {"@type": "Organization", "name": str(appearance.organisation)}}
                    if appearance.organisation
                    else {}
                ),
            }
            for appearance in session.everybody
            if appearance.name
        ],
    }


def _location(agenda: Agenda, place: Text) -> dict[str, Any]:
    """A place by name, or the event's platform as a virtual location; no postal address."""
    if not place:
        return {}
    if place != agenda.platform:
        return {"location": {"@type": "Place", "name": str(place)}}
    return {
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "name": str(place)},
    }


def _script_element(data: Mapping[str, Any]) -> SafeString:
    """A script element that no text in the data can close."""
    text = msgspec.json.encode({"@context": "https://schema.org", **data}).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped
