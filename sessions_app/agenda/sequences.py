"""Calendar states: SEQUENCE and last change of each calendar entry, release by release. Pure.

Two callers add to a SEQUENCE: participants/mail/itip.py what a person was already sent, and
participants/personal/calendar_feed.py their own changes of a whole-workshop entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, CalendarState, Session, Workshop


@dataclass(frozen=True, slots=True)
class _Entry:
    """Content of a session's calendar entry; `event` is the part about event and workshop."""

    session: Session
    workshop: UUID
    place: Text
    event: tuple[object, ...]

    @property
    def schedule(self) -> tuple[object, ...]:
        return self.session.starts_at, self.session.ends_at, self.session.status, self.place


def next_calendar_states(
    old: Agenda | None, new: Agenda, *, number: int, now: datetime
) -> tuple[CalendarState, ...]:
    """Calendar states of the sessions in release `number`, made at `now` (UTC), sorted by UID.

    SEQUENCE goes up exactly when start, end, place or status change (RFC 5546, 2.1.4), or when a
    session is removed or comes back. A UID that was once released keeps a state for ever.
    """
    old_entries, new_entries = ({} if old is None else _entries(old)), _entries(new)
    old_states = {} if old is None else {state.uid: state for state in _calendar_states(old)}
    states = []
    for uid in old_states.keys() | new_entries.keys():
        state, before, after = old_states.get(uid), old_entries.get(uid), new_entries.get(uid)
        if state is None:
            states.append(CalendarState(uid, new_entries[uid].workshop, 0, number, now))
            continue
        changed = replace(state, changed_in=number, changed_at=now)
        if after is not None:
            states.append(_updated_state(state, changed, before, after))
        elif before is not None:
            last_known = replace(before.session, place=before.place)
            states.append(replace(changed, sequence=state.sequence + 1, last_known=last_known))
        else:
            states.append(state)
    return tuple(sorted(states, key=lambda state: str(state.uid)))


def next_workshop_states(
    old: Agenda | None, new: Agenda, *, number: int, now: datetime
) -> tuple[CalendarState, ...]:
    """Calendar states of the workshops in release `number`, made at `now` (UTC), sorted by UID.

    They are for calendars with one entry for a whole workshop. SEQUENCE goes up exactly when its
    announced start or end, or its place changes.
    """
    old_entries = {} if old is None else _workshop_entries(old)
    states = {} if old is None else {state.uid: state for state in old.workshop_states}
    for workshop in new.workshops:
        uid, after = workshop.uid, _WorkshopEntry(new, workshop)
        state, before = states.get(uid), old_entries.get(uid)
        if state is None:
            states[uid] = CalendarState(uid, uid, 0, number, now)
        elif before is None or before.content != after.content:
            rescheduled = before is None or before.schedule != after.schedule
            sequence = state.sequence + rescheduled
            states[uid] = replace(state, sequence=sequence, changed_in=number, changed_at=now)
    return tuple(sorted(states.values(), key=lambda state: str(state.uid)))


def _workshop_entries(agenda: Agenda) -> dict[UUID, "_WorkshopEntry"]:
    return {workshop.uid: _WorkshopEntry(agenda, workshop) for workshop in agenda.workshops}


@dataclass(frozen=True, slots=True)
class _WorkshopEntry:
    """Content of one calendar entry for a whole workshop."""

    agenda: Agenda
    workshop: Workshop

    @property
    def schedule(self) -> tuple[object, ...]:
        place = self.workshop.place or self.agenda.platform
        return self.workshop.starts_at, self.workshop.ends_at, place

    @property
    def content(self) -> tuple[object, ...]:
        return *self.schedule, self.workshop.title, self.workshop.audience


def _updated_state(
    state: CalendarState, changed: CalendarState, before: _Entry | None, after: _Entry
) -> CalendarState:
    """New state of a session that is in the new release; `before` is None if it came back."""
    if before == after:
        return state
    rescheduled = before is None or before.schedule != after.schedule
    return replace(
        changed,
        workshop=after.workshop,
        sequence=state.sequence + rescheduled,
        last_known=None,
    )


def _entries(agenda: Agenda) -> dict[UUID, _Entry]:
    event = (agenda.title, agenda.zones, agenda.organisers, agenda.office_name)
    return {
        session.uid: _Entry(
            session=session,
            workshop=workshop.uid,
            place=agenda.place_of(workshop, session),
            event=(*event, agenda.office_address, workshop.title),
        )
        for workshop, session in agenda.workshop_sessions()
    }


def _calendar_states(agenda: Agenda) -> Iterator[CalendarState]:
    """States of an agenda; new ones for sessions of a release that is older than such states."""
    yield from agenda.calendar_states
    known = {state.uid for state in agenda.calendar_states}
    for workshop, session in agenda.workshop_sessions():
        if session.uid not in known and agenda.released_at is not None:
            yield CalendarState(session.uid, workshop.uid, 0, agenda.release, agenda.released_at)
