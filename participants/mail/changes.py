"""What changed for somebody, old and new side by side, as lines of a mail."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from participants.mail.personal_agenda import Own
from participants.mail.session_content import affiliated, block_lines, roles_in, talk_line
from participants.mail.time_text import when
from sessions_app.agenda.diff import Change, Subject
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone

Lines = tuple[Text | str, ...]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class AspectLines:
    """What differs, in a word, and what was and is; each side a line or more."""

    what: str
    before: Lines
    now: Lines


@dataclass(frozen=True, slots=True)
class ChangedLines:
    """Everything that differs in one session or workshop; `label` is empty for what has a title."""

    label: str
    title: Text
    aspects: tuple[AspectLines, ...]

    @property
    def reason(self) -> str:
        """`Session 3: time, questions`, for the list of those who are told."""
        aspects = ", ".join(aspect.what.lower() for aspect in self.aspects)
        return f"{self.label or self.title}: {aspects}"


def changed(changes: Iterable[Change], now: Own, zone: Zone) -> tuple[ChangedLines, ...]:
    """The changes under the session or workshop that they are of; `now` is what they led to."""
    things: dict[UUID, list[Change]] = {}
    for change in changes:
        things.setdefault(change.subject.uid, []).append(change)
    found = (_thing(each, now, zone) for each in things.values())
    return tuple(lines for lines in found if lines.aspects)


def _thing(changes: list[Change], now: Own, zone: Zone) -> ChangedLines:
    subject = changes[0].subject
    label = ""
    if isinstance(subject, Session) and (subject.number is not None or not subject.title):
        label = labels.session_label(subject)
    aspects = (_aspect(change, now, zone) for change in changes)
    return ChangedLines(
        label=label,
        title=subject.title,
        aspects=tuple(each for each in aspects if each.before != each.now),
    )


def _aspect(change: Change, now: Own, zone: Zone) -> AspectLines:
    is_off = change.subject.uid in now.called_off
    sides = (
        _Side(change.kind, change.before, change.after, change.former_workshop, not is_off),
        _Side(change.kind, change.after, change.before, change.workshop, is_off),
    )
    moved_over = None not in {each.workshop for each in sides} and (
        len({each.workshop and each.workshop.uid for each in sides}) > 1
    )
    before, after = (side.lines(now.person, zone, named=moved_over) for side in sides)
    return AspectLines(_what(change), before, after)


def _what(change: Change) -> str:
    said = {
        "added": _("Your part"),
        "removed": _("Your part"),
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
    return said.get(change.kind, _("Note"))


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a change, and the other; nothing is said where there is no such side."""

    kind: str
    it: Subject | None
    other: Subject | None
    workshop: Workshop | None
    is_off: bool

    def lines(self, person: UUID, zone: Zone, *, named: bool) -> Lines:
        """What it says, or a dash; with its workshop where that is another."""
        return tuple(line for line in self._lines(person, zone, named=named) if line) or ("–",)

    def _lines(self, person: UUID, zone: Zone, *, named: bool) -> Iterator[Text | str]:
        if isinstance(self.it, Session):
            if named and self.kind == "moved" and self.workshop is not None:
                yield self.workshop.title
            yield from self._of_session(self.it, person, zone)
        elif isinstance(self.it, Workshop):
            yield from self._of_workshop(self.it, zone)

    def _of_session(self, session: Session, person: UUID, zone: Zone) -> Iterator[Text | str]:
        other = self.other if isinstance(self.other, Session) else None
        match self.kind:
            case "added" | "removed":
                yield when(session.starts_at, session.ends_at, zone)
                yield from roles_in(session, person)
            case "moved":
                yield when(session.starts_at, session.ends_at, zone)
            case "status":
                yield labels.status(session) or _("Confirmed")
            case "place":
                yield session.place
            case "people":
                yield from map(
                    affiliated, _but(session.people, None if other is None else other.people)
                )
            case "presentations":
                for talk in _but(
                    session.presentations, None if other is None else other.presentations
                ):
                    yield talk_line(talk, Text())
                    yield from map(affiliated, talk.people)
            case "questions":
                yield from _asked(session, other)
            case "retitled":
                yield f"{labels.session_title(session)} ({labels.kind(session)})"
                yield session.heading
            case _:
                yield session.note

    def _of_workshop(self, workshop: Workshop, zone: Zone) -> Iterator[Text | str]:
        match self.kind:
            case "added" | "removed" | "people":
                yield from (labels.role(who.role, 1, overall=True) for who in workshop.people)
            case "status":
                yield _("Called off") if self.is_off else _("Takes place")
            case "moved":
                yield when(workshop.starts_at, workshop.ends_at, zone)
            case "retitled":
                yield workshop.title
            case "place":
                yield workshop.place
            case _:
                yield workshop.audience


def _asked(session: Session, other: Session | None) -> Iterator[Text | str]:
    """The question blocks that only this side has, and the minutes they have together."""
    if other is None or session.question_blocks != other.question_blocks:
        for block in map(
            block_lines,
            _but(session.question_blocks, None if other is None else other.question_blocks),
        ):
            yield block.heading
            yield from block.questions
    if other is not None and session.questions_minutes != other.questions_minutes:
        minutes = session.questions_minutes
        said = _("%(minutes)s for questions")
        yield said % {"minutes": labels.minutes(minutes)} if minutes else ""


def _but(some: tuple[Item, ...], others: tuple[Item, ...] | None) -> Iterator[Item]:
    """Those that the other side does not have; all where only their order is another."""
    same = others is not None and sorted(map(repr, some)) == sorted(map(repr, others))
    yield from (each for each in some if same or others is None or each not in others)
