"""Import of a participant list: a preview that changes nothing, then an import of exactly that."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import tablib
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from participants.lists import bulk_save
from participants.lists.import_fields import Difference, ListEntry, english_name
from participants.lists.matching import KnownPerson, get_known_people
from participants.lists.parsing import headings
from participants.lists.parsing.headings import Column, Headings
from participants.lists.parsing.parsed_rows import ParsedRow, parse_rows
from participants.lists.parsing.tables import Table
from participants.lists.resource import ROW_NUMBER, ImportRowResult, ParticipantResource
from workshop.models import Event, Workshop
from workshop.zones import Zone


class CannotImport(Exception):
    """Raised where the result would differ from the preview; nothing was changed."""


class OutcomeKind(StrEnum):
    """Effect of one row on the list."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


_OUTCOME_KINDS = {
    ImportRowResult.IMPORT_TYPE_NEW: OutcomeKind.NEW,
    ImportRowResult.IMPORT_TYPE_UPDATE: OutcomeKind.CHANGED,
    ImportRowResult.IMPORT_TYPE_SKIP: OutcomeKind.UNCHANGED,
    ImportRowResult.IMPORT_TYPE_INVALID: OutcomeKind.REFUSED,
}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """An uploaded list, its workshop, and the organiser's choices.

    `role` is for new people whose row names none. `confirmed_rows` are the numbers of rows where
    an organiser confirmed that the person is the only stored one of this name without an e-mail.
    """

    table: Table
    workshop: UUID
    role: str
    confirmed_rows: frozenset[int] = frozenset()


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
    role: str
    is_known: bool
    differences: tuple[Difference, ...]
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]
    namesakes: tuple[KnownPerson, ...]
    needs_confirmation: bool

    @property
    def shown_differences(self) -> tuple[Difference, ...]:
        """The row's changes, without name and e-mail of a new person."""
        hidden = () if self.is_known else (Column.NAME, Column.EMAIL)
        return tuple(change for change in self.differences if change.name not in hidden)


@dataclass(frozen=True, slots=True)
class Preview:
    """Result of an import before it runs, with a fingerprint of it."""

    outcomes: tuple[RowOutcome, ...]
    headings: Headings
    notes: tuple[str, ...]
    fingerprint: str

    def of_kind(self, kind: OutcomeKind) -> tuple[RowOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.kind is kind)

    @property
    def counts(self) -> dict[OutcomeKind, int]:
        counts = Counter(outcome.kind for outcome in self.outcomes)
        return {kind: counts[kind] for kind in OutcomeKind}


def preview(*, event: Event, upload: ImportRequest) -> Preview:
    """Preview the import of a list; raises Unreadable where it has no headings."""
    return _run(event, upload)


def import_list(*, event: Event, upload: ImportRequest, fingerprint: str, by: User) -> Preview:
    """Import exactly what the preview with this fingerprint showed, or nothing.

    Refused rows are not imported. Raises CannotImport where the result has changed since.
    """
    try:
        with transaction.atomic():
            list(Event.objects.select_for_update().filter(pk=event.pk))
            result = _run(event, upload, by=by, saves=True)
            if result.fingerprint != fingerprint:
                raise CannotImport
    except IntegrityError as collision:  # another request added the same people meanwhile
        raise CannotImport from collision
    return result


def _run(
    event: Event, upload: ImportRequest, *, by: User | None = None, saves: bool = False
) -> Preview:
    list_headings = headings.find_headings(upload.table)
    workshops = list(Workshop.objects.filter(event=event))
    default_workshop = next(workshop for workshop in workshops if workshop.pk == upload.workshop)
    rows = parse_rows(upload.table, list_headings, workshops, default_workshop)
    known = get_known_people(
        event,
        {row.email for row in rows},
        [row.name.printed for row in rows] if upload.confirmed_rows else [],
        locked=saves,
    )
    participants = ParticipantResource(
        zones=tuple(Zone(zone.label, zone.key) for zone in event.display_zones.all()),
        known=known,
        rows={row.number: row for row in rows},
        default_role=upload.role,
        confirmed_rows=upload.confirmed_rows,
        save=lambda entries: bulk_save.save_entries(entries, known, by),
    )
    # Not `import_data`, which would lock the database for a preview too.
    result = participants.import_data_inner(_dataset(rows), not saves, False, False, False)
    for failure in result.base_errors:
        raise failure.error
    outcomes = tuple(
        _outcome(row, row_result) for row, row_result in zip(rows, result.rows, strict=True)
    )
    return Preview(outcomes, list_headings, upload.table.notes, _fingerprint(outcomes))


def _dataset(rows: Iterable[ParsedRow]) -> tablib.Dataset:
    """The rows as the library takes them; an empty cell changes nothing."""
    columns = [column for column in Column if column is not Column.WORKSHOP]
    dataset = tablib.Dataset(headers=[ROW_NUMBER, *columns])
    for row in rows:
        cells = {**row.cells, Column.NAME: row.name.printed}
        dataset.append([row.number, *(cells.get(column, "") for column in columns)])
    return dataset


def _outcome(row: ParsedRow, result: ImportRowResult) -> RowOutcome:
    if result.errors:
        raise result.errors[0].error
    entry: ListEntry | None = result.instance
    error = result.validation_error
    name = "" if entry is None else english_name(entry.person)
    return RowOutcome(
        number=row.number,
        kind=_OUTCOME_KINDS[result.import_type],
        name=name or row.name.printed,
        email=row.email if entry is None else str(entry.person.email),
        workshop="" if row.workshop is None else str(row.workshop.title),
        role="" if entry is None else str(entry.participation.get_role_display()),
        is_known=result.is_known,
        differences=tuple(result.diff or ()),
        refusals=tuple(error.messages) if error else (),
        remarks=result.remarks,
        namesakes=result.namesakes,
        needs_confirmation=result.needs_confirmation,
    )


def _fingerprint(outcomes: Iterable[RowOutcome]) -> str:
    contents: list[Any] = [
        [
            *(outcome.number, outcome.kind, outcome.name, outcome.email),
            *(outcome.workshop, outcome.role, outcome.is_known, outcome.refusals),
            [[change.name, change.old, change.new] for change in outcome.differences],
        ]
        for outcome in outcomes
    ]
    return sha256(json.dumps(contents).encode()).hexdigest()
