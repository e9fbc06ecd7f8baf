"""Differences between two agendas side by side, in the order of the programme."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.agenda.word_diff import Piece, Pieces, word_changes
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.diff import change_sentences
from sessions_app.renderers.diff.changed_fields import Fact, Facts, facts
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Line:
    """A text before and after, with the changed words marked; empty on the side without it.

    `label` says what it is if the sentence above does not, `language` is the text's language.
    """

    label: str
    language: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True, slots=True)
class Difference:
    """A change as a sentence, and its lines."""

    sentence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one thing; `when` is set for a session."""

    title: str
    when: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The groups of a workshop, or of the event, with an empty `key`."""

    key: str
    title: Text
    groups: tuple[Group, ...]


def sections(old: Agenda, new: Agenda, zone: Zone, *, workshop: str = "") -> tuple[Section, ...]:
    """The changes from `old` to `new`, with times in `zone`; empty if they are equal.

    `workshop` is the key of the only workshop to compare; sessions that moved into it or out of it
    are included.
    """
    differences = changes(old, new)
    if workshop:
        differences = tuple(change for change in differences if workshop in _workshop_keys(change))
    present = {entry.uid for entry in new.workshops}
    removed = (entry for entry in old.workshops if entry.uid not in present)
    places: list[Agenda | Workshop] = [new, *new.workshops, *removed]
    compared = (
        Section(
            key=place.key if isinstance(place, Workshop) else "",
            title=place.title,
            groups=tuple(
                _groups(
                    [change for change in differences if _section_uid(change) == place.uid], zone
                )
            ),
        )
        for place in places
    )
    return tuple(section for section in compared if section.groups)


def count(sections: Iterable[Section]) -> int:
    """Number of changes."""
    return sum(len(group.differences) for section in sections for group in section.groups)


def difference(change: Change, zone: Zone) -> Difference:
    """A change as a sentence and in two columns, with times in `zone`."""
    before, after = facts(change, zone)
    lines = tuple(_lines(before, after)) or tuple(_reordered(before, after))
    return Difference(change_sentences.sentence(change, zone), lines)


def _workshop_keys(change: Change) -> set[str]:
    """Keys of the workshops that a change concerns."""
    both = change.workshop, change.former_workshop, change.before, change.after
    return {thing.key for thing in both if isinstance(thing, Workshop)}


def _section_uid(change: Change) -> object:
    """UID of the workshop, or of the event, under which a change is listed."""
    if not isinstance(change.subject, Session):
        return change.subject.uid
    workshop = change.workshop or change.former_workshop
    return workshop and workshop.uid


def _groups(changes: Sequence[Change], zone: Zone) -> Iterator[Group]:
    """Changes of the workshop or event itself, then of each session, by time."""
    itself = [change for change in changes if not isinstance(change.subject, Session)]
    if itself:
        yield Group("", "", tuple(difference(change, zone) for change in itself))
    rows = [(change.subject, change) for change in changes if isinstance(change.subject, Session)]
    rows.sort(key=lambda row: (row[0].starts_at, row[0].ends_at, row[0].key))
    for session, group in groupby(rows, key=lambda row: row[0]):
        yield Group(
            title=labels.session_title(session),
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            differences=tuple(difference(change, zone) for _session, change in group),
        )


def _lines(before: Facts, after: Facts) -> Iterator[Line]:
    """A line for each fact and language that differs: current facts first, then removed ones."""
    nothing = Fact("", Text())
    for key in (*after, *(key for key in before if key not in after)):
        old, new = before.get(key, nothing), after.get(key, nothing)
        label = new.label or old.label
        if old.text.en != new.text.en:
            yield Line(label, "en", *word_changes(old.text.en, new.text.en))
        if old.text.lo != new.text.lo:
            yield Line(label, "lo", *word_changes(old.text.lo, new.text.lo))


def _reordered(before: Facts, after: Facts) -> Iterator[Line]:
    """The line for the same facts in another order."""
    if list(before) != list(after):
        old, new = ("; ".join(str(fact.text) for fact in side.values()) for side in (before, after))
        yield Line(_("In this order"), "en", (Piece(old),), (Piece(new),))
