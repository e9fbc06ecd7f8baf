"""A participant as a row of a list, in both directions; matched by e-mail, never by name alone.

django-import-export walks the rows, compares them with what is stored and tells new from changed
from unchanged. Ours are the match, what a cell means, and writing with history.
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
from participants.lists.import_fields import Answer, Cell, Differences, Entry, Fact, Moment, Said
from participants.lists.matching import Known, Somebody
from participants.lists.parsing import cell_values
from participants.lists.parsing.columns import Column
from participants.lists.parsing.parsed_rows import Row
from participants.models import Participation, Person
from sessions_app.renderers import labels
from workshop.zones import Zone

NUMBER = "row"  # the column that says which row of the list it is


class Told(RowResult):
    """What became of a row, with what is told of it besides."""

    def __init__(self) -> None:
        super().__init__()
        self.is_known = self.asks = False
        self.remarks: tuple[str, ...] = ()
        self.namesakes: tuple[Somebody, ...] = ()

    def add_instance_info(self, instance: Entry | None) -> None:
        """Nothing: the library would ask the database what each row is called."""


class ParticipantList(Resource):
    """The columns of a list, in their order; `known` and `rows` only where one comes in."""

    workshop = Said("participation__workshop__title", Column.WORKSHOP)
    honorific = Fact("person__honorific_en", Column.HONORIFIC, same=import_fields.same_letters)
    full_name = Fact("person__full_name_en", Column.NAME, same=import_fields.same_name)
    email = Fact("person__email", Column.EMAIL, Cell(cell_values.email), import_fields.same_address)
    position = Fact("person__position_en", Column.POSITION)
    organisation = Fact("person__organisation_en", Column.ORGANISATION)
    country = Fact(
        "person__country",
        Column.COUNTRY,
        Cell(cell_values.country, lambda country: labels.country(country.code)),
        lambda old, new: old == new,
    )
    zone = Fact("person__zone", Column.ZONE)
    mails_in = Fact(
        "person__language", Column.MAILS_IN, Cell(cell_values.language, import_fields.language)
    )
    assistant = Fact(
        "person__assistant_email",
        Column.ASSISTANT,
        Cell(cell_values.email),
        import_fields.same_address,
    )
    role = Fact("participation__role", Column.ROLE, Cell(cell_values.role, import_fields.role))
    reply = Said("participation__get_state_display", "Reply")
    attends = Said("participation__get_attends_by_display", "Attends")
    office = Said("participation__office", "Office")
    language = Answer(
        "participation__language",
        Column.LANGUAGE,
        Cell(cell_values.language, import_fields.language),
    )
    substitute = Said("participation__substitute_name", "Substitute")
    substitute_email = Said("participation__substitute_email", "Substitute's e-mail")
    replied = Said("participation__replied_at", "Replied", Moment())
    note = Answer(
        "participation__note", Column.NOTE, Cell(cell_values.lines), import_fields.same_lines
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
        known: Known | None = None,
        rows: Mapping[int, Row] | None = None,
        role: str = "",
        same: frozenset[int] = frozenset(),
        save: Callable[[list[Entry]], None] | None = None,
    ) -> None:
        super().__init__()
        self.known, self.rows = known or Known(), rows or {}
        self.role_of_new, self.save = role, save
        self.same = {self.rows[number].address for number in same if number in self.rows}
        self.claims: dict[UUID, Row] = {}
        self.fields["zone"].widget.read = lambda text: cell_values.zone(text, zones)

    @classmethod
    def get_diff_class(cls) -> type[Differences]:
        return Differences

    @classmethod
    def get_row_result_class(cls) -> type[Told]:
        return Told

    def get_import_fields(self) -> list[Field]:
        return [each for each in self.fields.values() if not each.readonly]

    def entry(self, row: Mapping[str, Any]) -> Entry:
        """Whom a row is about, as they are stored or new; raises ValidationError with problems."""
        asked = self.rows[row[NUMBER]]
        if asked.problems or asked.workshop is None:
            raise ValidationError(list(asked.problems))
        person = copy.copy(self._person(asked)) or Person()
        listed = self.known.listed.get((person.pk, asked.workshop.pk))
        if listed is not None:
            return Entry(person, copy.copy(listed))
        return Entry(person, Participation(workshop=asked.workshop, role=self.role_of_new))

    def get_or_init_instance(
        self, loader: BaseInstanceLoader, row: Mapping[str, Any]
    ) -> tuple[Entry, bool]:
        """Who is on the workshop's list already, or is yet to be put on it."""
        entry = self.entry(row)
        return entry, entry.participation._state.adding

    def import_instance(self, entry: Entry, row: dict[str, Any], **options: Any) -> None:
        """The row's facts; a name that changes is sorted anew, unless somebody saw to that."""
        person, name = entry.person, self.rows[row[NUMBER]].name
        was = import_fields.english_name(person)
        if name.typed and cell_values.line(was) == name.typed:
            row.pop(Column.NAME, None)
        elif not row[Column.HONORIFIC]:
            row[Column.HONORIFIC] = name.address
        super().import_instance(entry, row, **options)
        now = import_fields.english_name(person)
        if not now:
            raise ValidationError([_("It has no name.")])
        country = str(person.country.code or "")
        if now != was and person.sort_name in ("", names.sort_name(was, country)):
            sorted_as = name.sort or names.sort_name(now, country)
            person.sort_name = sorted_as[:300]

    def skip_row(self, entry: Entry, original: Entry, *args: Any, **options: Any) -> bool:
        adding = entry.participation._state.adding
        return not adding and bool(super().skip_row(entry, original, *args, **options))

    def after_import_row(self, row: Mapping[str, Any], told: Told, **options: Any) -> None:
        entry, asked = told.instance, self.rows[row[NUMBER]]
        remarks = [*asked.remarks, *entry.kept]
        if entry.participation.state == Participation.State.WITHDRAWN:
            remarks.append(_("They were taken off this list and stay off. Put them back by hand."))
        told.remarks = tuple(remarks)
        told.is_known = not entry.person._state.adding
        if not told.is_known:
            name = import_fields.english_name(entry.person)
            told.namesakes = tuple(self.known.called(name))
            told.asks = self.known.only_one_without_address(name) is not None

    def bulk_create(
        self, using_transactions: bool, dry_run: bool, *args: Any, **options: Any
    ) -> None:
        """Write everything that the rows ask for, all at once."""
        if self.save and not dry_run:
            self.save([*self.create_instances, *self.update_instances])

    def bulk_update(self, *args: Any, **options: Any) -> None:
        """`bulk_create` has written them."""

    def _person(self, asked: Row) -> Person | None:
        """Who has the row's address; by name only where an organiser said that it is them."""
        found = self.known.at(asked.address)
        if len(found) > 1:
            said = _("%(names)s have the same address here. Correct one of them first.")
            called = labels.listed([each.name for each in found])
            raise ValidationError([said % {"names": called}])
        somebody = found[0] if found else None
        if somebody is None and asked.address in self.same:
            somebody = self._claimed(asked)
        return None if somebody is None else self.known.people[somebody.uid]

    def _claimed(self, asked: Row) -> Somebody | None:
        """The one without an address who is said to be the row's person; not two rows' persons."""
        somebody = self.known.only_one_without_address(asked.name.printed)
        first = asked if somebody is None else self.claims.setdefault(somebody.uid, asked)
        if first.address != asked.address:
            said = _("Rows %(one)s and %(other)s cannot both be the %(name)s who is known here.")
            names_of = {"one": first.number, "other": asked.number, "name": asked.name.printed}
            raise ValidationError([said % names_of])
        return somebody
