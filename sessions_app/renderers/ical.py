"""The published agenda as iCalendar (RFC 5545, 5546 and 7986).

Times are in UTC, so that a calendar needs no zone data; local times are in the description.
DTSTAMP and LAST-MODIFIED are the release in which a session last changed, never the time of the
request: the same release gives the same bytes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import (
    Calendar,
    Component,
    Event,
    vCalAddress,
    vCategory,
    vDDDTypes,
    vDuration,
    vInt,
    vText,
    vUri,
)

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, CalendarState, Session
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import display_zones as zones_of
from sessions_app.renderers.plain_text import NO_OWNER, CalendarOwner
from workshop import zones
from workshop.zones import Zone

REFRESH_INTERVAL = timedelta(hours=1)
# Calendars on telephones handle at least this length.
LONGEST_DESCRIPTION = 8000
LINE_OCTETS = 74  # the space that begins the next piece makes 75


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar's name, addresses, organiser, owner and amount of detail.

    `site` is scheme and host, `base` the path of the agenda; `requested_zones` come first in the
    description; `no_reply` is the ORGANIZER if the event has no public office.
    """

    name: str
    site: str
    base: str
    no_reply: str
    requested_zones: tuple[Zone, ...] = ()
    owner: CalendarOwner = NO_OWNER
    full: bool = False


def render(agenda: Agenda, feed: Feed) -> bytes:
    """The agenda's sessions as VEVENTs, removed ones as cancelled; UTF-8 with CRLF."""
    return render_events(
        feed.name,
        events(agenda, feed),
        address=f"{feed.site}{feed.base}",
        zone=agenda.zone,
        changed_at=_released(agenda),
    )


def events(agenda: Agenda, feed: Feed) -> Iterator[Event]:
    """The VEVENTs of the agenda's sessions, by start."""
    by = organizer(agenda, feed.no_reply)
    zones_shown = zones.unique((*feed.requested_zones, *zones_of(agenda)))
    for entry in _entries(agenda):
        yield _event(entry, feed, by, zones_shown)


def render_events(
    name: str, events: Iterable[Event], *, address: str, zone: str, changed_at: datetime
) -> bytes:
    """A calendar to subscribe to, with these VEVENTs; UTF-8 with CRLF."""
    # One line, with iCalendar's special characters escaped (RFC 7986, 5.1).
    calendar_name = vText(" ".join(plain_text.clean(name).split()))
    *head, end = _lines(_calendar(calendar_name, address, zone, changed_at))
    # Entries are written one by one: a thousand in memory cost more time than writing them.
    entries = (line for event in events for line in _lines(event))
    return b"".join(b"%b\r\n" % fold_line(line) for line in (*head, *entries, end))


def _lines(component: Component) -> list[str]:
    return [line for line in component.content_lines() if line]


def fold_line(line: str) -> bytes:
    """A content line in UTF-8, folded into pieces of at most 75 octets (RFC 5545, 3.1).

    Faster than the library's folding, which goes letter by letter and took a third of the time of
    a calendar; the same octets: no character is split, and no escape from its character.
    """
    octets, start, pieces = line.encode(), 0, []
    while len(octets) - start > LINE_OCTETS:
        end = start + LINE_OCTETS
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        if octets[end - 1] in b"\\^":
            end -= 1
        pieces.append(octets[start:end])
        start = end
    return b"\r\n ".join((*pieces, octets[start:]))


@dataclass(frozen=True, slots=True)
class _Entry:
    session: Session
    state: CalendarState
    place: Text
    workshop_title: Text

    @property
    def is_removed(self) -> bool:
        return self.state.last_known is not None


def _entries(agenda: Agenda) -> Iterator[_Entry]:
    """Sessions on the programme and removed ones, by start."""
    states = {state.uid: state for state in agenda.calendar_states}
    titles = {workshop.uid: workshop.title for workshop in agenda.workshops}
    current = [
        _Entry(
            session,
            states.get(session.uid) or _untracked(agenda, session, workshop.uid),
            agenda.place_of(workshop, session),
            workshop.title,
        )
        for workshop, session in agenda.workshop_sessions()
    ]
    removed = [
        _Entry(
            state.last_known,
            state,
            state.last_known.place,
            titles.get(state.workshop, agenda.title),
        )
        for state in agenda.calendar_states
        if state.last_known
    ]
    yield from sorted(
        (*current, *removed), key=lambda entry: (entry.session.starts_at, str(entry.session.uid))
    )


def _untracked(agenda: Agenda, session: Session, workshop: UUID) -> CalendarState:
    """The state of a session in a release older than calendar states: as at that release."""
    return CalendarState(session.uid, workshop, 0, agenda.release, _released(agenda))


def _released(agenda: Agenda) -> datetime:
    if agenda.released_at is None:
        raise ValueError("Only a published agenda has a calendar.")
    return agenda.released_at


def _calendar(name: vText, address: str, zone: str, changed_at: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", "-//Workshop agendas//Agenda 1//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", zone)
    calendar.add("LAST-MODIFIED", changed_at)
    calendar.add("URL", address)
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH_INTERVAL), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH_INTERVAL))
    return calendar


def _event(entry: _Entry, feed: Feed, by: vCalAddress, zones_shown: tuple[Zone, ...]) -> Event:
    session, state = entry.session, entry.state
    event = Event()
    event["UID"] = vText(str(session.uid))
    event["SEQUENCE"] = vInt(state.sequence)
    event["DTSTAMP"] = event["LAST-MODIFIED"] = _moment(state.changed_at)
    event["DTSTART"] = _moment(session.starts_at)
    event["DTEND"] = _moment(session.ends_at)
    event["SUMMARY"] = vText(
        plain_text.clean(labels.session_title(session)) or labels.kind(session)
    )
    event["DESCRIPTION"] = vText(_description(entry, feed, zones_shown))
    # A property without a value is an error (RFC 5545, 3.1).
    if place := plain_text.clean(entry.place):
        event["LOCATION"] = vText(place)
    event["URL"] = vUri(_address(entry, feed))
    event["CATEGORIES"] = _category(plain_text.clean(labels.kind(session)))
    event["STATUS"] = _word("CANCELLED" if entry.is_removed else session.status.upper())
    event["TRANSP"] = _word("TRANSPARENT" if session.behaviour.is_break else "OPAQUE")
    event["ORGANIZER"] = by
    return event


# Values that many entries share are created once: no caller changes a property's value.


@lru_cache(maxsize=4096)
def _moment(at: datetime) -> vDDDTypes:
    """A moment in UTC, as iCalendar writes it."""
    return vDDDTypes(at)


@lru_cache(maxsize=64)
def _word(word: str) -> vText:
    return vText(word)


@lru_cache(maxsize=64)
def _category(name: str) -> vCategory:
    return vCategory([name])


def _address(entry: _Entry, feed: Feed) -> str:
    path = "" if entry.is_removed else f"sessions/{entry.session.key}/"
    return f"{feed.site}{feed.base}{path}"


def _description(entry: _Entry, feed: Feed, zones_shown: tuple[Zone, ...]) -> str:
    session = entry.session
    content = (
        plain_text.full_description(session, feed.owner)
        if feed.full
        else plain_text.short_description(session, feed.owner)
    )
    removed = _("This session is no longer on the programme.") if entry.is_removed else ""
    head = "\n\n".join(
        filter(
            None,
            (
                removed,
                plain_text.zone_times(session.starts_at, session.ends_at, zones_shown),
                str(entry.workshop_title),
            ),
        )
    )
    text = plain_text.clean("\n\n".join(filter(None, (head, content))))
    if len(text) > LONGEST_DESCRIPTION:
        text = text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    return f"{text}\n\n{_address(entry, feed)}"


def organizer(agenda: Agenda, no_reply: str) -> vCalAddress:
    """The event's public office; never a person."""
    organizer = vCalAddress(f"mailto:{agenda.office_address or no_reply}")
    names = labels.split_lines(agenda.office_name) or labels.split_lines(agenda.organisers)
    name = plain_text.clean(names[0] if names else agenda.title)
    # A parameter value cannot hold a double quote (RFC 5545, 3.2).
    organizer.params["CN"] = vText(name.replace('"', "'").replace("\n", " "))
    return organizer
