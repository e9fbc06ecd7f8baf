"""Export of participant lists as CSV or XLSX; cells are escaped, so that none is a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import tablib
from django.utils.text import slugify

from participants.lists.list_fields import ListEntry, list_fields
from participants.lists.parsing import cell_values
from participants.models import Participation
from workshop.zones import Zone


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def content_type(self) -> str:
        return _CONTENT_TYPES[self]


_CONTENT_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_list(participations: Iterable[Participation], zone: Zone, file_format: Format) -> bytes:
    """Export participations as a file that can be imported again; reply times are in `zone`.

    The CSV starts with a UTF-8 byte order mark: without it Excel assumes another encoding.
    """
    entries = [ListEntry(row.person, row) for row in participations]
    fields = list_fields(zone)
    rows = [[field.text(entry) for field in fields] for entry in entries]
    return write_table([[field.heading for field in fields], *rows], file_format)


def write_table(rows: Sequence[Sequence[str]], file_format: Format) -> bytes:
    """Write rows of text as a file; the first row holds the headings."""
    headings, *body = ([_cell_text(text) for text in row] for row in rows)
    dataset = tablib.Dataset(*body, headers=headings, title="Participants")
    if file_format is Format.CSV:
        text: str = dataset.export("csv")
        return text.encode("utf-8-sig")
    content: bytes = dataset.export("xlsx", column_width=24)
    return content


def filename(slug: str, workshop: str, exported_at: datetime, file_format: Format) -> str:
    """`odsc-laos-2021-participants-2021-08-01.csv`; `exported_at` is in the event's zone."""
    parts = (slug, slugify(workshop), "participants", exported_at.date().isoformat())
    return f"{'-'.join(filter(None, parts))}.{file_format}"


def _cell_text(text: str) -> str:
    return cell_values.escape_formula(cell_values.strip_invisible(str(text)))
