"""What of an agenda is somebody's own: what mails tell them, and their calendar. Pure.

A mail and the calendar entries in it are drawn from the same `Own`, and a new release concerns
somebody exactly if theirs differs: nobody hears of anything else.
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

Row = TypeVar("Row", Workshop, Session)
_NO_UID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Own:
    """The workshops somebody is in, each with only their sessions and their roles over all of it.

    Places are filled in. `called_off` are those in which no session stands any more.
    """

    person: UUID
    workshops: tuple[Workshop, ...]
    called_off: frozenset[UUID] = frozenset()

    @property
    def has_part(self) -> bool:
        """Whether they have a part in anything, or only attend."""
        return any(workshop.sessions or workshop.people for workshop in self.workshops)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands once in somebody's calendar: a session they have a part in, or a workshop."""

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


def own(
    agenda: Agenda, person: UUID, *, listed: Collection[UUID], without: Collection[UUID]
) -> Own:
    """What an agenda, cut for a person already, says of them.

    `listed` are the workshops they are in, with a part or not; of others only those in which
    they have a part, but none that is among `without`.
    """
    found = [
        (workshop, _own_workshop(agenda, workshop, person))
        for workshop in agenda.workshops
        if workshop.uid not in without
    ]
    kept = [
        (whole, mine) for whole, mine in found if mine.uid in listed or mine.sessions or mine.people
    ]
    return Own(
        person=person,
        workshops=tuple(mine for _, mine in kept),
        called_off=frozenset(whole.uid for whole, _ in kept if _is_called_off(whole)),
    )


def part_of(whole: Own, workshops: Collection[UUID]) -> Own:
    """Only what is of these workshops."""
    return Own(
        person=whole.person,
        workshops=tuple(each for each in whole.workshops if each.uid in workshops),
        called_off=whole.called_off.intersection(workshops),
    )


def together(person: UUID, parts: Collection[Own]) -> Own:
    """What several releases told somebody, each of other workshops."""
    return Own(
        person=person,
        workshops=tuple(workshop for part in parts for workshop in part.workshops),
        called_off=frozenset(uid for part in parts for uid in part.called_off),
    )


def differences(was: Own, now: Own) -> tuple[Change, ...]:
    """What differs for them; nothing exactly if all that they are told is the same.

    A workshop that is called off, or stands again, has another `status`.
    """
    old, new = _bare(was), _bare(now)
    before = {workshop.uid: workshop for workshop in old.workshops}
    called = was.called_off ^ now.called_off
    stands_or_not = (
        Change("status", before[workshop.uid], workshop)
        for workshop in new.workshops
        if workshop.uid in called and workshop.uid in before
    )
    return (*stands_or_not, *changes(old, new))


def entries(mine: Own, whole: Mapping[UUID, UUID]) -> Iterator[Entry]:
    """What stands in their calendar: their sessions; where they have none, the workshop.

    `whole` gives the UID of a workshop's entry. Who has a role over all of a workshop has an
    entry for it beside those of their sessions.
    """
    for workshop in mine.workshops:
        if (workshop.people or not workshop.sessions) and workshop.uid in whole:
            off = workshop.uid in mine.called_off
            status = "cancelled" if off else "confirmed"
            yield Entry(whole[workshop.uid], workshop, None, status)
        for session in workshop.sessions:
            yield Entry(session.uid, workshop, session, session.status)


def _own_workshop(agenda: Agenda, workshop: Workshop, person: UUID) -> Workshop:
    def mine(people: tuple[Appearance, ...]) -> bool:
        return any(who.person == person for who in people)

    return replace(
        workshop,
        place=workshop.place or agenda.platform,
        people=tuple(who for who in workshop.people if who.person == person),
        sessions=tuple(
            replace(session, place=agenda.place_of(workshop, session))
            for session in workshop.sessions
            if mine(session.everybody)
        ),
        about=(),
    )


def _is_called_off(workshop: Workshop) -> bool:
    """Whether all that was to happen is cancelled; breaks alone are no reason to come.

    Of a workshop that they may not read, their own items say nothing of the others.
    """
    rows = [session for session in workshop.sessions if session.kind != "break"]
    stand = [session for session in rows if session.status != "cancelled"]
    return workshop.readable and bool(rows) and not stand


def _bare(mine: Own) -> Agenda:
    """Only what their mails tell: no names of addresses, no order of rows, one language."""
    workshops = (
        replace(
            workshop,
            key="",
            admission="",
            readable=True,
            sessions=_in_order(replace(session, key="") for session in workshop.sessions),
        )
        for workshop in mine.workshops
    )
    return Agenda(
        uid=mine.person,
        slug="",
        title=Text(),
        zone="",
        zones=(),
        workshops=cast(tuple[Workshop, ...], _as_read(_in_order(workshops), mine.person)),
    )


def _in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: str(row.uid)))


def _as_read(value: object, person: UUID) -> object:
    """As it is printed, all the way down: who typed a question anew has not changed it."""
    if isinstance(value, Text):
        return Text(en=str(value)) if value.language == "en" else Text(lo=str(value))
    if isinstance(value, tuple):
        return tuple(_as_read(item, person) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {each.name: _as_read(getattr(value, each.name), person) for each in fields(value)}
    if isinstance(value, Appearance):
        changes |= {"stands_for": "", "person": value.person if value.person == person else None}
    if isinstance(value, Presentation | QuestionBlock | Question):
        changes |= {"uid": _NO_UID}
    return replace(value, **changes)
