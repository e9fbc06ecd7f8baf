"""Whom a new release concerns, and what of their own part it changes. Pure.

Somebody is concerned exactly if their own cut of the agenda, `for_person`, differs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from sessions_app.agenda.diff import WORKSHOP_ASPECTS, Change, changes
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person, Session, Workshop

Reason = Literal[
    "new_part",
    "part_gone",
    "cancelled",
    "status",
    "moved",
    "place",
    "role",
    "presentation",
    "questions",
    "retitled",
    "company",
    "details",
]


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody has a part in, as it was and is; None where they had or have none.

    A workshop stands for a role over all of it. `reasons` say what changed for them: that they
    have a part or lost it, or else, the weightiest first,

    - `cancelled`, or another `status`: tentative, or standing again;
    - `moved` to other times or to another workshop; another `place`;
    - `role`: their role, or how they are printed there; the `presentation` that they give;
    - `questions` that their country answers, or that they put as moderators;
    - `retitled`; `company`: who else is there; `details`: anything else.
    """

    before: Session | Workshop | None
    after: Session | Workshop | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """Somebody, as they are now or last were, and what changed for them.

    `around` is what changed besides: of the event, of workshops over which they have no role, of
    what is told of them and of those beside them.
    """

    person: Person
    parts: tuple[Part, ...]
    around: tuple[Change, ...]


def concerned(old: Agenda, new: Agenda) -> tuple[Concern, ...]:
    """One for each person of either agenda whose own cut differs, in the order of the lists.

    Both must be of one event and cut for the same viewer, or whole.
    """
    known = {person.uid for person in new.people}
    people = (*new.people, *(person for person in old.people if person.uid not in known))
    concerns = (_concern(person, old, new) for person in people)
    return tuple(concern for concern in concerns if concern is not None)


def _concern(person: Person, old: Agenda, new: Agenda) -> Concern | None:
    before, after = for_person(old, person.uid), for_person(new, person.uid)
    found = changes(before, after)
    if not found:
        return None
    over = dict(_over_workshops(before, after))
    parts = (*over.values(), *_in_sessions(before, after, person.uid))
    around = tuple(
        each for each in found if _is_around(each, bool(parts)) and each.subject.uid not in over
    )
    return Concern(person, parts, around)


def _is_around(change: Change, has_parts: bool) -> bool:
    """Whether a change is of none of the parts, nor follows from what changed in them."""
    before, after = change.before, change.after
    if isinstance(before, Agenda) and isinstance(after, Agenda):
        return change.kind != "people" or not has_parts or _told(before, after)
    # A workshop comes and goes with the parts in it.
    return isinstance(before, Workshop) and isinstance(after, Workshop)


def _told(before: Agenda, after: Agenda) -> bool:
    """Whether anything differs that is told of people who are in both."""
    both = {person.uid for person in before.people} & {person.uid for person in after.people}
    was, now = (
        [person for person in each.people if person.uid in both] for each in (before, after)
    )
    return was != now


def _over_workshops(before: Agenda, after: Agenda) -> Iterator[tuple[UUID, Part]]:
    """Roles over whole workshops; in their own cut nobody else has one."""
    was = {workshop.uid: workshop for workshop in before.workshops if workshop.people}
    now = {workshop.uid: workshop for workshop in after.workshops if workshop.people}
    for uid in (*now, *(uid for uid in was if uid not in now)):
        reasons = _of_workshop(was.get(uid), now.get(uid))
        if reasons:
            yield uid, Part(was.get(uid), now.get(uid), reasons)


def _of_workshop(before: Workshop | None, after: Workshop | None) -> tuple[Reason, ...]:
    if before is None or after is None:
        return ("new_part",) if before is None else ("part_gone",)
    found = [
        _OF_WORKSHOP.get(kind, "details")
        for kind, names in WORKSHOP_ASPECTS.items()
        if any(getattr(before, name) != getattr(after, name) for name in names)
    ]
    return tuple(dict.fromkeys(found))


_OF_WORKSHOP: dict[str, Reason] = {
    "moved": "moved",
    "place": "place",
    "people": "role",
    "retitled": "retitled",
}


@dataclass(frozen=True, slots=True)
class _Mine:
    """A session that somebody has a part in, and where it stands."""

    person: UUID
    session: Session
    workshop: UUID
    place: Text

    def own(self, people: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
        return tuple(who for who in people if who.person == self.person)

    def others(self, people: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
        return tuple(who for who in people if who.person != self.person)

    @property
    def moderates(self) -> bool:
        return any(who.role == "moderator" for who in self.own(self.session.everybody))

    @property
    def talks(self) -> set[UUID]:
        """The presentations that they give."""
        return {talk.uid for talk in self.session.presentations if self.own(talk.people)}

    @property
    def blocks(self) -> set[UUID]:
        """The question blocks that are theirs to put or to answer."""
        countries = {who.country for who in self.own(self.session.everybody)}
        return {
            block.uid
            for block in self.session.question_blocks
            if self.moderates or not countries.isdisjoint(block.countries)
        }


def _in_sessions(before: Agenda, after: Agenda, person: UUID) -> Iterator[Part]:
    was, now = (
        {mine.session.uid: mine for mine in _mine(each, person)} for each in (before, after)
    )
    for uid in (*now, *(uid for uid in was if uid not in now)):
        old, new = was.get(uid), now.get(uid)
        if old is None and new is not None:
            yield Part(None, new.session, ("new_part",))
        elif old is not None and new is None:
            yield Part(old.session, None, ("part_gone",))
        elif old is not None and new is not None and old != new:
            yield Part(old.session, new.session, tuple(_reasons(old, new)) or ("details",))


def _mine(agenda: Agenda, person: UUID) -> Iterator[_Mine]:
    for workshop, session in agenda.placed_sessions():
        yield _Mine(person, session, workshop.uid, agenda.place_of(workshop, session))


def _reasons(old: _Mine, new: _Mine) -> Iterator[Reason]:
    """What differs between two forms of a session, as the one person sees it."""
    was, now = old.session, new.session
    if was.status != now.status:
        yield "cancelled" if now.status == "cancelled" else "status"
    own = _Own(old.talks | new.talks, old.blocks | new.blocks, old.moderates or new.moderates)
    for reason, facts in _FACTS:
        if facts(old, own) != facts(new, own):
            yield reason


@dataclass(frozen=True, slots=True)
class _Own:
    """What of a session is somebody's own in either form of it: talks and question blocks."""

    talks: set[UUID]
    blocks: set[UUID]
    with_notes: bool


def _times(mine: _Mine, _own: _Own) -> object:
    return mine.workshop, mine.session.starts_at, mine.session.ends_at


def _place(mine: _Mine, _own: _Own) -> object:
    return mine.place


def _role(mine: _Mine, _own: _Own) -> object:
    return mine.own(mine.session.people)


def _talks(mine: _Mine, own: _Own) -> object:
    """The presentations that they give, without those who give them too."""
    return tuple(
        replace(talk, people=mine.own(talk.people))
        for talk in mine.session.presentations
        if talk.uid in own.talks
    )


def _questions(mine: _Mine, own: _Own) -> object:
    """The questions that are theirs; only moderators have the notes beside them."""
    blocks = tuple(block for block in mine.session.question_blocks if block.uid in own.blocks)
    if own.with_notes:
        return blocks, mine.session.questions_minutes
    return tuple(replace(block, moderator_note=Text()) for block in blocks)


def _titles(mine: _Mine, _own: _Own) -> object:
    session = mine.session
    return session.title, session.heading, session.number, session.kind


def _company(mine: _Mine, _own: _Own) -> object:
    """Who else is there, and among whom they stand."""
    order = tuple(who.person for who in mine.session.people)
    talks = tuple((talk.uid, mine.others(talk.people)) for talk in mine.session.presentations)
    return mine.others(mine.session.people), order, tuple(each for each in talks if each[1])


def _details(mine: _Mine, own: _Own) -> object:
    session = mine.session
    talks = tuple(
        (talk.uid, talk.title, talk.minutes)
        for talk in session.presentations
        if talk.uid not in own.talks
    )
    blocks = tuple(block for block in session.question_blocks if block.uid not in own.blocks)
    return session.note, session.key, talks, blocks


_FACTS: tuple[tuple[Reason, Callable[[_Mine, _Own], object]], ...] = (
    ("moved", _times),
    ("place", _place),
    ("role", _role),
    ("presentation", _talks),
    ("questions", _questions),
    ("retitled", _titles),
    ("company", _company),
    ("details", _details),
)
