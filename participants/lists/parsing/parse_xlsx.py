"""A sheet of an XLSX file becomes rows of text: formulas by their results, merged cells filled."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice, zip_longest
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from participants.lists.parsing.columns import known
from participants.lists.parsing.tables import MOST_COLUMNS, MOST_ROWS, Rows, Unreadable

MOST_UNPACKED = 60_000_000  # a list of 5 MB has some 40
MOST_PARTS = 1_000
MOST_FILLED = 200_000

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")

Cells = dict[int, list[str]]


def read(data: bytes) -> tuple[Rows, tuple[str, ...]]:
    """The rows of the sheet that looks most like a list; raises Unreadable where there is none."""
    _refuse_bombs(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and drawings that are not read anyway
            return _read(data)
    except Unreadable:
        raise
    except Exception as broken:  # openpyxl raises whatever a part that is missing makes it raise
        raise Unreadable(
            _("This XLSX file cannot be opened. Open it in Excel and save it once more.")
        ) from broken


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
    except zipfile.BadZipFile as broken:
        raise Unreadable(_("This file is damaged. Save the list once more.")) from broken
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(
            _("This file is far larger than a list, once unpacked. Save the list alone.")
        )
    if not any(part.filename.startswith("xl/") for part in parts):
        raise Unreadable(_("This is a packed file, but no XLSX. Save the list as CSV or XLSX."))


def _read(data: bytes) -> tuple[Rows, tuple[str, ...]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Unreadable(_("This XLSX file has no sheet to read."))
    chosen = max(sheets, key=lambda sheet: (_promise(sheet), sheet == book.active))
    rows = _texts(chosen)
    xml = _xml_of(chosen)
    if _FORMULA.search(xml):
        _put_formulas(rows, load_workbook(io.BytesIO(data), read_only=True)[chosen.title])
    _fill_merged(rows, xml)
    said = _("Read from the sheet “%(name)s”; the file's other sheets were not read.")
    notes = (said % {"name": chosen.title},) if len(sheets) > 1 else ()
    return iter(sorted(rows.items())), notes


def _promise(sheet: Any) -> int:
    """How good the headings of a sheet are."""
    rows = sheet.iter_rows(min_row=1, max_row=20, max_col=MOST_COLUMNS, values_only=True)
    return max((known(map(_text, row)) for row in rows), default=0)


def _texts(sheet: Any) -> Cells:
    """The rows that hold anything; of a sheet with too many, one more than are read."""
    sheet.reset_dimensions()  # some programs write the wrong ones
    filled = ((number, _trimmed(row)) for number, row in _rows(sheet) if any(row))
    return dict(islice(filled, MOST_ROWS + 2))


def _trimmed(row: tuple[Any, ...]) -> list[str]:
    """Without the empty cells at its end."""
    texts = list(map(_text, row))
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    return enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1)


def _put_formulas(rows: Cells, sheet: Any) -> None:
    """A formula whose result is not in the file is told as it was typed."""
    sheet.reset_dimensions()
    for number, typed in _rows(sheet):
        for place, (value, text) in enumerate(zip_longest(typed, rows.get(number, ()))):
            if isinstance(value, str) and value.startswith("=") and not text:
                _put(rows.setdefault(number, []), place, value)


def _fill_merged(rows: Cells, xml: bytes) -> None:
    """What is merged downwards holds for every row of it."""
    left = MOST_FILLED
    for first, top, _last, bottom in _MERGED.findall(xml):
        place, start = column_index_from_string(first.decode()) - 1, int(top)
        if place >= MOST_COLUMNS or start not in rows:
            continue
        for number in range(start + 1, min(int(bottom), max(rows)) + 1):
            left -= 1
            if left < 0:
                return
            if number in rows and not "".join(rows[number][place : place + 1]):
                _put(rows[number], place, "".join(rows[start][place : place + 1]))


def _put(cells: list[str], place: int, text: str) -> None:
    cells.extend([""] * (place + 1 - len(cells)))
    cells[place] = text


def _xml_of(sheet: Any) -> bytes:
    with sheet._get_source() as source:
        content: bytes = source.read()
    return content


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
