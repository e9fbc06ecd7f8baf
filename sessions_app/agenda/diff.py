"""Diff of two agendas, session by session. Pure.

Every field of a session, a workshop and an event belongs to exactly one aspect below, so that no
difference is missed.
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
    """One changed aspect of an event, workshop or session: `before` and `after`, None if absent.

    `workshop` and `former_workshop` are the workshops of a session, now and before.
    """

    kind: Kind
    before: Subject | None
    after: Subject | None
    workshop: Workshop | None = None
    former_workshop: Workshop | None = None

    @property
    def subject(self) -> Subject:
        """The changed event, workshop or session: its new form, or its last one if removed."""
        return cast(Subject, self.after or self.before)

    @property
    def added_people(self) -> tuple[Appearance, ...]:
        """Appearances that only `after` has."""
        return _without(_appearances(self.after), _appearances(self.before))

    @property
    def removed_people(self) -> tuple[Appearance, ...]:
        """Appearances that only `before` has."""
        return _without(_appearances(self.before), _appearances(self.after))


def changes(old: Agenda, new: Agenda) -> tuple[Change, ...]:
    """Changes from `old` to `new`: of the event, then of the workshops, then of the sessions.

    Both must be of one event and already cut for the same viewer. The result is empty exactly
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
            former = before[uid]
            orders = [[session.uid for session in form.sessions] for form in (former, workshop)]
            same_sessions = sorted(map(repr, former.sessions)) == sorted(
                map(repr, workshop.sessions)
            )
            yield from _with_order(
                former, workshop, WORKSHOP_ASPECTS, reordered=same_sessions and _reordered(*orders)
            )
        else:
            yield Change("added", None, workshop)
    removed = (workshop for uid, workshop in before.items() if uid not in after)
    yield from (Change("removed", workshop, None) for workshop in removed)


def _with_order(
    before: Subject, after: Subject, aspects: Mapping[Kind, tuple[str, ...]], *, reordered: bool
) -> Iterator[Change]:
    """Changed aspects; another order of the same items is one change of kind `details`."""
    aspect_changes = tuple(_aspects(before, after, aspects))
    yield from aspect_changes
    if reordered and all(change.kind != "details" for change in aspect_changes):
        yield Change("details", before, after)


def _reordered(before: list[UUID], after: list[UUID]) -> bool:
    return before != after and sorted(before) == sorted(after)


def _session_changes(old: Agenda, new: Agenda) -> Iterator[Change]:
    before = {session.uid: (workshop, session) for workshop, session in old.workshop_sessions()}
    after = {session.uid: (workshop, session) for workshop, session in new.workshop_sessions()}
    for uid, (workshop, session) in after.items():
        if uid not in before:
            yield Change("added", None, session, workshop)
            continue
        former_workshop, former = before[uid]
        aspect_changes = tuple(
            _aspects(former, session, SESSION_ASPECTS, workshop, former_workshop)
        )
        yield from aspect_changes
        moved = any(change.kind == "moved" for change in aspect_changes)
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


def _without(
    appearances: Iterable[Appearance], others: tuple[Appearance, ...]
) -> tuple[Appearance, ...]:
    return tuple(appearance for appearance in appearances if appearance not in others)
