"""schema.org data on events and sessions, for search engines and link previews."""

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
    return _script(
        {
            "@type": "Event",
            "@id": f"{site}{base}",
            "name": str(agenda.title),
            "url": f"{site}{base}",
            "startDate": min(starts).isoformat(),
            "endDate": max(workshop.ends_at for workshop in agenda.workshops).isoformat(),
            "inLanguage": list(agenda.languages),
            "organizer": [
                {"@type": "Organization", "name": name} for name in labels.lines(agenda.organisers)
            ],
            **_where(agenda, agenda.platform),
            "subEvent": [_workshop(agenda, workshop, site, base) for workshop in agenda.workshops],
        }
    )


def session(
    agenda: Agenda, workshop: Workshop, session: Session, site: str, base: str
) -> SafeString:
    """One session, as a part of its event."""
    return _script(
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
        **_where(agenda, workshop.place or agenda.platform),
        "subEvent": [
            _session(agenda, workshop, session, site, base)
            for session in workshop.sessions
            if session.kind != "break"
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
        **_where(agenda, agenda.place_of(workshop, session)),
        "performer": [
            {
                "@type": "Person" if who.person else "Organization",
                "name": str(who.name),
                **({"jobTitle": str(who.position)} if who.position else {}),
                **(
                    {"affiliation": {"@type": "Organization", "name": str(who.organisation)}}
                    if who.organisation
                    else {}
                ),
            }
            for who in session.everybody
            if who.name
        ],
    }


def _where(agenda: Agenda, place: Text) -> dict[str, Any]:
    """A place as it is named; the event's platform is a virtual one. No address is made up."""
    if not place:
        return {}
    if place != agenda.platform:
        return {"location": {"@type": "Place", "name": str(place)}}
    return {
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "name": str(place)},
    }


def _script(data: Mapping[str, Any]) -> SafeString:
    """A data block that no text in it can end or leave."""
    text = msgspec.json.encode({"@context": "https://schema.org", **data}).decode()
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped
