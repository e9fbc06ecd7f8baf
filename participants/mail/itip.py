"""Calendar entries for one person by mail: iTIP requests and cancellations (RFC 5546).

Every text has one VEVENT, since all components of a request must have one UID (3.2.2). People
reply on their personal page: `RSVP=FALSE`. Times are in UTC, zones are in the description.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal, cast
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Event, vCalAddress, vText

from participants.mail.personal_agenda import CalendarEntry
from sessions_app.renderers import plain_text

Method = Literal["REQUEST", "CANCEL"]

_HEAD = "BEGIN:VCALENDAR\r\nPRODID:-//Workshop agendas//Post 1//EN\r\nVERSION:2.0\r\n"


@dataclass(frozen=True, slots=True)
class SentCalendarEntry:
    """A calendar entry as last e-mailed to one person; `digest` is of what raises SEQUENCE."""

    uid: UUID
    sequence: int
    digest: str
    vevent: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """An entry as one person's calendar shows it; `role` and `partstat` are those of RFC 5545."""

    entry: CalendarEntry
    summary: str
    description: str
    category: str = ""
    url: str = ""
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Parties:
    """Organizer and attendee of a message, and the moment of sending (UTC)."""

    name: str
    email: str
    organizer: vCalAddress
    now: datetime

    def attendee(self, invite: Invite | None = None) -> vCalAddress:
        """The recipient as ATTENDEE; with role and reply if it is a request."""
        address = vCalAddress(f"mailto:{self.email}")
        # A parameter value cannot hold a double quote (RFC 5545, 3.2).
        name = " ".join(plain_text.clean(self.name).replace('"', "'").split())
        address.params["CN"] = vText(name)
        if invite is not None:
            address.params["ROLE"] = invite.role
            address.params["PARTSTAT"] = invite.partstat
            address.params["RSVP"] = "FALSE"
        return address


@dataclass(frozen=True, slots=True)
class ItipMessage:
    """One iTIP message; `previous` is the entry as last sent, None if it is new."""

    method: Method
    sent_entry: SentCalendarEntry
    previous: SentCalendarEntry | None

    @property
    def text(self) -> str:
        """The whole iCalendar object, with CRLF."""
        return f"{_HEAD}METHOD:{self.method}\r\n{self.sent_entry.vevent}END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """Facts of a sent entry, to show them."""

    summary: str
    starts_at: datetime
    ends_at: datetime
    place: str


def itip_messages(
    invites: Iterable[Invite],
    sent_entries: Iterable[SentCalendarEntry],
    minimum_sequences: Mapping[UUID, int],
    parties: Parties,
    *,
    resend: bool = False,
    resend_all: bool = False,
) -> Iterator[ItipMessage]:
    """Messages after which a calendar that shows `sent_entries` shows exactly `invites`.

    Unchanged entries are left out, unless `resend` is set. An entry that is not among `invites`,
    or has the status cancelled, is cancelled. With `resend_all` (e-mails did not arrive) former
    cancellations are sent again too. `minimum_sequences` are those of the calendar feeds: no
    message has a lower SEQUENCE.
    """
    sent = {entry.uid: entry for entry in sent_entries}
    active = {invite.entry.uid: invite for invite in invites if invite.entry.status != "cancelled"}
    for uid, invite in active.items():
        message = _request(invite, sent.get(uid), minimum_sequences.get(uid, 0), parties)
        is_new = message.previous is None or _differs(message.sent_entry, message.previous)
        if resend or resend_all or is_new:
            yield message
    for uid, previous in sent.items():
        if uid not in active and (resend_all or not previous.is_cancelled):
            yield _cancel(previous, minimum_sequences.get(uid, 0), parties)


def parse_entry(sent_entry: SentCalendarEntry) -> ParsedEntry:
    """Facts of an entry, read from its VEVENT."""
    event = Event.from_ical(sent_entry.vevent)
    return ParsedEntry(
        summary=str(event["SUMMARY"]),
        starts_at=event.decoded("DTSTART"),
        ends_at=event.decoded("DTEND"),
        place=str(event.get("LOCATION", "")),
    )


def _request(
    invite: Invite, previous: SentCalendarEntry | None, minimum_sequence: int, parties: Parties
) -> ItipMessage:
    entry = invite.entry
    place = entry.place.en, entry.place.lo
    digest = _digest("REQUEST", entry.starts_at, entry.ends_at, place, entry.status)
    sequence = _sequence(previous, digest, minimum_sequence)
    vevent = _vevent(invite, sequence, parties)
    return ItipMessage("REQUEST", SentCalendarEntry(entry.uid, sequence, digest, vevent), previous)


def _cancel(previous: SentCalendarEntry, minimum_sequence: int, parties: Parties) -> ItipMessage:
    """Cancellation of an entry as it was sent, without its description, link and reply."""
    digest = _digest("CANCEL", previous.digest)
    sequence = _sequence(previous, digest, minimum_sequence)
    event = cast(Event, Event.from_ical(previous.vevent))
    for name in ("URL", "ATTENDEE", "ORGANIZER", "SEQUENCE", "DTSTAMP", "STATUS", "DESCRIPTION"):
        event.pop(name, None)
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", parties.now)
    event.add("STATUS", "CANCELLED")
    event.add("DESCRIPTION", _("This no longer stands."))
    event.add("ORGANIZER", parties.organizer)
    event.add("ATTENDEE", parties.attendee())
    cancelled = replace(
        previous, sequence=sequence, digest=digest, vevent=_text(event), is_cancelled=True
    )
    return ItipMessage("CANCEL", cancelled, previous)


def _digest(*facts: object) -> str:
    """Digest of what raises SEQUENCE: method, start, end, place, status (RFC 5546, 2.1.4)."""
    return sha256(repr(facts).encode()).hexdigest()


def _sequence(previous: SentCalendarEntry | None, digest: str, minimum_sequence: int) -> int:
    """SEQUENCE, raised exactly if the digest differs, and never lower than in the feeds."""
    if previous is None:
        return minimum_sequence
    return max(minimum_sequence, previous.sequence + (previous.digest != digest))


def _vevent(invite: Invite, sequence: int, parties: Parties) -> str:
    entry, event = invite.entry, Event()
    event.add("UID", str(entry.uid))
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", parties.now)
    event.add("DTSTART", entry.starts_at)
    event.add("DTEND", entry.ends_at)
    event.add("SUMMARY", plain_text.clean(invite.summary))
    event.add("DESCRIPTION", plain_text.clean(invite.description))
    # A property without a value is an error (RFC 5545, 3.1).
    if place := plain_text.clean(entry.place):
        event.add("LOCATION", place)
    if invite.url:
        event.add("URL", invite.url)
    if invite.category:
        event.add("CATEGORIES", [plain_text.clean(invite.category)])
    event.add("STATUS", entry.status.upper())
    event.add("TRANSP", "OPAQUE")
    event.add("ORGANIZER", parties.organizer)
    event.add("ATTENDEE", parties.attendee(invite))
    return _text(event)


def _text(event: Event) -> str:
    content: bytes = event.to_ical()
    return content.decode()


def _differs(one: SentCalendarEntry, other: SentCalendarEntry) -> bool:
    """True if two versions differ in anything but DTSTAMP and the reply."""
    return _comparable_lines(one.vevent) != _comparable_lines(other.vevent)


def _comparable_lines(vevent: str) -> list[str]:
    lines = re.sub(r"\r\n[ \t]", "", vevent).split("\r\n")
    without_reply = (re.sub(r"PARTSTAT=[A-Z-]+", "", line) for line in lines)
    return [line for line in without_reply if not line.startswith("DTSTAMP:")]
