"""Changes for one person as lines of an e-mail, with old and new side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from participants.mail.personal_agenda import PersonalAgenda
from participants.mail.session_content import (
    block_content,
    name_with_affiliation,
    presentation_line,
    roles_in,
)
from participants.mail.time_text import long_time_range
from sessions_app.agenda.diff import Change, Subject
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone

Lines = tuple[Text | str, ...]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class ChangedAspect:
    """One changed aspect (time, place, people ...) with its old and new lines."""

    name: str
    before: Lines
    after: Lines


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """All changes of one session or workshop; `label` is empty if the title is enough."""

    label: str
    title: Text
    aspects: tuple[ChangedAspect, ...]

    @property
    def reason(self) -> str:
        """`Session 3: time, questions`, for the list of recipients."""
        aspects = ", ".join(aspect.name.lower() for aspect in self.aspects)
        return f"{self.label or self.title}: {aspects}"


def changed_items(
    changes: Iterable[Change], newest: PersonalAgenda, zone: Zone
) -> tuple[ChangedItem, ...]:
    """The changes grouped by session or workshop; `newest` is the agenda after them."""
    by_subject: dict[UUID, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(change.subject.uid, []).append(change)
    items = (_changed_item(group, newest, zone) for group in by_subject.values())
    return tuple(item for item in items if item.aspects)


def _changed_item(changes: list[Change], newest: PersonalAgenda, zone: Zone) -> ChangedItem:
    subject = changes[0].subject
    label = ""
    if isinstance(subject, Session) and (subject.number is not None or not subject.title):
        label = labels.session_label(subject)
    aspects = (_aspect(change, newest, zone) for change in changes)
    return ChangedItem(
        label=label,
        title=subject.title,
        aspects=tuple(aspect for aspect in aspects if aspect.before != aspect.after),
    )


def _aspect(change: Change, newest: PersonalAgenda, zone: Zone) -> ChangedAspect:
    is_cancelled = change.subject.uid in newest.cancelled_workshops
    sides = (
        _Side(change.kind, change.before, change.after, change.former_workshop, not is_cancelled),
        _Side(change.kind, change.after, change.before, change.workshop, is_cancelled),
    )
    has_new_workshop = None not in {side.workshop for side in sides} and (
        len({side.workshop and side.workshop.uid for side in sides}) > 1
    )
    before, after = (
        side.lines(newest.person, zone, with_workshop=has_new_workshop) for side in sides
    )
    return ChangedAspect(_aspect_name(change), before, after)


def _aspect_name(change: Change) -> str:
    names = {
        "added": _("Your role"),
        "removed": _("Your role"),
        "moved": _("Time"),
        "retitled": _("Title"),
        "status": _("State"),
        "place": _("Place"),
        "people": _("People"),
        "presentations": _("Presentations"),
        "questions": _("Questions"),
    }
    if change.kind == "details" and isinstance(change.subject, Workshop):
        return _("Audience")
    return names.get(change.kind, _("Note"))


@dataclass(frozen=True, slots=True)
class _Side:
    """The old or the new side of a change; `subject` is None if this side does not exist."""

    kind: str
    subject: Subject | None
    other: Subject | None
    workshop: Workshop | None
    is_cancelled: bool

    def lines(self, person: UUID, zone: Zone, *, with_workshop: bool) -> Lines:
        """The lines of this side, or a dash; with the workshop if the other side has another."""
        lines = self._lines(person, zone, with_workshop=with_workshop)
        return tuple(line for line in lines if line) or ("–",)

    def _lines(self, person: UUID, zone: Zone, *, with_workshop: bool) -> Iterator[Text | str]:
        if isinstance(self.subject, Session):
            if with_workshop and self.kind == "moved" and self.workshop is not None:
                yield self.workshop.title
            yield from self._session_lines(self.subject, person, zone)
        elif isinstance(self.subject, Workshop):
            yield from self._workshop_lines(self.subject, zone)

    def _session_lines(self, session: Session, person: UUID, zone: Zone) -> Iterator[Text | str]:
        other = self.other if isinstance(self.other, Session) else None
        match self.kind:
            case "added" | "removed":
                yield long_time_range(session.starts_at, session.ends_at, zone)
                yield from roles_in(session, person)
            case "moved":
                yield long_time_range(session.starts_at, session.ends_at, zone)
            case "status":
                yield labels.status(session) or _("Confirmed")
            case "place":
                yield session.place
            case "people":
                people = _only_in(session.people, None if other is None else other.people)
                yield from map(name_with_affiliation, people)
            case "presentations":
                for presentation in _only_in(
                    session.presentations, None if other is None else other.presentations
                ):
                    yield presentation_line(presentation, Text())
                    yield from map(name_with_affiliation, presentation.people)
            case "questions":
                yield from _question_lines(session, other)
            case "retitled":
                yield f"{labels.session_title(session)} ({labels.kind(session)})"
                yield session.heading
            case _:
                yield session.note

    def _workshop_lines(self, workshop: Workshop, zone: Zone) -> Iterator[Text | str]:
        match self.kind:
            case "added" | "removed" | "people":
                for appearance in workshop.people:
                    yield labels.role(appearance.role, 1, overall=True)
            case "status":
                yield _("Cancelled") if self.is_cancelled else _("Takes place")
            case "moved":
                yield long_time_range(workshop.starts_at, workshop.ends_at, zone)
            case "retitled":
                yield workshop.title
            case "place":
                yield workshop.place
            case _:
                yield workshop.audience


def _question_lines(session: Session, other: Session | None) -> Iterator[Text | str]:
    """The question blocks that only this side has, and its minutes for all questions."""
    if other is None or session.question_blocks != other.question_blocks:
        blocks = _only_in(session.question_blocks, None if other is None else other.question_blocks)
        for block in map(block_content, blocks):
            yield block.heading
            yield from block.questions
    if other is not None and session.questions_minutes != other.questions_minutes:
        minutes = session.questions_minutes
        text = _("%(minutes)s for questions")
        yield text % {"minutes": labels.minutes(minutes)} if minutes else ""


def _only_in(items: tuple[Item, ...], others: tuple[Item, ...] | None) -> Iterator[Item]:
    """The items that the other side does not have; all items if only their order differs."""
    is_same = others is not None and sorted(map(repr, items)) == sorted(map(repr, others))
    yield from (item for item in items if is_same or others is None or item not in others)
