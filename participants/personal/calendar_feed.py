"""One person's calendar: their parts, and whole workshops that they accepted and have no part in.

A part is the very entry of the public calendars: same UID, same SEQUENCE. A whole workshop has a
UID of its own for each person, and a SEQUENCE that counts the releases that moved it and the
person's changes of mind; it is cancelled, not gone, once they decline or are taken off the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Event

from participants.personal.calendar_state import Standing, entry_uid
from participants.personal.join_links import Joining
from participants.personal.own_events import OwnEvent, OwnWorkshop
from participants.personal.own_timezone import own_zone, with_the_events
from sessions_app.agenda.types import Agenda, Track
from sessions_app.renderers import ical, plain_text
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.plain_text import Reader


@dataclass(frozen=True, slots=True)
class Whose:
    """A calendar's person, and where its links lead; `clock` is empty where none is known."""

    person: UUID
    name: str
    country: str
    clock: str
    site: str
    page: str
    no_reply: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What rows say: standing by participation, and when joining information was written."""

    standing: dict[UUID, Standing]
    joining_changed_at: dict[UUID, datetime]


def render(whose: Whose, events: tuple[OwnEvent, ...], facts: Facts) -> bytes:
    """The calendar as UTF-8 with CRLF; the same rows and releases give the same bytes."""
    found = [entry for event in events for entry in _entries(whose, event, facts)]
    changed = (entry.decoded("LAST-MODIFIED") for entry in found)
    return ical.written(
        _("%(name)s: own calendar") % {"name": whose.name},
        found,
        address=f"{whose.site}{whose.page}",
        zone=whose.clock or "UTC",
        changed_at=max(changed, default=whose.made_at),
    )


def _entries(whose: Whose, event: OwnEvent, facts: Facts) -> Iterator[Event]:
    zone = own_zone(whose.clock, event.agenda)
    feed = Feed(
        name="",
        site=whose.site,
        base=f"/{event.agenda.slug}/",
        no_reply=whose.no_reply,
        asked=(zone,),
        reader=Reader(person=whose.person, country=whose.country),
    )
    joining = {each.workshop.uid: each for each in event.workshops if each.joining}
    homes = {session.uid: home.uid for home, session in event.own.placed_sessions()}
    for part in ical.events(event.own, feed):
        home = homes.get(UUID(str(part["UID"])))
        let_in = joining.get(home) if home else None
        yield _with_joining(part, let_in, facts) if let_in else part
    for own in event.workshops:
        standing = facts.standing.get(own.participation)
        if standing and not own.sessions:
            yield _with_joining(_whole(own, standing, event.agenda, feed), own, facts)


def _whole(own: OwnWorkshop, standing: Standing, agenda: Agenda, feed: Feed) -> Event:
    workshop, track = own.workshop, _track(own, agenda)
    changed_at = max(track.changed_at, standing.changed_at)
    entry = Event()
    entry.add("UID", str(entry_uid(own.participation)))
    entry.add("SEQUENCE", track.sequence + standing.steps)
    entry.add("DTSTAMP", changed_at)
    entry.add("LAST-MODIFIED", changed_at)
    entry.add("DTSTART", workshop.starts_at)
    entry.add("DTEND", workshop.ends_at)
    entry.add("SUMMARY", plain_text.clean(workshop.title))
    entry.add("DESCRIPTION", _description(own, agenda, feed))
    if place := plain_text.clean(workshop.place or agenda.platform):
        entry.add("LOCATION", place)
    entry.add("URL", f"{feed.site}{feed.base}")
    entry.add("CATEGORIES", [_("Workshop")])
    entry.add("STATUS", standing.status)
    entry.add("TRANSP", "OPAQUE")
    entry.add("ORGANIZER", ical.organizer(agenda, feed.no_reply))
    return entry


def _track(own: OwnWorkshop, agenda: Agenda) -> Track:
    """That of the workshop; releases from before there were any did not move it."""
    uid = own.workshop.uid
    found = next((track for track in agenda.windows if track.uid == uid), None)
    if found is not None:
        return found
    if agenda.released_at is None:
        raise ValueError("Only a published agenda has a calendar.")
    return Track(uid, uid, 0, agenda.release, agenda.released_at)


def _description(own: OwnWorkshop, agenda: Agenda, feed: Feed) -> str:
    workshop = own.workshop
    shown = with_the_events(feed.asked[0], agenda)
    clocks = plain_text.clocks(workshop.starts_at, workshop.ends_at, shown)
    told = (clocks, str(workshop.audience), f"{feed.site}{feed.base}")
    return plain_text.clean("\n\n".join(filter(None, told)))


def _with_joining(entry: Event, own: OwnWorkshop, facts: Facts) -> Event:
    """The entry with the way in for those who are let in, and the day on which that was written."""
    if own.joining is None:
        return entry
    said = f"{entry.pop('DESCRIPTION')}\n\n{_join(own.joining)}"
    entry.add("DESCRIPTION", plain_text.clean(said))
    written_at = facts.joining_changed_at.get(own.workshop.uid)
    stamp = entry.decoded("LAST-MODIFIED")
    if written_at and written_at > stamp:
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            entry.pop(name)
            entry.add(name, written_at)
    return entry


def _join(joining: Joining) -> str:
    address = _("Join: %(url)s") % {"url": joining.url} if joining.url else ""
    code = _("Passcode: %(code)s") % {"code": joining.code} if joining.code else ""
    return "\n".join(filter(None, (address, code)))
