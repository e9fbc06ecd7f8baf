"""What a list tells of somebody: facts, what a cell of each means, and when two are the same."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Diff, Resource
from import_export.widgets import Widget

from participants import names
from participants.lists.parsing import cell_values
from participants.lists.parsing.columns import Column
from participants.models import Participation, Person


@dataclass(slots=True)
class Entry:
    """Somebody on a workshop's list: what a row is compared with, and changes."""

    person: Person
    participation: Participation
    kept: list[str] = field(default_factory=list)  # what a row could not change, in sentences

    def __deepcopy__(self, _memo: object) -> "Entry":
        return Entry(copy.copy(self.person), copy.copy(self.participation))

    @property
    def pk(self) -> UUID:
        return self.participation.pk


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact before and after; `old` is empty for what was not known."""

    name: str
    old: str
    new: str


class Differences(Diff):
    """What a row changes, fact by fact."""

    def __init__(self, resource: Resource, entry: Entry, new: bool) -> None:
        super().__init__(resource, entry, new)
        self.names = [str(each.column_name) for each in resource.get_import_fields()]

    def as_html(self) -> list[Difference]:
        """Without the role of who is new on the list: it has no role there before."""
        found = zip(self.names, self.left, self.right, strict=True)
        return [
            Difference(name, old, new)
            for name, old, new in found
            if old != new and not (self.new and name == Column.ROLE)
        ]


class Cell(Widget):
    """A cell's text, read and written by two functions."""

    def __init__(
        self, read: Callable[[str], str] = cell_values.line, write: Callable[[Any], str] = str
    ) -> None:
        super().__init__()
        self.read, self.write = read, write

    def clean(self, value: str, row: Any = None, **options: Any) -> str:
        return self.read(value) if value else ""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return self.write(value) if value else ""


class Moment(Widget):
    """A moment on the clock of the event."""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return f"{options['clock'].local(value):%Y-%m-%d %H:%M}" if value else ""


class Fact(Field):
    """A fact that stays as it is where the cell is empty, or says the same in other letters."""

    def __init__(
        self,
        attribute: str,
        column: Column,
        widget: Cell | None = None,
        same: Callable[[str, str], bool] | None = None,
    ) -> None:
        super().__init__(attribute, column, widget or Cell())
        self.same = same or (lambda old, new: cell_values.line(old) == cell_values.line(new))

    def save(self, entry: Entry, row: Mapping[str, str], *args: Any, **options: Any) -> None:
        value = self.clean(row)
        if value and not self.same(str(self.get_value(entry) or ""), value):
            self.put(entry, value)

    def put(self, entry: Entry, value: str) -> None:
        of, attribute = self.attribute.split("__")
        row = getattr(entry, of)
        most = row._meta.get_field(attribute).max_length
        if most and len(value) > most:
            said = _("The column “%(name)s” has %(count)s characters here; at most %(most)s fit.")
            raise ValueError(said % {"name": self.column_name, "count": len(value), "most": most})
        setattr(row, attribute, value)


class Answer(Fact):
    """What somebody may have said themselves: their own word stays."""

    def put(self, entry: Entry, value: str) -> None:
        theirs = str(self.get_value(entry) or "")
        if entry.participation.replied_at and theirs:
            said = _("They replied themselves, so “%(name)s” stays as it is.")
            entry.kept.append(said % {"name": self.column_name})
        else:
            super().put(entry, value)


class Said(Field):
    """What a list tells and does not change."""

    def __init__(self, attribute: str, column: str, widget: Widget | None = None) -> None:
        super().__init__(attribute, column, widget or Cell(), readonly=True)


def english_name(person: Person) -> str:
    """The name that lists are about; empty for somebody who is yet to be named."""
    return str(getattr(person, "full_name_en", "") or "")


def same_name(old: str, new: str) -> bool:
    """In any order of the words and in capitals or not; accents make a difference."""
    return _words(old) == _words(new)


def _words(name: str) -> list[str]:
    return sorted(names.addressed(name)[1].replace(",", " ").casefold().split())


def same_address(old: str, new: str) -> bool:
    return cell_values.same_address(old) == cell_values.same_address(new)


def same_letters(old: str, new: str) -> bool:
    return _letters(old) == _letters(new)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold() or text


def same_lines(old: str, new: str) -> bool:
    return cell_values.lines(old) == cell_values.lines(new)


def role(value: str) -> str:
    return str(Participation.Role(value).label)


def language(value: str) -> str:
    return str(Person.Language(value).label)
