"""Resource (django-import-export) of the participant list; matches by e-mail, not by name alone.

The library iterates over the rows, compares them with the stored ones and classifies them as new,
changed or unchanged. Matching, cell values and saving with history are our own.
"""

import copy
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import RowResult

from participants import names
from participants.lists import import_fields
from participants.lists.import_fields import (
    CellWidget,
    EntryDiff,
    ExportOnlyField,
    ImportField,
    ListEntry,
    LocalTimeWidget,
    ReplyField,
)
from participants.lists.matching import KnownPeople, KnownPerson
from participants.lists.parsing import cell_values
from participants.lists.parsing.headings import Column
from participants.lists.parsing.parsed_rows import ParsedRow
from participants.models import Participation, Person
from sessions_app.renderers import labels
from workshop.zones import Zone

ROW_NUMBER = "row"  # column with the number of the row in the file


class ImportRowResult(RowResult):
    """Result of one row, with remarks and people of the same name."""

    def __init__(self) -> None:
        super().__init__()
        self.is_known = self.needs_confirmation = False
        self.remarks: tuple[str, ...] = ()
        self.namesakes: tuple[KnownPerson, ...] = ()

    def add_instance_info(self, instance: ListEntry | None) -> None:
        """Do nothing: the library would run a query for the name of each row."""


class ParticipantResource(Resource):
    """Columns of a list in their order; `known` and `rows` are used by imports only."""

    workshop = ExportOnlyField("participation__workshop__title", Column.WORKSHOP)
    honorific = ImportField(
        "person__honorific_en", Column.HONORIFIC, is_same=import_fields.same_letters
    )
    full_name = ImportField("person__full_name_en", Column.NAME, is_same=import_fields.same_name)
    email = ImportField(
        "person__email",
        Column.EMAIL,
        CellWidget(cell_values.parse_email),
        import_fields.same_address,
    )
    position = ImportField("person__position_en", Column.POSITION)
    organisation = ImportField("person__organisation_en", Column.ORGANISATION)
    country = ImportField(
        "person__country",
        Column.COUNTRY,
        CellWidget(cell_values.parse_country, lambda country: labels.country(country.code)),
        lambda old, new: old == new,
    )
    zone = ImportField("person__zone", Column.ZONE)
    mail_language = ImportField(
        "person__language",
        Column.MAIL_LANGUAGE,
        CellWidget(cell_values.parse_language, import_fields.language_label),
    )
    assistant = ImportField(
        "person__assistant_email",
        Column.ASSISTANT,
        CellWidget(cell_values.parse_email),
        import_fields.same_address,
    )
    role = ImportField(
        "participation__role",
        Column.ROLE,
        CellWidget(cell_values.parse_role, import_fields.role_label),
    )
    reply = ExportOnlyField("participation__get_state_display", "Reply")
    attends = ExportOnlyField("participation__get_attends_by_display", "Attends")
    office = ExportOnlyField("participation__office", "Office")
    language = ReplyField(
        "participation__language",
        Column.LANGUAGE,
        CellWidget(cell_values.parse_language, import_fields.language_label),
    )
    substitute = ExportOnlyField("participation__substitute_name", "Substitute")
    substitute_email = ExportOnlyField("participation__substitute_email", "Substitute's e-mail")
    replied = ExportOnlyField("participation__replied_at", "Replied", LocalTimeWidget())
    note = ReplyField(
        "participation__note",
        Column.NOTE,
        CellWidget(cell_values.multi_line),
        import_fields.same_lines,
    )

    class Meta:
        model = Participation
        import_id_fields = ("email",)
        instance_loader_class = BaseInstanceLoader
        skip_unchanged = True
        use_bulk = True
        batch_size = None
        store_instance = True

    def __init__(
        self,
        zones: tuple[Zone, ...] = (),
        known: KnownPeople | None = None,
        rows: Mapping[int, ParsedRow] | None = None,
        default_role: str = "",
        confirmed_rows: frozenset[int] = frozenset(),
        save: Callable[[list[ListEntry]], None] | None = None,
    ) -> None:
        super().__init__()
        self.known, self.rows = known or KnownPeople(), rows or {}
        self.default_role, self.save = default_role, save
        self.confirmed_emails = {
            self.rows[number].email for number in confirmed_rows if number in self.rows
        }
        self.confirmed_by: dict[UUID, ParsedRow] = {}
        self.fields["zone"].widget.read = lambda text: cell_values.parse_zone(text, zones)

    @classmethod
    def get_diff_class(cls) -> type[EntryDiff]:
        return EntryDiff

    @classmethod
    def get_row_result_class(cls) -> type[ImportRowResult]:
        return ImportRowResult

    def get_import_fields(self) -> list[Field]:
        return [field for field in self.fields.values() if not field.readonly]

    def get_entry(self, row: Mapping[str, Any]) -> ListEntry:
        """The stored or new entry of a row; raises ValidationError with the row's problems."""
        parsed = self.rows[row[ROW_NUMBER]]
        if parsed.problems or parsed.workshop is None:
            raise ValidationError(list(parsed.problems))
        person = copy.copy(self._match(parsed)) or Person()
        stored = self.known.participations.get((person.pk, parsed.workshop.pk))
        if stored is not None:
            return ListEntry(person, copy.copy(stored))
        return ListEntry(person, Participation(workshop=parsed.workshop, role=self.default_role))

    def get_or_init_instance(
        self, loader: BaseInstanceLoader, row: Mapping[str, Any]
    ) -> tuple[ListEntry, bool]:
        """The row's entry, and whether it is new on the workshop's list."""
        entry = self.get_entry(row)
        return entry, entry.participation._state.adding

    def import_instance(self, entry: ListEntry, row: dict[str, Any], **options: Any) -> None:
        """Set the row's values; a changed name gets a new sort name unless that was set by hand."""
        person, name = entry.person, self.rows[row[ROW_NUMBER]].name
        old_name = import_fields.english_name(person)
        if name.typed and cell_values.single_line(old_name) == name.typed:
            row.pop(Column.NAME, None)
        elif not row[Column.HONORIFIC]:
            row[Column.HONORIFIC] = name.form_of_address
        super().import_instance(entry, row, **options)
        new_name = import_fields.english_name(person)
        if not new_name:
            raise ValidationError([_("The row has no name.")])
        country = str(person.country.code or "")
        if new_name != old_name and person.sort_name in ("", names.sort_name(old_name, country)):
            sort_name = name.sort_name or names.sort_name(new_name, country)
            person.sort_name = sort_name[:300]

    def skip_row(self, entry: ListEntry, original: ListEntry, *args: Any, **options: Any) -> bool:
        adding = entry.participation._state.adding
        return not adding and bool(super().skip_row(entry, original, *args, **options))

    def after_import_row(
        self, row: Mapping[str, Any], row_result: ImportRowResult, **options: Any
    ) -> None:
        entry, parsed = row_result.instance, self.rows[row[ROW_NUMBER]]
        remarks = [*parsed.remarks, *entry.remarks]
        if entry.participation.state == Participation.State.WITHDRAWN:
            remarks.append(_("They were taken off this list and stay off. Put them back by hand."))
        row_result.remarks = tuple(remarks)
        row_result.is_known = not entry.person._state.adding
        if not row_result.is_known:
            name = import_fields.english_name(entry.person)
            row_result.namesakes = tuple(self.known.with_name(name))
            row_result.needs_confirmation = self.known.only_one_without_email(name) is not None

    def bulk_create(
        self, using_transactions: bool, dry_run: bool, *args: Any, **options: Any
    ) -> None:
        """Save all new and changed entries at once."""
        if self.save and not dry_run:
            self.save([*self.create_instances, *self.update_instances])

    def bulk_update(self, *args: Any, **options: Any) -> None:
        """Do nothing: `bulk_create` has saved them."""

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
