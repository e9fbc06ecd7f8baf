"""Impact of a new release: the people it affects, and the changes in their own sessions. Pure.

A person is affected exactly if their own selection of the agenda, `for_person`, differs.
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
    "added",
    "removed",
    "cancelled",
    "status",
    "moved",
    "place",
    "role",
    "presentation",
    "questions",
    "retitled",
    "other_people",
    "details",
]


@dataclass(frozen=True, slots=True)
class AffectedItem:
    """A person's session before and after, or workshop for a role over all of it.

    None if the person was or is not in it. `reasons` are what changed for the person: `added` or
    `removed` if they are new in it or no longer in it, otherwise, the most important first:

    - `cancelled`, or another `status`: tentative, or confirmed again;
    - `moved` to other times or to another workshop; another `place`;
    - `role`: their role, or their printed name and affiliation; the `presentation` they give;
    - `questions` that their country answers, or that they ask as moderators;
    - `retitled`; `other_people` in the session; `details`: anything else.
    """

    before: Session | Workshop | None
    after: Session | Workshop | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class PersonImpact:
    """An affected person, in their newest form, and the changes for them.

    `other_changes` are those outside of `items`: of the event, of workshops over which they have
    no role, and of data about them and about people in the same sessions.
    """

    person: Person
    items: tuple[AffectedItem, ...]
    other_changes: tuple[Change, ...]


def list_impacts(old: Agenda, new: Agenda) -> tuple[PersonImpact, ...]:
    """Impacts on all people of either agenda appearance are affected, in the order of the lists.

    Both agendas must be of one event and cut for the same viewer, or uncut.
    """
    known = {person.uid for person in new.people}
    people = (*new.people, *(person for person in old.people if person.uid not in known))
    impacts = (_impact_on(person, old, new) for person in people)
    return tuple(impact for impact in impacts if impact is not None)


def _impact_on(person: Person, old: Agenda, new: Agenda) -> PersonImpact | None:
    before, after = for_person(old, person.uid), for_person(new, person.uid)
    own_changes = changes(before, after)
    if not own_changes:
        return None
    workshop_items = dict(_workshop_items(before, after))
    items = (*workshop_items.values(), *_session_items(before, after, person.uid))
    other_changes = tuple(
        change
        for change in own_changes
        if _is_other_change(change, has_items=bool(items))
        and change.subject.uid not in workshop_items
    )
    return PersonImpact(person, items, other_changes)


def _is_other_change(change: Change, *, has_items: bool) -> bool:
    """Say whether a change neither is in an affected item nor follows from one."""
    before, after = change.before, change.after
    if isinstance(before, Agenda) and isinstance(after, Agenda):
        return change.kind != "people" or not has_items or _people_in_both_differ(before, after)
    # A workshop that is added or removed follows from the items in it.
    return isinstance(before, Workshop) and isinstance(after, Workshop)


def _people_in_both_differ(before: Agenda, after: Agenda) -> bool:
    """Say whether the data of a person appearance is in both agendas differs."""
    both = {person.uid for person in before.people} & {person.uid for person in after.people}
    old_people, new_people = (
        [person for person in agenda.people if person.uid in both] for agenda in (before, after)
    )
    return old_people != new_people


def _workshop_items(before: Agenda, after: Agenda) -> Iterator[tuple[UUID, AffectedItem]]:
    """Workshops over which the person has a role; in their own selection nobody else has one."""
    old = {workshop.uid: workshop for workshop in before.workshops if workshop.people}
    new = {workshop.uid: workshop for workshop in after.workshops if workshop.people}
    for uid in (*new, *(uid for uid in old if uid not in new)):
        reasons = _workshop_reasons(old.get(uid), new.get(uid))
        if reasons:
            yield uid, AffectedItem(old.get(uid), new.get(uid), reasons)


def _workshop_reasons(before: Workshop | None, after: Workshop | None) -> tuple[Reason, ...]:
    if before is None or after is None:
        return ("added",) if before is None else ("removed",)
    reasons = [
        _WORKSHOP_REASONS.get(kind, "details")
        for kind, names in WORKSHOP_ASPECTS.items()
        if any(getattr(before, name) != getattr(after, name) for name in names)
    ]
    return tuple(dict.fromkeys(reasons))


_WORKSHOP_REASONS: dict[str, Reason] = {
    "moved": "moved",
    "place": "place",
    "people": "role",
    "retitled": "retitled",
}


@dataclass(frozen=True, slots=True)
class _PersonSession:
    """A session in which a person appears, with its workshop and place."""

    person: UUID
    session: Session
    workshop: UUID
    place: Text

    def own_of(self, people: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
        return tuple(appearance for appearance in people if appearance.person == self.person)

    def others_of(self, people: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
        return tuple(appearance for appearance in people if appearance.person != self.person)

    @property
    def moderates(self) -> bool:
        return any(
            appearance.behaviour.moderates for appearance in self.own_of(self.session.everybody)
        )

    @property
    def own_talks(self) -> set[UUID]:
        """UIDs of the presentations that the person gives."""
        return {talk.uid for talk in self.session.presentations if self.own_of(talk.people)}

    @property
    def own_blocks(self) -> set[UUID]:
        """UIDs of question blocks that the person asks as moderator or their country answers."""
        countries = {appearance.country for appearance in self.own_of(self.session.everybody)}
        return {
            block.uid
            for block in self.session.question_blocks
            if self.moderates or not countries.isdisjoint(block.countries)
        }


def _session_items(before: Agenda, after: Agenda, person: UUID) -> Iterator[AffectedItem]:
    old_items, new_items = (
        {item.session.uid: item for item in _person_sessions(agenda, person)}
        for agenda in (before, after)
    )
    for uid in (*new_items, *(uid for uid in old_items if uid not in new_items)):
        old, new = old_items.get(uid), new_items.get(uid)
        if old is None and new is not None:
            yield AffectedItem(None, new.session, ("added",))
        elif old is not None and new is None:
            yield AffectedItem(old.session, None, ("removed",))
        elif old is not None and new is not None and old != new:
            yield AffectedItem(old.session, new.session, tuple(_reasons(old, new)) or ("details",))


def _person_sessions(agenda: Agenda, person: UUID) -> Iterator[_PersonSession]:
    for workshop, session in agenda.workshop_sessions():
        yield _PersonSession(person, session, workshop.uid, agenda.place_of(workshop, session))


def _reasons(old: _PersonSession, new: _PersonSession) -> Iterator[Reason]:
    """Reasons why two forms of a session differ for one person."""
    if old.session.status != new.session.status:
        yield "cancelled" if new.session.status == "cancelled" else "status"
    own = _OwnContent(
        talks=old.own_talks | new.own_talks,
        blocks=old.own_blocks | new.own_blocks,
        with_notes=old.moderates or new.moderates,
    )
    for reason, facts in _FACTS:
        if facts(old, own) != facts(new, own):
            yield reason


@dataclass(frozen=True, slots=True)
class _OwnContent:
    """Talks and question blocks that are a person's own in either form of a session."""

    talks: set[UUID]
    blocks: set[UUID]
    with_notes: bool


def _times(item: _PersonSession, _own: _OwnContent) -> object:
    return item.workshop, item.session.starts_at, item.session.ends_at


def _place(item: _PersonSession, _own: _OwnContent) -> object:
    return item.place


def _role(item: _PersonSession, _own: _OwnContent) -> object:
    return item.own_of(item.session.people)


def _talks(item: _PersonSession, own: _OwnContent) -> object:
    """The person's own presentations, without other presenters."""
    return tuple(
        replace(talk, people=item.own_of(talk.people))
        for talk in item.session.presentations
        if talk.uid in own.talks
    )


def _questions(item: _PersonSession, own: _OwnContent) -> object:
    """The person's own questions; with the notes to the moderator only for moderators."""
    blocks = tuple(block for block in item.session.question_blocks if block.uid in own.blocks)
    if own.with_notes:
        return blocks, item.session.questions_minutes
    return tuple(replace(block, moderator_note=Text()) for block in blocks)


def _titles(item: _PersonSession, _own: _OwnContent) -> object:
    session = item.session
    return session.title, session.heading, session.number, session.kind


def _other_people(item: _PersonSession, _own: _OwnContent) -> object:
    """Other people in the session, and the order of all people."""
    order = tuple(appearance.person for appearance in item.session.people)
    talks = tuple((talk.uid, item.others_of(talk.people)) for talk in item.session.presentations)
    return item.others_of(item.session.people), order, tuple(talk for talk in talks if talk[1])


def _details(item: _PersonSession, own: _OwnContent) -> object:
    session = item.session
    talks = tuple(
        (talk.uid, talk.title, talk.minutes)
        for talk in session.presentations
        if talk.uid not in own.talks
    )
    blocks = tuple(block for block in session.question_blocks if block.uid not in own.blocks)
    return session.note, session.key, talks, blocks


_FACTS: tuple[tuple[Reason, Callable[[_PersonSession, _OwnContent], object]], ...] = (
    ("moved", _times),
    ("place", _place),
    ("role", _role),
    ("presentation", _talks),
    ("questions", _questions),
    ("retitled", _titles),
    ("other_people", _other_people),
    ("details", _details),
)
