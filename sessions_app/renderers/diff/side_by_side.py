"""What differs between two agendas in two columns, in the order of the programme."""

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
    """One thing as it was and as it is, with the words that differ; empty where it was not.

    `label` says what it is where the sentence over it does not, `language` which it is written in.
    """

    label: str
    language: str
    before: Pieces
    after: Pieces


@dataclass(frozen=True, slots=True)
class Difference:
    """A change in a sentence, and its lines."""

    sentence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All that differs in one thing; `when` is there for a session."""

    title: str
    when: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The groups of a workshop, or of the event, whose `key` is empty."""

    key: str
    title: Text
    groups: tuple[Group, ...]


def sections(old: Agenda, new: Agenda, zone: Zone, *, workshop: str = "") -> tuple[Section, ...]:
    """What `new` changes in `old`, times on the clock of `zone`; nothing where they are equal.

    `workshop` is the key of the only one to look at; a session that came from it or went to it
    counts as its own.
    """
    found = changes(old, new)
    if workshop:
        found = tuple(each for each in found if workshop in _keys(each))
    present = {each.uid for each in new.workshops}
    gone = (each for each in old.workshops if each.uid not in present)
    places: list[Agenda | Workshop] = [new, *new.workshops, *gone]
    made = (
        Section(
            key=place.key if isinstance(place, Workshop) else "",
            title=place.title,
            groups=tuple(_groups([each for each in found if _place(each) == place.uid], zone)),
        )
        for place in places
    )
    return tuple(section for section in made if section.groups)


def count(sections: Iterable[Section]) -> int:
    """How many changes they hold."""
    return sum(len(group.differences) for each in sections for group in each.groups)


def difference(change: Change, zone: Zone) -> Difference:
    """A change in words and in two columns, times on the clock of `zone`."""
    before, after = facts(change, zone)
    lines = tuple(_lines(before, after)) or tuple(_reordered(before, after))
    return Difference(change_sentences.sentence(change, zone), lines)


def _keys(change: Change) -> set[str]:
    """The workshops that a change is of."""
    both = change.workshop, change.former_workshop, change.before, change.after
    return {each.key for each in both if isinstance(each, Workshop)}


def _place(change: Change) -> object:
    """The UID of the workshop, or of the event, under which a change is told."""
    if not isinstance(change.subject, Session):
        return change.subject.uid
    workshop = change.workshop or change.former_workshop
    return workshop and workshop.uid


def _groups(found: Sequence[Change], zone: Zone) -> Iterator[Group]:
    """What changed in the place itself, then in each session, as they stand or stood in the day."""
    itself = [each for each in found if not isinstance(each.subject, Session)]
    if itself:
        yield Group("", "", tuple(difference(each, zone) for each in itself))
    rows = [(each.subject, each) for each in found if isinstance(each.subject, Session)]
    rows.sort(key=lambda row: (row[0].starts_at, row[0].ends_at, row[0].key))
    for session, own in groupby(rows, key=lambda row: row[0]):
        yield Group(
            title=labels.session_title(session),
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            differences=tuple(difference(each, zone) for _session, each in own),
        )


def _lines(before: Facts, after: Facts) -> Iterator[Line]:
    """A line for each fact and language that differs: as they stand now, then what is gone."""
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
