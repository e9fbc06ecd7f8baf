"""Effects of a release as text: changed sessions, calendar entries, people and documents."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.impact import PersonImpact, list_impacts
from sessions_app.agenda.selection import for_country
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, CalendarState, Session, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.diff import change_sentences, impact_sentences
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class SessionEffect:
    """A changed session and its calendar entry; `key` is empty if it was removed."""

    key: str
    name: str
    when: str
    changes: tuple[str, ...]
    calendar: str


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """A person with changed sessions of their own; `key` is empty if they no longer appear."""

    key: str
    name: Text
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReleaseEffects:
    """Everything that a release changed compared with the one before it.

    `event_changes` are those of the event and its workshops; `indirectly_affected` are people
    with no other change. `rewritten_entries` counts calendar entries of unchanged sessions that
    got a new text.
    """

    sessions: tuple[SessionEffect, ...]
    people: tuple[PersonEffect, ...]
    event_changes: tuple[str, ...]
    indirectly_affected: tuple[Text, ...]
    changed_workshops: tuple[Workshop, ...]
    unchanged_workshops: tuple[Workshop, ...]
    changed_countries: tuple[tuple[str, str], ...]
    rewritten_entries: int


def release_effects(old: Agenda | None, new: Agenda, zone: Zone) -> ReleaseEffects:
    """Compare the release `new` with `old`, the one before it; None for the first release."""
    if old is None:
        old = replace(new, workshops=(), people=(), calendar_states=())
    all_changes, impacts = changes(old, new), list_impacts(old, new)
    sessions = tuple(_session_effects(all_changes, old, new, zone))
    updated_entries = sum(state.changed_in == new.release for state in new.calendar_states)
    unchanged = {workshop.uid for workshop in new.workshops if workshop in old.workshops}
    return ReleaseEffects(
        sessions=sessions,
        people=tuple(_person_effect(impact, new, zone) for impact in impacts if impact.items),
        event_changes=tuple(
            dict.fromkeys(
                change_sentences.sentence(change, zone)
                for change in all_changes
                if _is_event_change(change, impacts)
            )
        ),
        indirectly_affected=tuple(impact.person.name for impact in impacts if not impact.items),
        changed_workshops=tuple(row for row in new.workshops if row.uid not in unchanged),
        unchanged_workshops=tuple(row for row in new.workshops if row.uid in unchanged),
        changed_countries=tuple(
            (code, labels.country(code))
            for code in new.countries()
            if for_country(old, code) != for_country(new, code)
        ),
        rewritten_entries=max(updated_entries - len(sessions), 0),
    )


def _session_effects(
    all_changes: tuple[Change, ...], old: Agenda, new: Agenda, zone: Zone
) -> Iterator[SessionEffect]:
    """Yield the changed sessions in the order of their times."""
    rows = [(row.subject, row) for row in all_changes if isinstance(row.subject, Session)]
    rows.sort(key=lambda row: (row[0].starts_at, row[0].ends_at, row[0].key))
    present = {session.uid for session in new.sessions()}
    for session, session_rows in groupby(rows, key=lambda row: row[0]):
        yield SessionEffect(
            key=session.key if session.uid in present else "",
            name=labels.session_title(session),
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            changes=tuple(
                change_sentences.sentence(change, zone) for _session, change in session_rows
            ),
            calendar=_calendar_text(
                _calendar_state(old, session.uid), _calendar_state(new, session.uid)
            ),
        )


def _calendar_state(agenda: Agenda, uid: UUID) -> CalendarState | None:
    return next((state for state in agenda.calendar_states if state.uid == uid), None)


def _calendar_text(old: CalendarState | None, new: CalendarState | None) -> str:
    """Return what a calendar does with a session's entry: its SEQUENCE, and if it went up."""
    if new is None:
        return ""
    if old is None:
        return _("new entry, sequence %(new)s") % {"new": new.sequence}
    numbers = {"old": old.sequence, "new": new.sequence}
    if new.last_known:
        return _("cancelled, sequence %(old)s → %(new)s") % numbers
    if new.sequence == old.sequence:
        return _("new text, sequence stays %(new)s") % numbers
    return _("updated, sequence %(old)s → %(new)s") % numbers


def _person_effect(impact: PersonImpact, new: Agenda, zone: Zone) -> PersonEffect:
    person = impact.person
    return PersonEffect(
        key=person.key if person in new.people else "",
        name=person.name,
        changes=tuple(impact_sentences.sentence(item, zone) for item in impact.items),
    )


def _is_event_change(change: Change, impacts: tuple[PersonImpact, ...]) -> bool:
    """Return if a change is of the event or a workshop; of people, only beyond their sessions."""
    if isinstance(change.subject, Session):
        return False
    if isinstance(change.subject, Agenda) and change.kind == "people":
        return any(other.kind == "people" for impact in impacts for other in impact.other_changes)
    return True
