"""iCalendar feed of one person: their sessions, and accepted workshops without own sessions.

A session has the UID and SEQUENCE of the public calendar. A whole workshop has a UID per person,
and a SEQUENCE that counts the releases that moved it plus the person's changes of reply. Its
entry stays in the feed as cancelled once they decline or are removed from the list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from icalendar import Event

from participants.personal.calendar_state import ParticipationState, entry_uid
from participants.personal.join_links import JoinInfo
from participants.personal.own_events import OwnEvent, OwnWorkshop
from participants.personal.own_timezone import own_zone, with_event_zone
from sessions_app.agenda.types import Agenda, CalendarState
from sessions_app.renderers import ical, plain_text
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.plain_text import CalendarOwner


@dataclass(frozen=True, slots=True)
class FeedOwner:
    """Person of a feed, and the base of its links; `zone_key` is empty if unknown."""

    person: UUID
    name: str
    country: str
    zone_key: str
    site: str
    page: str
    no_reply: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class FeedData:
    """Data from the rows: state by participation, time of the last join information by workshop."""

    states: dict[UUID, ParticipationState]
    join_info_changed_at: dict[UUID, datetime]


def render(owner: FeedOwner, events: tuple[OwnEvent, ...], data: FeedData) -> bytes:
    """Render the feed as UTF-8 with CRLF; equal rows and releases give equal bytes."""
    entries = [entry for event in events for entry in _entries(owner, event, data)]
    changed = (entry.decoded("LAST-MODIFIED") for entry in entries)
    return ical.render_events(
        _("%(name)s: own calendar") % {"name": owner.name},
        entries,
        address=f"{owner.site}{owner.page}",
        zone=owner.zone_key or "UTC",
        changed_at=max(changed, default=owner.made_at),
    )


def _entries(owner: FeedOwner, event: OwnEvent, data: FeedData) -> Iterator[Event]:
    zone = own_zone(owner.zone_key, event.agenda)
    feed = Feed(
        name="",
        site=owner.site,
        base=f"/{event.agenda.slug}/",
        no_reply=owner.no_reply,
        requested_zones=(zone,),
        owner=CalendarOwner(person=owner.person, country=owner.country),
    )
    joinable = {own.workshop.uid: own for own in event.workshops if own.join_info}
    workshops = {session.uid: workshop.uid for workshop, session in event.own.workshop_sessions()}
    for entry in ical.events(event.own, feed):
        workshop_uid = workshops.get(UUID(str(entry["UID"])))
        own_workshop = joinable.get(workshop_uid) if workshop_uid else None
        yield _with_join_info(entry, own_workshop, data) if own_workshop else entry
    for own in event.workshops:
        state = data.states.get(own.participation)
        if state and not own.sessions:
            entry = _workshop_entry(own, state, event.agenda, feed)
            yield _with_join_info(entry, own, data)


def _workshop_entry(
    own: OwnWorkshop, state: ParticipationState, agenda: Agenda, feed: Feed
) -> Event:
    workshop, published = own.workshop, _workshop_state(own, agenda)
    changed_at = max(published.changed_at, state.changed_at)
    entry = Event()
    entry.add("UID", str(entry_uid(own.participation)))
    entry.add("SEQUENCE", published.sequence + state.change_count)
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
    entry.add("STATUS", state.status)
    entry.add("TRANSP", "OPAQUE")
    entry.add("ORGANIZER", ical.organizer(agenda, feed.no_reply))
    return entry


def _workshop_state(own: OwnWorkshop, agenda: Agenda) -> CalendarState:
    """Calendar state of the workshop; SEQUENCE 0 in releases that store none."""
    uid = own.workshop.uid
    stored = next((state for state in agenda.workshop_states if state.uid == uid), None)
    if stored is not None:
        return stored
    if agenda.released_at is None:
        raise ValueError("Only a published agenda has a calendar.")
    return CalendarState(uid, uid, 0, agenda.release, agenda.released_at)


def _description(own: OwnWorkshop, agenda: Agenda, feed: Feed) -> str:
    workshop = own.workshop
    zones = with_event_zone(feed.requested_zones[0], agenda)
    times = plain_text.zone_times(workshop.starts_at, workshop.ends_at, zones)
    paragraphs = (times, str(workshop.audience), f"{feed.site}{feed.base}")
    return plain_text.clean("\n\n".join(filter(None, paragraphs)))


def _with_join_info(entry: Event, own: OwnWorkshop, data: FeedData) -> Event:
    """Add the join information to an entry, and its time of change if that is later."""
    if own.join_info is None:
        return entry
    description = f"{entry.pop('DESCRIPTION')}\n\n{_join_text(own.join_info)}"
    entry.add("DESCRIPTION", plain_text.clean(description))
    changed_at = data.join_info_changed_at.get(own.workshop.uid)
    modified_at = entry.decoded("LAST-MODIFIED")
    if changed_at and changed_at > modified_at:
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            entry.pop(name)
            entry.add(name, changed_at)
    return entry


def _join_text(join_info: JoinInfo) -> str:
    address = _("Join: %(url)s") % {"url": join_info.url} if join_info.url else ""
    code = _("Passcode: %(code)s") % {"code": join_info.code} if join_info.code else ""
    return "\n".join(filter(None, (address, code)))
