"""What a release changed: sessions with their calendar entries, people, papers; as lines."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.impact import Concern, concerned
from sessions_app.agenda.selection import for_country
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Track, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.diff import change_sentences, impact_sentences
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class SessionEffect:
    """A session that changed; `key` is empty where it is gone, `calendar` tells of its entry."""

    key: str
    name: str
    when: str
    changes: tuple[str, ...]
    calendar: str


@dataclass(frozen=True, slots=True)
class PersonEffect:
    """Somebody whose own part changed; `key` is empty where they appear no more."""

    key: str
    name: Text
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """All that a release changed in the one before it.

    `around` is what changed of the event and its workshops, and `bystanders` are those who notice
    nothing else. `rewritten` counts calendar entries that say something new of what is around.
    """

    sessions: tuple[SessionEffect, ...]
    people: tuple[PersonEffect, ...]
    around: tuple[str, ...]
    bystanders: tuple[Text, ...]
    changed: tuple[Workshop, ...]
    unchanged: tuple[Workshop, ...]
    countries: tuple[tuple[str, str], ...]
    rewritten: int


def effects(old: Agenda | None, new: Agenda, zone: Zone) -> Effects:
    """What the release `new` changed in `old`, the one before it; None before the first."""
    if old is None:
        old = replace(new, workshops=(), people=(), tracks=())
    found, concerns = changes(old, new), concerned(old, new)
    sessions = tuple(_sessions(found, old, new, zone))
    rewritten = sum(track.changed_in == new.release for track in new.tracks) - len(sessions)
    same = {workshop.uid for workshop in new.workshops if workshop in old.workshops}
    return Effects(
        sessions=sessions,
        people=tuple(_person(each, new, zone) for each in concerns if each.parts),
        around=tuple(
            dict.fromkeys(
                change_sentences.sentence(each, zone)
                for each in found
                if _is_around(each, concerns)
            )
        ),
        bystanders=tuple(each.person.name for each in concerns if not each.parts),
        changed=tuple(each for each in new.workshops if each.uid not in same),
        unchanged=tuple(each for each in new.workshops if each.uid in same),
        countries=tuple(
            (code, labels.country(code))
            for code in new.countries()
            if for_country(old, code) != for_country(new, code)
        ),
        rewritten=max(rewritten, 0),
    )


def _sessions(
    found: tuple[Change, ...], old: Agenda, new: Agenda, zone: Zone
) -> Iterator[SessionEffect]:
    """Each session that changed, as they stand or stood in the day."""
    rows = [(each.subject, each) for each in found if isinstance(each.subject, Session)]
    rows.sort(key=lambda row: (row[0].starts_at, row[0].ends_at, row[0].key))
    present = {session.uid for session in new.sessions()}
    for session, own in groupby(rows, key=lambda row: row[0]):
        yield SessionEffect(
            key=session.key if session.uid in present else "",
            name=labels.session_title(session),
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            changes=tuple(change_sentences.sentence(change, zone) for _session, change in own),
            calendar=_calendar(_track(old, session.uid), _track(new, session.uid)),
        )


def _track(agenda: Agenda, uid: UUID) -> Track | None:
    return next((track for track in agenda.tracks if track.uid == uid), None)


def _calendar(old: Track | None, new: Track | None) -> str:
    """What calendars make of a session: its sequence, and whether it went up."""
    if new is None:
        return ""
    if old is None:
        return _("new entry, sequence %(new)s") % {"new": new.sequence}
    numbers = {"old": old.sequence, "new": new.sequence}
    if new.gone:
        return _("taken off, sequence %(old)s → %(new)s") % numbers
    if new.sequence == old.sequence:
        return _("new text, sequence stays %(new)s") % numbers
    return _("updated, sequence %(old)s → %(new)s") % numbers


def _person(concern: Concern, new: Agenda, zone: Zone) -> PersonEffect:
    person = concern.person
    return PersonEffect(
        key=person.key if person in new.people else "",
        name=person.name,
        changes=tuple(impact_sentences.sentence(part, zone) for part in concern.parts),
    )


def _is_around(change: Change, concerns: tuple[Concern, ...]) -> bool:
    """Whether a change is of no session; of people, only where more than their parts changed."""
    if isinstance(change.subject, Session):
        return False
    if isinstance(change.subject, Agenda) and change.kind == "people":
        return any(each.kind == "people" for concern in concerns for each in concern.around)
    return True
