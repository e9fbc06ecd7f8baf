"""What differs between two agendas, session by session. Pure.

A difference that no reader could name would be one that slips by: every field of a session,
a workshop and an event belongs to exactly one aspect below.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from sessions_app.agenda.types import Agenda, Appearance, Session, Workshop

Kind = Literal[
    "added",
    "removed",
    "moved",
    "retitled",
    "status",
    "place",
    "people",
    "presentations",
    "questions",
    "zones",
    "about",
    "details",
]

SESSION_ASPECTS: Mapping[Kind, tuple[str, ...]] = {
    "status": ("status",),
    "moved": ("starts_at", "ends_at"),
    "retitled": ("title", "heading", "number", "kind"),
    "place": ("place",),
    "people": ("people",),
    "presentations": ("presentations",),
    "questions": ("question_blocks", "questions_minutes"),
    "details": ("note", "key"),
}
WORKSHOP_ASPECTS: Mapping[Kind, tuple[str, ...]] = {
    "moved": ("starts_at", "ends_at"),
    "retitled": ("title", "other_titles"),
    "place": ("place",),
    "people": ("people",),
    "about": ("about",),
    "details": ("key", "audience", "admission", "readable", "stated_windows"),
}
EVENT_ASPECTS: Mapping[Kind, tuple[str, ...]] = {
    "retitled": ("title",),
    "zones": ("zone", "zones"),
    "people": ("people",),
    "about": ("about",),
    "details": (
        *("slug", "languages", "organisers", "partners", "office_name", "office_address"),
        *("interpretation", "platform"),
    ),
}

Subject = Agenda | Workshop | Session


@dataclass(frozen=True, slots=True)
class Change:
    """One aspect of one thing that differs: the thing before and after, None where it was not.

    `workshop` and `former_workshop` are where a session stands and stood.
    """

    kind: Kind
    before: Subject | None
    after: Subject | None
    workshop: Workshop | None = None
    former_workshop: Workshop | None = None

    @property
    def subject(self) -> Subject:
        """The thing as it is now, or as it last was."""
        return cast(Subject, self.after or self.before)

    @property
    def came(self) -> tuple[Appearance, ...]:
        """Those who appear now and did not."""
        return _without(_appearances(self.after), _appearances(self.before))

    @property
    def left(self) -> tuple[Appearance, ...]:
        """Those who appeared and do not now."""
        return _without(_appearances(self.before), _appearances(self.after))


def changes(old: Agenda, new: Agenda) -> tuple[Change, ...]:
    """What `new` changes in `old`: the event, then each workshop followed by its sessions.

    Both must be of one event and cut for the same viewer already. Nothing is returned exactly
    if they are equal.
    """
    order = [[workshop.uid for workshop in agenda.workshops] for agenda in (old, new)]
    return (
        *_with_order(old, new, EVENT_ASPECTS, reordered=_reordered(*order)),
        *_workshop_changes(old, new),
        *_session_changes(old, new),
    )


def _workshop_changes(old: Agenda, new: Agenda) -> Iterator[Change]:
    before = {workshop.uid: workshop for workshop in old.workshops}
    after = {workshop.uid: workshop for workshop in new.workshops}
    for uid, workshop in after.items():
        if uid in before:
            rows = [[row.uid for row in each.sessions] for each in (before[uid], workshop)]
            same_rows = sorted(map(repr, before[uid].sessions)) == sorted(
                map(repr, workshop.sessions)
            )
            yield from _with_order(
                before[uid], workshop, WORKSHOP_ASPECTS, reordered=same_rows and _reordered(*rows)
            )
        else:
            yield Change("added", None, workshop)
    yield from (Change("removed", gone, None) for uid, gone in before.items() if uid not in after)


def _with_order(
    before: Subject, after: Subject, aspects: Mapping[Kind, tuple[str, ...]], *, reordered: bool
) -> Iterator[Change]:
    """The aspects that differ; another order of the same things is a detail, told once."""
    found = tuple(_aspects(before, after, aspects))
    yield from found
    if reordered and all(change.kind != "details" for change in found):
        yield Change("details", before, after)


def _reordered(before: list[UUID], after: list[UUID]) -> bool:
    return before != after and sorted(before) == sorted(after)


def _session_changes(old: Agenda, new: Agenda) -> Iterator[Change]:
    before = {session.uid: (workshop, session) for workshop, session in old.placed_sessions()}
    after = {session.uid: (workshop, session) for workshop, session in new.placed_sessions()}
    for uid, (workshop, session) in after.items():
        if uid not in before:
            yield Change("added", None, session, workshop)
            continue
        former_workshop, former = before[uid]
        found = tuple(_aspects(former, session, SESSION_ASPECTS, workshop, former_workshop))
        yield from found
        moved = any(change.kind == "moved" for change in found)
        if former_workshop.uid != workshop.uid and not moved:
            yield Change("moved", former, session, workshop, former_workshop)
    for uid, (workshop, session) in before.items():
        if uid not in after:
            yield Change("removed", session, None, None, workshop)


def _aspects(
    before: Subject,
    after: Subject,
    aspects: Mapping[Kind, tuple[str, ...]],
    workshop: Workshop | None = None,
    former_workshop: Workshop | None = None,
) -> Iterator[Change]:
    for kind, names in aspects.items():
        if any(getattr(before, name) != getattr(after, name) for name in names):
            yield Change(kind, before, after, workshop, former_workshop)


def _appearances(subject: Subject | None) -> tuple[Appearance, ...]:
    if isinstance(subject, Session):
        return subject.everybody
    return subject.people if isinstance(subject, Workshop) else ()


def _without(some: Iterable[Appearance], others: tuple[Appearance, ...]) -> tuple[Appearance, ...]:
    return tuple(each for each in some if each not in others)
