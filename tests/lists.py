"""Makers for participant lists: files from rows, their preview and import."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from openpyxl import Workbook

from participants.lists import importer
from participants.lists.importer import ImportPlan, ImportRequest
from participants.lists.parsing.parse import parse_table
from participants.lists.row_import import OutcomeKind
from participants.models import Participation, Person
from workshop.models import Workshop

Rows = Sequence[Sequence[Any]]
HEADINGS = ("Name", "E-mail")


def as_csv(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(rows: Rows, *merged: str) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for cells in merged:
        workbook.active.merge_cells(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def preview_list(
    workshop: Workshop, data: bytes, role: str = "delegate", *confirmed_rows: int
) -> ImportPlan:
    """Preview the import of a file."""
    upload = ImportRequest(parse_table(data), workshop.pk, role, frozenset(confirmed_rows))
    return importer.plan(workshop.event, upload)


def import_list(
    workshop: Workshop, data: bytes, role: str = "delegate", *confirmed_rows: int, by: Any = None
) -> ImportPlan:
    """Preview a list, then import it as previewed."""
    upload = ImportRequest(parse_table(data), workshop.pk, role, frozenset(confirmed_rows))
    return importer.apply(
        workshop.event,
        upload,
        fingerprint=importer.plan(workshop.event, upload).fingerprint,
        by=by or User.objects.get_or_create(username="officer")[0],
    )


def outcome_kinds(preview: ImportPlan) -> list[OutcomeKind]:
    return [outcome.kind for outcome in preview.outcomes]


def refusals(preview: ImportPlan) -> dict[int, list[str]]:
    return {
        outcome.number: list(outcome.refusals) for outcome in preview.outcomes if outcome.refusals
    }


def list_rows() -> list[Any]:
    """All rows that an import could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Person, Participation)]
