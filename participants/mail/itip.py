"""Calendar entries for one person by mail: iTIP requests and cancellations (RFC 5546).

Every text holds one VEVENT, since all components of a request must have one UID (3.2.2). The
answer goes by the personal page: `RSVP=FALSE`. Times are in UTC, clocks stand in the description.
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

from participants.mail.personal_agenda import Entry
from sessions_app.renderers import plain_text

Method = Literal["REQUEST", "CANCEL"]

_HEAD = "BEGIN:VCALENDAR\r\nPRODID:-//Workshop agendas//Post 1//EN\r\nVERSION:2.0\r\n"


@dataclass(frozen=True, slots=True)
class Held:
    """An entry of somebody's calendar as a mail last told it: the VEVENT and what marks it."""

    entry: UUID
    sequence: int
    digest: str
    vevent: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    """An entry as one person's calendar shows it; `role` and `partstat` are those of RFC 5545."""

    entry: Entry
    summary: str
    description: str
    category: str = ""
    url: str = ""
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Parties:
    """Who asks whom, at which moment (UTC)."""

    name: str
    email: str
    organizer: vCalAddress
    now: datetime

    def attendee(self, invite: Invite | None = None) -> vCalAddress:
        """The one person whom it concerns."""
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
class Message:
    """One thing to tell a calendar; `was` is what it held before, None if nothing."""

    method: Method
    held: Held
    was: Held | None

    @property
    def text(self) -> str:
        """The whole iCalendar object, with CRLF."""
        return f"{_HEAD}METHOD:{self.method}\r\n{self.held.vevent}END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry that was sent says, for whoever looks at it."""

    summary: str
    starts_at: datetime
    ends_at: datetime
    place: str


def messages(
    invites: Iterable[Invite],
    held: Iterable[Held],
    floor: Mapping[UUID, int],
    parties: Parties,
    *,
    again: bool = False,
    lost: bool = False,
) -> Iterator[Message]:
    """What makes a calendar that holds `held` show exactly `invites`.

    Entries that it shows as they are already are left out, unless they are sent `again`. What is
    not among `invites`, or cancelled, is cancelled. Where mails were `lost`, everything is told
    once more. `floor` is what feeds say of SEQUENCE: no mail says less.
    """
    known = {each.entry: each for each in held}
    standing = {each.entry.uid: each for each in invites if each.entry.status != "cancelled"}
    for uid, invite in standing.items():
        message = _request(invite, known.get(uid), floor.get(uid, 0), parties)
        if again or lost or message.was is None or _differs(message.held, message.was):
            yield message
    for uid, was in known.items():
        if uid not in standing and (lost or not was.is_cancelled):
            yield _cancel(was, floor.get(uid, 0), parties)


def told(held: Held) -> Told:
    """What the calendar was told, read back from the entry itself."""
    event = Event.from_ical(held.vevent)
    return Told(
        summary=str(event["SUMMARY"]),
        starts_at=event.decoded("DTSTART"),
        ends_at=event.decoded("DTEND"),
        place=str(event.get("LOCATION", "")),
    )


def _request(invite: Invite, was: Held | None, floor: int, parties: Parties) -> Message:
    entry = invite.entry
    place = entry.place.en, entry.place.lo
    digest = _digest("REQUEST", entry.starts_at, entry.ends_at, place, entry.status)
    sequence = _sequence(was, digest, floor)
    vevent = _drawn(invite, sequence, parties)
    return Message("REQUEST", Held(entry.uid, sequence, digest, vevent), was)


def _cancel(was: Held, floor: int, parties: Parties) -> Message:
    """The entry as it was sent, cancelled; what it told besides is told no longer."""
    digest = _digest("CANCEL", was.digest)
    sequence = _sequence(was, digest, floor)
    event = cast(Event, Event.from_ical(was.vevent))
    for name in ("URL", "ATTENDEE", "ORGANIZER", "SEQUENCE", "DTSTAMP", "STATUS", "DESCRIPTION"):
        event.pop(name, None)
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", parties.now)
    event.add("STATUS", "CANCELLED")
    event.add("DESCRIPTION", _("This no longer stands."))
    event.add("ORGANIZER", parties.organizer)
    event.add("ATTENDEE", parties.attendee())
    cancelled = replace(
        was, sequence=sequence, digest=digest, vevent=_text(event), is_cancelled=True
    )
    return Message("CANCEL", cancelled, was)


def _digest(*facts: object) -> str:
    """A mark of what raises SEQUENCE: method, start, end, place, status (RFC 5546, 2.1.4)."""
    return sha256(repr(facts).encode()).hexdigest()


def _sequence(was: Held | None, digest: str, floor: int) -> int:
    """Higher exactly where the digest is another; never lower than the feeds say."""
    if was is None:
        return floor
    return max(floor, was.sequence + (was.digest != digest))


def _drawn(invite: Invite, sequence: int, parties: Parties) -> str:
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
    written: bytes = event.to_ical()
    return written.decode()


def _differs(one: Held, other: Held) -> bool:
    """Whether an entry says what they do not know; when it was drawn and their answer are not."""
    return _news(one.vevent) != _news(other.vevent)


def _news(vevent: str) -> list[str]:
    lines = re.sub(r"\r\n[ \t]", "", vevent).split("\r\n")
    told = (re.sub(r"PARTSTAT=[A-Z-]+", "", line) for line in lines)
    return [line for line in told if not line.startswith("DTSTAMP:")]
