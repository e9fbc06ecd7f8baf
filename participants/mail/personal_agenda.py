"""Personal agenda: the part of an agenda that e-mails and calendar entries tell one person. Pure.

An e-mail and its calendar entries are rendered from the same `PersonalAgenda`. A new release
concerns a person exactly if it changes their personal agenda.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import (
    Agenda,
    Appearance,
    Presentation,
    Question,
    QuestionBlock,
    Session,
    Workshop,
)

UidRow = TypeVar("UidRow", Workshop, Session)
_NO_UID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PersonalAgenda:
    """The workshops of one person, each with only their sessions and their workshop-wide roles.

    Empty places are filled from the workshop or event. In `cancelled_workshops` every session is
    cancelled.
    """

    person: UUID
    workshops: tuple[Workshop, ...]
    cancelled_workshops: frozenset[UUID] = frozenset()

    @property
    def has_role(self) -> bool:
        """True if the person has a role in a session or workshop; False if they only attend."""
        return any(workshop.sessions or workshop.people for workshop in self.workshops)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One entry in a person's calendar: one of their sessions, or a whole workshop."""

    uid: UUID
    workshop: Workshop
    session: Session | None
    status: str

    @property
    def starts_at(self) -> datetime:
        return (self.session or self.workshop).starts_at

    @property
    def ends_at(self) -> datetime:
        return (self.session or self.workshop).ends_at

    @property
    def place(self) -> Text:
        return (self.session or self.workshop).place


def personal_agenda(
    agenda: Agenda, person: UUID, *, listed: Collection[UUID], without: Collection[UUID]
) -> PersonalAgenda:
    """Personal agenda from an agenda that is already cut for the person.

    `listed` are the workshops they attend, with or without a role. Other workshops count only
    where they have a role, and never those in `without`.
    """
    pairs = [
        (workshop, _personal_workshop(agenda, workshop, person))
        for workshop in agenda.workshops
        if workshop.uid not in without
    ]
    relevant = [
        (whole, personal)
        for whole, personal in pairs
        if personal.uid in listed or personal.sessions or personal.people
    ]
    return PersonalAgenda(
        person=person,
        workshops=tuple(personal for _, personal in relevant),
        cancelled_workshops=frozenset(whole.uid for whole, _ in relevant if _is_cancelled(whole)),
    )


def limit_to_workshops(agenda: PersonalAgenda, workshops: Collection[UUID]) -> PersonalAgenda:
    """The same personal agenda with only these workshops."""
    return PersonalAgenda(
        person=agenda.person,
        workshops=tuple(workshop for workshop in agenda.workshops if workshop.uid in workshops),
        cancelled_workshops=agenda.cancelled_workshops.intersection(workshops),
    )


def combine(person: UUID, agendas: Collection[PersonalAgenda]) -> PersonalAgenda:
    """One personal agenda from several, which have no workshop in common."""
    return PersonalAgenda(
        person=person,
        workshops=tuple(workshop for agenda in agendas for workshop in agenda.workshops),
        cancelled_workshops=frozenset(
            uid for agenda in agendas for uid in agenda.cancelled_workshops
        ),
    )


def personal_changes(was: PersonalAgenda, now: PersonalAgenda) -> tuple[Change, ...]:
    """Changes between two personal agendas; empty exactly if all content for e-mails is equal.

    A workshop that becomes cancelled, or is no longer, has a `status` change.
    """
    old, new = _comparable(was), _comparable(now)
    before = {workshop.uid: workshop for workshop in old.workshops}
    toggled = was.cancelled_workshops ^ now.cancelled_workshops
    status_changes = (
        Change("status", before[workshop.uid], workshop)
        for workshop in new.workshops
        if workshop.uid in toggled and workshop.uid in before
    )
    return (*status_changes, *changes(old, new))


def list_calendar_entries(
    agenda: PersonalAgenda, entry_uids: Mapping[UUID, UUID]
) -> Iterator[CalendarEntry]:
    """Calendar entries of a person: their sessions; if a workshop has none, the whole workshop.

    `entry_uids` gives the UID of the entry of each workshop. A person with a role over the whole
    workshop has that entry too.
    """
    for workshop in agenda.workshops:
        if (workshop.people or not workshop.sessions) and workshop.uid in entry_uids:
            is_cancelled = workshop.uid in agenda.cancelled_workshops
            status = "cancelled" if is_cancelled else "confirmed"
            yield CalendarEntry(entry_uids[workshop.uid], workshop, None, status)
        for session in workshop.sessions:
            yield CalendarEntry(session.uid, workshop, session, session.status)


def _personal_workshop(agenda: Agenda, workshop: Workshop, person: UUID) -> Workshop:
    def includes_person(people: tuple[Appearance, ...]) -> bool:
        return any(appearance.person == person for appearance in people)

    return replace(
        workshop,
        place=workshop.place or agenda.platform,
        people=tuple(appearance for appearance in workshop.people if appearance.person == person),
        sessions=tuple(
            replace(session, place=agenda.place_of(workshop, session))
            for session in workshop.sessions
            if includes_person(session.everybody)
        ),
        about=(),
    )


def _is_cancelled(workshop: Workshop) -> bool:
    """True if every session but the breaks is cancelled.

    Always False for a workshop whose programme the person may not read: their own sessions do not
    tell about the others.
    """
    rows = [session for session in workshop.sessions if not session.behaviour.is_break]
    active = [session for session in rows if session.status != "cancelled"]
    return workshop.readable and bool(rows) and not active


def _comparable(agenda: PersonalAgenda) -> Agenda:
    """Agenda to compare, with only the content of e-mails: no keys, no order, one language."""
    workshops = (
        replace(
            workshop,
            key="",
            admission="",
            readable=True,
            sessions=_sorted_by_uid(replace(session, key="") for session in workshop.sessions),
        )
        for workshop in agenda.workshops
    )
    return Agenda(
        uid=agenda.person,
        slug="",
        title=Text(),
        zone="",
        zones=(),
        workshops=cast(
            tuple[Workshop, ...], _comparable_value(_sorted_by_uid(workshops), agenda.person)
        ),
    )


def _sorted_by_uid(rows: Iterable[UidRow]) -> tuple[UidRow, ...]:
    return tuple(sorted(rows, key=lambda row: str(row.uid)))


def _comparable_value(value: object, person: UUID) -> object:
    """A value as it is printed, recursively: a question that was typed again has not changed."""
    if isinstance(value, Text):
        return Text(en=str(value)) if value.language == "en" else Text(lo=str(value))
    if isinstance(value, tuple):
        return tuple(_comparable_value(item, person) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {
        field.name: _comparable_value(getattr(value, field.name), person) for field in fields(value)
    }
    if isinstance(value, Appearance):
        changes |= {"stands_for": "", "person": value.person if value.person == person else None}
    if isinstance(value, Presentation | QuestionBlock | Question):
        changes |= {"uid": _NO_UID}
    return replace(value, **changes)
