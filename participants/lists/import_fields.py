"""Fields and widgets of the participant list for django-import-export, and their comparisons."""

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
from participants.lists.parsing.headings import Column
from participants.models import Participation, Person


@dataclass(slots=True)
class ListEntry:
    """A person and their participation: the instance that a row is compared with and changes."""

    person: Person
    participation: Participation
    remarks: list[str] = field(default_factory=list)  # sentences on values that were not changed

    def __deepcopy__(self, _memo: object) -> "ListEntry":
        return ListEntry(copy.copy(self.person), copy.copy(self.participation))

    @property
    def pk(self) -> UUID:
        return self.participation.pk


@dataclass(frozen=True, slots=True)
class Difference:
    """One column before and after; `old` is empty for a new value."""

    name: str
    old: str
    new: str


class EntryDiff(Diff):
    """Changes of one row, column by column."""

    def __init__(self, resource: Resource, entry: ListEntry, new: bool) -> None:
        super().__init__(resource, entry, new)
        self.names = [str(field.column_name) for field in resource.get_import_fields()]

    def as_html(self) -> list[Difference]:
        """The changes (the library's method name); without the role of a person new on the list."""
        columns = zip(self.names, self.left, self.right, strict=True)
        return [
            Difference(name, old, new)
            for name, old, new in columns
            if old != new and not (self.new and name == Column.ROLE)
        ]


class CellWidget(Widget):
    """Widget that reads and writes a cell's text with two functions."""

    def __init__(
        self,
        read: Callable[[str], str] = cell_values.single_line,
        write: Callable[[Any], str] = str,
    ) -> None:
        super().__init__()
        self.read, self.write = read, write

    def clean(self, value: str, row: Any = None, **options: Any) -> str:
        return self.read(value) if value else ""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return self.write(value) if value else ""


class LocalTimeWidget(Widget):
    """Date and time in the event's zone, given as the option `zone`."""

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return f"{options['zone'].local(value):%Y-%m-%d %H:%M}" if value else ""


class ImportField(Field):
    """Field that is not changed by an empty cell, or by another spelling of the same value."""

    def __init__(
        self,
        attribute: str,
        column: Column,
        widget: CellWidget | None = None,
        is_same: Callable[[str, str], bool] | None = None,
    ) -> None:
        super().__init__(attribute, column, widget or CellWidget())
        self.is_same = is_same or (
            lambda old, new: cell_values.single_line(old) == cell_values.single_line(new)
        )

    def save(self, entry: ListEntry, row: Mapping[str, str], *args: Any, **options: Any) -> None:
        value = self.clean(row)
        if value and not self.is_same(str(self.get_value(entry) or ""), value):
            self.set_value(entry, value)

    def set_value(self, entry: ListEntry, value: str) -> None:
        row_name, attribute = self.attribute.split("__")
        row = getattr(entry, row_name)
        limit = row._meta.get_field(attribute).max_length
        if limit and len(value) > limit:
            message = _("The column “%(name)s” has %(count)s characters; the limit is %(limit)s.")
            values = {"name": self.column_name, "count": len(value), "limit": limit}
            raise ValueError(message % values)
        setattr(row, attribute, value)


class ReplyField(ImportField):
    """Field of a reply: a value from the participant's own reply is not changed."""

    def set_value(self, entry: ListEntry, value: str) -> None:
        own_value = str(self.get_value(entry) or "")
        if entry.participation.replied_at and own_value:
            message = _("They replied themselves, so “%(name)s” is not changed.")
            entry.remarks.append(message % {"name": self.column_name})
        else:
            super().set_value(entry, value)


class ExportOnlyField(Field):
    """Field that is exported and never imported."""

    def __init__(self, attribute: str, column: str, widget: Widget | None = None) -> None:
        super().__init__(attribute, column, widget or CellWidget(), readonly=True)


def english_name(person: Person) -> str:
    """The English name, which lists use; empty for a person without one."""
    return str(getattr(person, "full_name_en", "") or "")


def same_name(old: str, new: str) -> bool:
    """Compare without case and order of the words; accents make a difference."""
    return _sorted_words(old) == _sorted_words(new)


def _sorted_words(name: str) -> list[str]:
    return sorted(names.split_form_of_address(name)[1].replace(",", " ").casefold().split())


def same_address(old: str, new: str) -> bool:
    return cell_values.normalise_email(old) == cell_values.normalise_email(new)


def same_letters(old: str, new: str) -> bool:
    return _letters(old) == _letters(new)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold() or text


def same_lines(old: str, new: str) -> bool:
    return cell_values.multi_line(old) == cell_values.multi_line(new)


def role_label(value: str) -> str:
    return str(Participation.Role(value).label)


def language_label(value: str) -> str:
    return str(Person.Language(value).label)
