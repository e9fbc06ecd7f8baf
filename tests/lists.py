"""Lists as offices send them: files made of rows, and what becomes of them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from openpyxl import Workbook

from participants.lists import importer
from participants.lists.importer import Asked, Kind, Preview
from participants.lists.parsing.parse import read
from participants.models import Participation, Person
from workshop.models import Workshop

Rows = Sequence[Sequence[Any]]
HEADINGS = ("Name", "E-mail")


def as_csv(rows: Rows, separator: str = ",", encoding: str = "utf-8") -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue().encode(encoding)


def as_xlsx(rows: Rows, *merged: str) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def looked_at(workshop: Workshop, data: bytes, role: str = "delegate", *same: int) -> Preview:
    asked = Asked(read(data), workshop.pk, role, frozenset(same))
    return importer.preview(event=workshop.event, asked=asked)


def brought_in(
    workshop: Workshop, data: bytes, role: str = "delegate", *same: int, by: Any = None
) -> Preview:
    """Looked at, then brought in as it was looked at."""
    asked = Asked(read(data), workshop.pk, role, frozenset(same))
    seen = importer.preview(event=workshop.event, asked=asked)
    return importer.bring_in(
        event=workshop.event,
        asked=asked,
        fingerprint=seen.fingerprint,
        by=by or User.objects.get_or_create(username="officer")[0],
    )


def kinds(seen: Preview) -> list[Kind]:
    return [each.kind for each in seen.outcomes]


def refusals(seen: Preview) -> dict[int, list[str]]:
    return {each.number: list(each.refusals) for each in seen.outcomes if each.refusals}


def everything() -> list[Any]:
    """All that a list could change."""
    return [list(model.objects.order_by("pk").values()) for model in (Person, Participation)]
