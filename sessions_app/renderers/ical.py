"""The published agenda as iCalendar (RFC 5545, 5546 and 7986).

Times are in UTC, so that no calendar needs to know a zone; the clocks stand in the description.
DTSTAMP and LAST-MODIFIED are the release in which a session last changed, never the moment of
the request: the same release gives the same bytes.
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
from sessions_app.agenda.types import Agenda, Session, Track
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import shown as zones_of
from sessions_app.renderers.plain_text import NOBODY, Reader
from workshop import zones
from workshop.zones import Zone

REFRESH = timedelta(hours=1)
# What a calendar on a telephone takes without trouble.
LONGEST_DESCRIPTION = 8000
PIECE = 74  # octets; the space that leads the next piece makes 75


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar is called, whose it is, where its links lead and how much it tells.

    `site` and `base` are scheme and host and the path of the agenda; `asked` are zones that lead
    the text; `no_reply` organises where the event names no public office.
    """

    name: str
    site: str
    base: str
    no_reply: str
    asked: tuple[Zone, ...] = ()
    reader: Reader = NOBODY
    full: bool = False


def render(agenda: Agenda, feed: Feed) -> bytes:
    """The agenda's sessions as VEVENTs, those that were dropped as cancelled; UTF-8 with CRLF."""
    return written(
        feed.name,
        events(agenda, feed),
        address=f"{feed.site}{feed.base}",
        zone=agenda.zone,
        changed_at=_released(agenda),
    )


def events(agenda: Agenda, feed: Feed) -> Iterator[Event]:
    """The VEVENTs of the agenda's sessions, by start."""
    by = organizer(agenda, feed.no_reply)
    shown = zones.unique((*feed.asked, *zones_of(agenda)))
    for entry in _entries(agenda):
        yield _event(entry, feed, by, shown)


def written(
    name: str, events: Iterable[Event], *, address: str, zone: str, changed_at: datetime
) -> bytes:
    """A calendar of these VEVENTs, to be subscribed to; UTF-8 with CRLF."""
    # One line, with what means something in a calendar escaped (RFC 7986, 5.1).
    called = vText(" ".join(plain_text.clean(name).split()))
    *head, end = _lines(_calendar(called, address, zone, changed_at))
    # An entry is written and let go before the next is made: a thousand held together cost more
    # time to look after than to write.
    entries = (line for event in events for line in _lines(event))
    return b"".join(b"%b\r\n" % folded(line) for line in (*head, *entries, end))


def _lines(component: Component) -> list[str]:
    return [line for line in component.content_lines() if line]


def folded(line: str) -> bytes:
    """A content line in UTF-8, in pieces of at most 75 octets (RFC 5545, 3.1).

    Piece by piece where the library's own way goes letter by letter, which took a third of the
    time of a calendar; the same octets: no letter is torn, and no escape from what it escapes.
    """
    octets, start, pieces = line.encode(), 0, []
    while len(octets) - start > PIECE:
        end = start + PIECE
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
    track: Track
    place: Text
    of: Text

    @property
    def is_gone(self) -> bool:
        return self.track.gone is not None


def _entries(agenda: Agenda) -> Iterator[_Entry]:
    """What stands and what is gone, by start."""
    tracks = {track.uid: track for track in agenda.tracks}
    titles = {workshop.uid: workshop.title for workshop in agenda.workshops}
    standing = [
        _Entry(
            session,
            tracks.get(session.uid) or _untracked(agenda, session, workshop.uid),
            agenda.place_of(workshop, session),
            workshop.title,
        )
        for workshop, session in agenda.placed_sessions()
    ]
    gone = [
        _Entry(track.gone, track, track.gone.place, titles.get(track.workshop, agenda.title))
        for track in agenda.tracks
        if track.gone
    ]
    yield from sorted(
        (*standing, *gone), key=lambda each: (each.session.starts_at, str(each.session.uid))
    )


def _untracked(agenda: Agenda, session: Session, workshop: UUID) -> Track:
    """For a session of a release from before tracks: as it was when that release was made."""
    return Track(session.uid, workshop, 0, agenda.release, _released(agenda))


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
    calendar.add("REFRESH-INTERVAL", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    return calendar


def _event(entry: _Entry, feed: Feed, by: vCalAddress, shown: tuple[Zone, ...]) -> Event:
    session, track = entry.session, entry.track
    event = Event()
    event["UID"] = vText(str(session.uid))
    event["SEQUENCE"] = vInt(track.sequence)
    event["DTSTAMP"] = event["LAST-MODIFIED"] = _moment(track.changed_at)
    event["DTSTART"] = _moment(session.starts_at)
    event["DTEND"] = _moment(session.ends_at)
    event["SUMMARY"] = vText(
        plain_text.clean(labels.session_title(session)) or labels.kind(session)
    )
    event["DESCRIPTION"] = vText(_description(entry, feed, shown))
    # A property without a value is an error (RFC 5545, 3.1).
    if place := plain_text.clean(entry.place):
        event["LOCATION"] = vText(place)
    event["URL"] = vUri(_address(entry, feed))
    event["CATEGORIES"] = _category(plain_text.clean(labels.kind(session)))
    event["STATUS"] = _word("CANCELLED" if entry.is_gone else session.status.upper())
    event["TRANSP"] = _word("TRANSPARENT" if session.kind == "break" else "OPAQUE")
    event["ORGANIZER"] = by
    return event


# What many entries have in common is made once: nothing changes a property's value in its place.


@lru_cache(maxsize=4096)
def _moment(at: datetime) -> vDDDTypes:
    """A moment as it is written, in UTC."""
    return vDDDTypes(at)


@lru_cache(maxsize=64)
def _word(word: str) -> vText:
    return vText(word)


@lru_cache(maxsize=64)
def _category(name: str) -> vCategory:
    return vCategory([name])


def _address(entry: _Entry, feed: Feed) -> str:
    path = "" if entry.is_gone else f"sessions/{entry.session.key}/"
    return f"{feed.site}{feed.base}{path}"


def _description(entry: _Entry, feed: Feed, shown: tuple[Zone, ...]) -> str:
    session = entry.session
    told = (
        plain_text.full(session, feed.reader)
        if feed.full
        else plain_text.short(session, feed.reader)
    )
    gone = _("This session is no longer on the programme.") if entry.is_gone else ""
    head = "\n\n".join(
        filter(
            None,
            (gone, plain_text.clocks(session.starts_at, session.ends_at, shown), str(entry.of)),
        )
    )
    text = plain_text.clean("\n\n".join(filter(None, (head, told))))
    if len(text) > LONGEST_DESCRIPTION:
        text = text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    return f"{text}\n\n{_address(entry, feed)}"


def organizer(agenda: Agenda, no_reply: str) -> vCalAddress:
    """The event's public office; never a person."""
    organizer = vCalAddress(f"mailto:{agenda.office_address or no_reply}")
    names = labels.lines(agenda.office_name) or labels.lines(agenda.organisers)
    name = plain_text.clean(names[0] if names else agenda.title)
    # A parameter value cannot hold a double quote (RFC 5545, 3.2).
    organizer.params["CN"] = vText(name.replace('"', "'").replace("\n", " "))
    return organizer
