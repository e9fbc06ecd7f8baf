"""Import of a participant list: a plan that changes nothing, then an import of exactly that."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from participants.lists import bulk_save
from participants.lists.list_fields import list_fields
from participants.lists.matching import get_known_people
from participants.lists.parsing import headings
from participants.lists.parsing.headings import Headings
from participants.lists.parsing.parsed_rows import parse_rows
from participants.lists.parsing.tables import Table
from participants.lists.row_import import OutcomeKind, RowImporter, RowOutcome
from workshop.editing.plans import Plan, PlanChanged
from workshop.models import Event, Workshop
from workshop.zones import Zone


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
class ImportPlan(Plan):
    """Result of an import, row by row."""

    outcomes: tuple[RowOutcome, ...]
    headings: Headings
    notes: tuple[str, ...]

    @property
    def facts(self) -> object:
        return self.outcomes

    def of_kind(self, kind: OutcomeKind) -> tuple[RowOutcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.kind is kind)

    @property
    def counts(self) -> dict[OutcomeKind, int]:
        counts = Counter(outcome.kind for outcome in self.outcomes)
        return {kind: counts[kind] for kind in OutcomeKind}


def plan(event: Event, upload: ImportRequest) -> ImportPlan:
    """Plan the import of a list; raises Unreadable where it has no headings."""
    return _run(event, upload)


def apply(event: Event, upload: ImportRequest, *, fingerprint: str, by: User) -> ImportPlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged.

    Refused rows are not imported.
    """
    try:
        with transaction.atomic():
            list(Event.objects.select_for_update().filter(pk=event.pk))
            imported = _run(event, upload, by=by, saves=True)
            imported.confirm(fingerprint)
    except IntegrityError as collision:  # another request added the same people meanwhile
        raise PlanChanged from collision
    return imported


def _run(
    event: Event, upload: ImportRequest, *, by: User | None = None, saves: bool = False
) -> ImportPlan:
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
    zones = tuple(Zone(zone.label, zone.key) for zone in event.display_zones.all())
    fields = list_fields(Zone(event.zone, event.zone), zones)
    confirmed_emails = {row.email for row in rows if row.number in upload.confirmed_rows}
    row_importer = RowImporter(fields, known, upload.role, confirmed_emails)
    outcomes = tuple(map(row_importer.import_row, rows))
    if saves:
        bulk_save.save_entries(row_importer.to_save, known, by)
    return ImportPlan(outcomes, list_headings, upload.table.notes)
