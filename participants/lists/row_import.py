"""Import of single rows: finds the entry of each, changes it, and tells what changed."""

import copy
from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from participants import names
from participants.lists.list_fields import Field, ListEntry, english_name
from participants.lists.matching import KnownPeople, KnownPerson
from participants.lists.parsing import cell_values
from participants.lists.parsing.headings import Column
from participants.lists.parsing.parsed_rows import ParsedRow
from participants.models import Participation, Person
from sessions_app.renderers import labels


class OutcomeKind(StrEnum):
    """Effect of one row on the list."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Difference:
    """One column before and after; `old` is empty for a new value."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """Result of one row.

    `needs_confirmation`: an organiser must say whether this is a stored person without an e-mail.
    """

    number: int
    kind: OutcomeKind
    name: str
    email: str
    workshop: str
    role: str = ""
    is_known: bool = False
    differences: tuple[Difference, ...] = ()
    refusals: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    namesakes: tuple[KnownPerson, ...] = ()
    needs_confirmation: bool = False

    @property
    def shown_differences(self) -> tuple[Difference, ...]:
        """The row's changes, without name and e-mail of a new person."""
        hidden = () if self.is_known else (Column.NAME, Column.EMAIL)
        return tuple(change for change in self.differences if change.name not in hidden)


class RowImporter:
    """Imports rows one after the other, and collects the new and changed entries in `to_save`.

    Matches by e-mail; by name only in rows with one of the `confirmed_emails`.
    """

    def __init__(
        self,
        fields: tuple[Field, ...],
        known: KnownPeople,
        default_role: str,
        confirmed_emails: Container[str],
    ) -> None:
        self.fields = [field for field in fields if field.read]
        self.known, self.default_role = known, default_role
        self.confirmed_emails = confirmed_emails
        self.confirmed_by: dict[UUID, ParsedRow] = {}
        self.to_save: list[ListEntry] = []

    def import_row(self, row: ParsedRow) -> RowOutcome:
        workshop = "" if row.workshop is None else str(row.workshop.title)
        try:
            entry = self._find_entry(row)
            before = entry.copy()
            self._change(entry, row)
        except ValidationError as error:
            return RowOutcome(
                *(row.number, OutcomeKind.REFUSED, row.name.printed, row.email, workshop),
                refusals=tuple(error.messages),
            )
        kind = self._kind(before, entry)
        if kind is not OutcomeKind.UNCHANGED:
            self.to_save.append(entry)
        name, is_known = english_name(entry.person), not entry.person._state.adding
        alone = None if is_known else self.known.only_one_without_email(name)
        return RowOutcome(
            *(row.number, kind, name, str(entry.person.email), workshop),
            role=str(entry.participation.get_role_display()),
            is_known=is_known,
            differences=self._differences(before, entry),
            remarks=(*row.remarks, *entry.remarks, *_list_remarks(entry.participation)),
            namesakes=() if is_known else tuple(self.known.with_name(name)),
            needs_confirmation=alone is not None,
        )

    def _find_entry(self, row: ParsedRow) -> ListEntry:
        """A copy of the stored entry, or a new one; raises ValidationError with the problems."""
        if row.problems or row.workshop is None:
            raise ValidationError(list(row.problems))
        person = copy.copy(self._match(row)) or Person()
        stored = self.known.participations.get((person.pk, row.workshop.pk))
        new = Participation(workshop=row.workshop, role=self.default_role)
        return ListEntry(person, copy.copy(stored) or new)

    def _change(self, entry: ListEntry, row: ParsedRow) -> None:
        """Set the row's values; a changed name gets a new sort name unless that was set by hand."""
        person, old_name = entry.person, english_name(entry.person)
        self._change_columns(entry, _cells(row, old_name))
        new_name = english_name(person)
        if not new_name:
            raise ValidationError([_("The row has no name.")])
        country = str(person.country.code or "")
        if new_name != old_name and person.sort_name in ("", names.sort_name(old_name, country)):
            sort_name = row.name.sort_name or names.sort_name(new_name, country)
            person.sort_name = sort_name[:300]

    def _change_columns(self, entry: ListEntry, cells: Mapping[str, str]) -> None:
        problems = []
        for field in self.fields:
            try:
                field.change(entry, cells.get(field.heading, ""))
            except ValueError as error:
                problems.append(str(error))
        if problems:
            raise ValidationError(problems)

    def _kind(self, before: ListEntry, entry: ListEntry) -> OutcomeKind:
        if entry.participation._state.adding:
            return OutcomeKind.NEW
        differs = any(field.value(before) != field.value(entry) for field in self.fields)
        return OutcomeKind.CHANGED if differs else OutcomeKind.UNCHANGED

    def _differences(self, before: ListEntry, entry: ListEntry) -> tuple[Difference, ...]:
        """The changes, column by column; without the role of a person new on the list."""
        columns = ((str(row.heading), row.text(before), row.text(entry)) for row in self.fields)
        return tuple(
            Difference(name, old, new)
            for name, old, new in columns
            if old != new and not (entry.participation._state.adding and name == Column.ROLE)
        )

    def _match(self, row: ParsedRow) -> Person | None:
        """The person with the row's e-mail; by name only where an organiser confirmed it."""
        people = self.known.with_email(row.email)
        if len(people) > 1:
            message = _("%(names)s have the same e-mail address. Correct one of them first.")
            people_names = labels.join_list([person.name for person in people])
            raise ValidationError([message % {"names": people_names}])
        match = people[0] if people else None
        if match is None and row.email in self.confirmed_emails:
            match = self._match_by_name(row)
        return None if match is None else self.known.people[match.uid]

    def _match_by_name(self, row: ParsedRow) -> KnownPerson | None:
        """The person without e-mail confirmed for the row; refused for rows with two e-mails."""
        match = self.known.only_one_without_email(row.name.printed)
        first = row if match is None else self.confirmed_by.setdefault(match.uid, row)
        if first.email != row.email:
            message = _(
                "Rows %(one)s and %(other)s cannot both be the %(name)s who is stored already."
            )
            values = {"one": first.number, "other": row.number, "name": row.name.printed}
            raise ValidationError([message % values])
        return match


def _cells(row: ParsedRow, old_name: str) -> dict[str, str]:
    """The row's cells, without the name if it is stored as typed."""
    cells = {str(column): text for column, text in row.cells.items()}
    if not row.name.typed or cell_values.single_line(old_name) != row.name.typed:
        cells[Column.NAME] = row.name.printed
        cells[Column.HONORIFIC] = cells.get(Column.HONORIFIC) or row.name.form_of_address
    return cells


def _list_remarks(participation: Participation) -> tuple[str, ...]:
    if participation.state != Participation.State.WITHDRAWN:
        return ()
    return (_("They were taken off this list and stay off. Put them back by hand."),)
