"""Assignments of people to roles, and the agenda after changes to them. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import (
    Agenda,
    Appearance,
    Person,
    Presentation,
    QuestionBlock,
    Session,
    Workshop,
)

TO_BE_CONFIRMED = "to_be_confirmed"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A person to be confirmed, with the affiliation to print until the name is known."""

    position: Text
    organisation: Text


@dataclass(frozen=True, slots=True)
class Assignment:
    """An appearance and its position: the `index`-th of a talk, session or workshop."""

    index: int
    workshop: Workshop
    session: Session | None = None
    talk: Presentation | None = None

    @property
    def holder(self) -> Workshop | Session | Presentation:
        """The talk, session or workshop of the appearance."""
        return self.talk or self.session or self.workshop

    @property
    def appearance(self) -> Appearance:
        return self.holder.people[self.index]

    @property
    def item_uid(self) -> UUID:
        """UID of the session, or of the workshop for a role over all of it; chosen on pages."""
        return (self.session or self.workshop).uid


@dataclass(frozen=True, slots=True)
class Reassignment:
    """An assignment with its new appearance; `after` is None if it is removed."""

    assignment: Assignment
    after: Appearance | None


@dataclass(frozen=True, slots=True)
class BlockChange:
    """Removal of a country from a question block; `after` is None if it was the only country."""

    session: Session
    block: QuestionBlock
    after: QuestionBlock | None

    @property
    def freed_minutes(self) -> int:
        """Minutes that become free; 0 if the block has a total, which stays."""
        remaining = self.after.total_minutes if self.after else None
        return (self.block.total_minutes or 0) - (remaining or 0)


def list_assignments(agenda: Agenda) -> Iterator[Assignment]:
    """All assignments of an event, in the order of the programme."""
    for workshop in agenda.workshops:
        yield from (Assignment(index, workshop) for index in range(len(workshop.people)))
        for session in workshop.sessions:
            yield from (
                Assignment(index, workshop, session) for index in range(len(session.people))
            )
            for talk in session.presentations:
                yield from (
                    Assignment(index, workshop, session, talk) for index in range(len(talk.people))
                )


def reassignments(
    assignments: Iterable[Assignment],
    newcomer: Person | Placeholder,
    *,
    keep_text: bool = False,
) -> tuple[Reassignment, ...]:
    """Reassign these assignments to `newcomer`, in the same role.

    An assignment is removed if the newcomer has that role there already. The affiliation printed
    there is replaced by the newcomer's, unless `keep_text`.
    """
    return tuple(
        Reassignment(assignment, _appearance_after(assignment, newcomer, keep_text=keep_text))
        for assignment in assignments
    )


def block_changes(
    agenda: Agenda, country: str, sessions: Collection[UUID]
) -> tuple[BlockChange, ...]:
    """Removals of a country from the question blocks of these sessions."""
    return tuple(
        BlockChange(session, block, _without(block, country))
        for session in agenda.sessions()
        if session.uid in sessions
        for block in session.question_blocks
        if country in block.countries
    )


def apply_changes(
    agenda: Agenda,
    reassigned: Iterable[Reassignment],
    changed_blocks: Iterable[BlockChange] = (),
    newcomer: Person | None = None,
) -> Agenda:
    """The agenda after these changes; its people are all who appear then."""
    appearances = {
        (change.assignment.holder.uid, change.assignment.index): change.after
        for change in reassigned
    }
    blocks_after = {change.block.uid: change.after for change in changed_blocks}

    def people(holder: Workshop | Session | Presentation) -> tuple[Appearance, ...]:
        after = (
            appearances.get((holder.uid, index), appearance)
            for index, appearance in enumerate(holder.people)
        )
        return tuple(appearance for appearance in after if appearance is not None)

    def changed_session(session: Session) -> Session:
        talks = (replace(talk, people=people(talk)) for talk in session.presentations)
        blocks = (blocks_after.get(block.uid, block) for block in session.question_blocks)
        return replace(
            session,
            people=people(session),
            presentations=tuple(talks),
            question_blocks=tuple(block for block in blocks if block is not None),
        )

    workshops = tuple(
        replace(
            workshop,
            people=people(workshop),
            sessions=tuple(map(changed_session, workshop.sessions)),
        )
        for workshop in agenda.workshops
    )
    return _with_people_of(replace(agenda, workshops=workshops), newcomer)


def without_speakers(before: Agenda, after: Agenda) -> tuple[Session | Presentation, ...]:
    """Sessions and talks that lose their last speaker; moderators do not count as speakers."""
    with_speaker = {holder.uid for holder in _holders(after) if _has_speaker(holder)}
    return tuple(
        holder
        for holder in _holders(before)
        if _has_speaker(holder) and holder.uid not in with_speaker
    )


def _appearance_after(
    assignment: Assignment, newcomer: Person | Placeholder, *, keep_text: bool
) -> Appearance | None:
    former = assignment.appearance
    if isinstance(newcomer, Placeholder):
        return Appearance(
            role=former.role,
            stands_for=TO_BE_CONFIRMED,
            name=Text(),
            position=newcomer.position,
            organisation=newcomer.organisation,
        )
    present = ((other.person, other.role) for other in assignment.holder.people)
    if (newcomer.uid, former.role) in present:
        return None
    printed = former if keep_text and (former.position or former.organisation) else newcomer
    return Appearance(
        role=former.role,
        stands_for="person",
        name=newcomer.name,
        person=newcomer.uid,
        position=printed.position,
        organisation=printed.organisation,
        country=newcomer.country,
    )


def _without(block: QuestionBlock, country: str) -> QuestionBlock | None:
    others = tuple(code for code in block.countries if code != country)
    return replace(block, countries=others) if others else None


def _holders(agenda: Agenda) -> Iterator[Session | Presentation]:
    for session in agenda.sessions():
        yield session
        yield from session.presentations


def _has_speaker(holder: Session | Presentation) -> bool:
    people = holder.everybody if isinstance(holder, Session) else holder.people
    return any(not appearance.behaviour.leads for appearance in people)


def _with_people_of(agenda: Agenda, newcomer: Person | None) -> Agenda:
    known = {person.uid: person for person in agenda.people}
    if newcomer is not None:
        known[newcomer.uid] = newcomer
    appearing = {assignment.appearance.person for assignment in list_assignments(agenda)}
    people = (person for uid, person in known.items() if uid in appearing)
    return replace(
        agenda, people=tuple(sorted(people, key=lambda person: (person.sort_name, person.key)))
    )
