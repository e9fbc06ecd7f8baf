"""Takes a list out, as CSV or XLSX, so that no spreadsheet calculates what people have typed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

import tablib
from django.utils.text import slugify

from participants.lists.import_fields import Entry
from participants.lists.parsing import cell_values
from participants.lists.resource import ParticipantList
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


def written(participations: Iterable[Participation], clock: Zone, form: Format) -> bytes:
    """The list as a file that can be brought in again; replies are told in the time of `clock`.

    The CSV is UTF-8 with a mark, without which Excel takes it for something else.
    """
    entries = [Entry(each.person, each) for each in participations]
    out = ParticipantList().export(entries, clock=clock)
    headings = [f"{each} ({clock.label})" if each == "Replied" else each for each in out.headers]
    return table([headings, *out], form)


def table(rows: Sequence[Sequence[str]], form: Format) -> bytes:
    """Rows of text, the first with the headings, as a file."""
    headings, *below = ([_cell(text) for text in row] for row in rows)
    dataset = tablib.Dataset(*below, headers=headings, title="Participants")
    if form is Format.CSV:
        text: str = dataset.export("csv")
        return text.encode("utf-8-sig")
    content: bytes = dataset.export("xlsx", column_width=24)
    return content


def filename(slug: str, workshop: str, at: datetime, form: Format) -> str:
    """`odsc-laos-2021-participants-2021-08-01.csv`; `at` is on the event's own clock."""
    parts = (slug, slugify(workshop), "participants", at.date().isoformat())
    return f"{'-'.join(filter(None, parts))}.{form}"


def _cell(text: str) -> str:
    return cell_values.quoted(cell_values.visible(str(text)))
