"""Who appears where, and what the programme becomes when people change. Pure."""

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
LEADING = ("moderator", "facilitator")


@dataclass(frozen=True, slots=True)
class Seat:
    """A place whose name is to be confirmed, with what is printed there until it is known."""

    position: Text
    organisation: Text


@dataclass(frozen=True, slots=True)
class Part:
    """An appearance where it stands: the `index`-th of a talk, of a row or of a whole workshop."""

    index: int
    workshop: Workshop
    session: Session | None = None
    talk: Presentation | None = None

    @property
    def holder(self) -> Workshop | Session | Presentation:
        """What the appearance belongs to."""
        return self.talk or self.session or self.workshop

    @property
    def who(self) -> Appearance:
        return self.holder.people[self.index]

    @property
    def place(self) -> UUID:
        """By what the part is chosen: its session, or the workshop that it spans."""
        return (self.session or self.workshop).uid


@dataclass(frozen=True, slots=True)
class Swap:
    """A part and who has it then; None where it is taken out."""

    part: Part
    then: Appearance | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A question block without one of its countries; None where that was the only one."""

    session: Session
    block: QuestionBlock
    then: QuestionBlock | None

    @property
    def freed(self) -> int:
        """The minutes that become free; none where a total stays what it was."""
        left = self.then.total_minutes if self.then else None
        return (self.block.total_minutes or 0) - (left or 0)


def parts(agenda: Agenda) -> Iterator[Part]:
    """Everything that somebody or something does in an event, in the order of the programme."""
    for workshop in agenda.workshops:
        yield from (Part(index, workshop) for index in range(len(workshop.people)))
        for session in workshop.sessions:
            yield from (Part(index, workshop, session) for index in range(len(session.people)))
            for talk in session.presentations:
                yield from (Part(at, workshop, session, talk) for at in range(len(talk.people)))


def swaps(
    chosen: Iterable[Part], by: Person | Seat, *, keep_text: bool = False
) -> tuple[Swap, ...]:
    """Each part as `by` has it, in the same role; taken out where they have that role there.

    What was printed there of position and organisation goes with whom it described, unless
    `keep_text` says that it describes the place.
    """
    return tuple(Swap(part, _then(part, by, keep_text=keep_text)) for part in chosen)


def cuts(agenda: Agenda, country: str, places: Collection[UUID]) -> tuple[Cut, ...]:
    """The question blocks of these sessions that ask a country, without it."""
    return tuple(
        Cut(session, block, _without(block, country))
        for session in agenda.sessions()
        if session.uid in places
        for block in session.question_blocks
        if country in block.countries
    )


def changed(
    agenda: Agenda,
    swapped: Iterable[Swap],
    cut: Iterable[Cut] = (),
    newcomer: Person | None = None,
) -> Agenda:
    """The agenda after these swaps and cuts; all who appear then are among its people."""
    cast = {(swap.part.holder.uid, swap.part.index): swap.then for swap in swapped}
    asked = {each.block.uid: each.then for each in cut}

    def people(holder: Workshop | Session | Presentation) -> tuple[Appearance, ...]:
        then = (cast.get((holder.uid, at), who) for at, who in enumerate(holder.people))
        return tuple(who for who in then if who is not None)

    def recast(session: Session) -> Session:
        talks = (replace(talk, people=people(talk)) for talk in session.presentations)
        blocks = (asked.get(block.uid, block) for block in session.question_blocks)
        return replace(
            session,
            people=people(session),
            presentations=tuple(talks),
            question_blocks=tuple(block for block in blocks if block is not None),
        )

    workshops = tuple(
        replace(each, people=people(each), sessions=tuple(map(recast, each.sessions)))
        for each in agenda.workshops
    )
    return _with_people_of(replace(agenda, workshops=workshops), newcomer)


def without_speakers(before: Agenda, after: Agenda) -> tuple[Session | Presentation, ...]:
    """Sessions and talks that had somebody beside their moderators, and have nobody then."""
    left = {holder.uid for holder in _holders(after) if _speaks(holder)}
    return tuple(
        holder for holder in _holders(before) if _speaks(holder) and holder.uid not in left
    )


def _then(part: Part, by: Person | Seat, *, keep_text: bool) -> Appearance | None:
    if isinstance(by, Seat):
        return Appearance(
            role=part.who.role,
            stands_for=TO_BE_CONFIRMED,
            name=Text(),
            position=by.position,
            organisation=by.organisation,
        )
    if any(who.person == by.uid and who.role == part.who.role for who in part.holder.people):
        return None
    stays = keep_text and (part.who.position or part.who.organisation)
    return Appearance(
        role=part.who.role,
        stands_for="person",
        name=by.name,
        person=by.uid,
        position=part.who.position if stays else by.position,
        organisation=part.who.organisation if stays else by.organisation,
        country=by.country,
    )


def _without(block: QuestionBlock, country: str) -> QuestionBlock | None:
    left = tuple(code for code in block.countries if code != country)
    return replace(block, countries=left) if left else None


def _holders(agenda: Agenda) -> Iterator[Session | Presentation]:
    for session in agenda.sessions():
        yield session
        yield from session.presentations


def _speaks(holder: Session | Presentation) -> bool:
    people = holder.everybody if isinstance(holder, Session) else holder.people
    return any(who.role not in LEADING for who in people)


def _with_people_of(agenda: Agenda, newcomer: Person | None) -> Agenda:
    known = {person.uid: person for person in agenda.people}
    if newcomer is not None:
        known[newcomer.uid] = newcomer
    appearing = {part.who.person for part in parts(agenda)}
    people = (person for uid, person in known.items() if uid in appearing)
    return replace(
        agenda, people=tuple(sorted(people, key=lambda each: (each.sort_name, each.key)))
    )
