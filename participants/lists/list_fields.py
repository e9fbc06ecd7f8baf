"""Columns of a participant list: how each is read, written and compared."""

import copy
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from participants import names
from participants.lists.parsing import cell_values
from participants.lists.parsing.headings import Column
from participants.models import Participation, Person
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(slots=True)
class ListEntry:
    """A person and their participation: what a row is compared with and changes."""

    person: Person
    participation: Participation
    remarks: list[str] = field(default_factory=list)  # sentences on values that were not changed

    def copy(self) -> "ListEntry":
        return ListEntry(copy.copy(self.person), copy.copy(self.participation))


def same_line(old: str, new: str) -> bool:
    return cell_values.single_line(old) == cell_values.single_line(new)


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its attribute of an entry, and how a value is read, written and compared.

    A column without `read` is only exported. `is_same` recognises another spelling of the stored
    value. Of a reply, no value is changed that the participant gave.
    """

    heading: str
    attribute: str
    read: Callable[[str], str] | None = cell_values.single_line
    write: Callable[[Any], str] = str
    is_same: Callable[[str, str], bool] = same_line
    is_of_reply: bool = False

    def value(self, entry: ListEntry) -> Any:
        value = attrgetter(self.attribute)(entry)
        return value() if callable(value) else value

    def text(self, entry: ListEntry) -> str:
        """The cell of an entry."""
        value = self.value(entry)
        return self.write(value) if value else ""

    def change(self, entry: ListEntry, cell: str) -> None:
        """Change the entry, unless the cell is empty or has the same value; raises ValueError."""
        new = self.read(cell) if self.read and cell else ""
        old = str(self.value(entry) or "")
        if not new or self.is_same(old, new):
            return
        if self.is_of_reply and old and entry.participation.replied_at:
            message = _("They replied themselves, so “%(name)s” is not changed.")
            entry.remarks.append(message % {"name": self.heading})
            return
        row_name, attribute = self.attribute.split(".")
        row = getattr(entry, row_name)
        limit = row._meta.get_field(attribute).max_length
        if limit and len(new) > limit:
            message = _("The column “%(name)s” has %(count)s characters; the limit is %(limit)s.")
            values = {"name": self.heading, "count": len(new), "limit": limit}
            raise ValueError(message % values)
        setattr(row, attribute, new)


def list_fields(zone: Zone, zones: Iterable[Zone] = ()) -> tuple[Field, ...]:
    """All columns in their order; reply times are in `zone`, cells may name `zones` by label."""
    return (
        Field(Column.WORKSHOP, "participation.workshop.title", read=None),
        Field(Column.HONORIFIC, "person.honorific_en", is_same=_same_letters),
        Field(Column.NAME, "person.full_name_en", is_same=_same_name),
        Field(Column.EMAIL, "person.email", cell_values.parse_email, is_same=_same_address),
        Field(Column.POSITION, "person.position_en"),
        Field(Column.ORGANISATION, "person.organisation_en"),
        Field(
            Column.COUNTRY,
            "person.country",
            cell_values.parse_country,
            lambda country: labels.country(country.code),
            lambda old, new: old == new,
        ),
        Field(Column.ZONE, "person.zone", partial(cell_values.parse_zone, event_zones=zones)),
        Field(Column.MAIL_LANGUAGE, "person.language", cell_values.parse_language, _language_label),
        Field(
            Column.ASSISTANT,
            "person.assistant_email",
            cell_values.parse_email,
            is_same=_same_address,
        ),
        Field(Column.ROLE, "participation.role", cell_values.parse_role, _role_label),
        Field("Reply", "participation.get_state_display", read=None),
        Field("Attends", "participation.get_attends_by_display", read=None),
        Field("Office", "participation.office", read=None),
        Field(
            Column.LANGUAGE,
            "participation.language",
            cell_values.parse_language,
            _language_label,
            is_of_reply=True,
        ),
        Field("Substitute", "participation.substitute_name", read=None),
        Field("Substitute's e-mail", "participation.substitute_email", read=None),
        Field(
            f"Replied ({zone.label})",
            "participation.replied_at",
            read=None,
            write=lambda moment: f"{zone.local(moment):%Y-%m-%d %H:%M}",
        ),
        Field(
            Column.NOTE,
            "participation.note",
            cell_values.multi_line,
            is_same=_same_lines,
            is_of_reply=True,
        ),
    )


def english_name(person: Person) -> str:
    """The English name, which lists use; empty for a person without one."""
    return str(getattr(person, "full_name_en", "") or "")


def _same_name(old: str, new: str) -> bool:
    """Compare without case and order of the words; accents make a difference."""
    return _sorted_words(old) == _sorted_words(new)


def _sorted_words(name: str) -> list[str]:
    return sorted(names.split_form_of_address(name)[1].replace(",", " ").casefold().split())


def _same_address(old: str, new: str) -> bool:
    return cell_values.normalise_email(old) == cell_values.normalise_email(new)


def _same_letters(old: str, new: str) -> bool:
    return _letters(old) == _letters(new)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold() or text


def _same_lines(old: str, new: str) -> bool:
    return cell_values.multi_line(old) == cell_values.multi_line(new)


def _role_label(value: str) -> str:
    return str(Participation.Role(value).label)


def _language_label(value: str) -> str:
    return str(Person.Language(value).label)
