"""Parser of an XLSX sheet into rows of text: results of formulas, merged cells filled down."""

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

from participants.lists.parsing.headings import count_known_columns
from participants.lists.parsing.tables import MAX_COLUMNS, MAX_ROWS, RawRows, Unreadable

MAX_UNPACKED_BYTES = 60_000_000  # a list of 5 MB unpacks to some 40 MB
MAX_ARCHIVE_FILES = 1_000
MAX_MERGED_CELLS = 200_000

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")

RowCells = dict[int, list[str]]


def read_rows(data: bytes) -> tuple[RawRows, tuple[str, ...]]:
    """The rows of the sheet with the best headings; raises Unreadable where there is none."""
    _refuse_bombs(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and drawings, which are not read
            return _read_workbook(data)
    except Unreadable:
        raise
    except Exception as broken:  # openpyxl raises many types on damaged files
        raise Unreadable(
            _("This XLSX file cannot be opened. Open it in Excel and save it once more.")
        ) from broken


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
    except zipfile.BadZipFile as broken:
        raise Unreadable(_("This file is damaged. Save the list once more.")) from broken
    if len(files) > MAX_ARCHIVE_FILES or sum(file.file_size for file in files) > MAX_UNPACKED_BYTES:
        raise Unreadable(
            _("This file is far larger than a list, once unpacked. Save the list alone.")
        )
    if not any(file.filename.startswith("xl/") for file in files):
        raise Unreadable(_("This is a packed file, but no XLSX. Save the list as CSV or XLSX."))


def _read_workbook(data: bytes) -> tuple[RawRows, tuple[str, ...]]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise Unreadable(_("This XLSX file has no sheet to read."))
    chosen = max(sheets, key=lambda sheet: (_heading_score(sheet), sheet == workbook.active))
    rows = _cell_texts(chosen)
    xml = _sheet_xml(chosen)
    if _FORMULA.search(xml):
        _fill_formulas(rows, load_workbook(io.BytesIO(data), read_only=True)[chosen.title])
    _fill_merged(rows, xml)
    note = _("Read from the sheet “%(name)s”; the file's other sheets were not read.")
    notes = (note % {"name": chosen.title},) if len(sheets) > 1 else ()
    return iter(sorted(rows.items())), notes


def _heading_score(sheet: Any) -> int:
    """Count the known headings of a sheet, in its best row."""
    rows = sheet.iter_rows(min_row=1, max_row=20, max_col=MAX_COLUMNS, values_only=True)
    return max((count_known_columns(map(_cell_text, row)) for row in rows), default=0)


def _cell_texts(sheet: Any) -> RowCells:
    """The non-empty rows by number; of a sheet with too many, one more than the limit."""
    sheet.reset_dimensions()  # some programs write wrong ones
    filled = ((number, _trimmed(row)) for number, row in _rows(sheet) if any(row))
    return dict(islice(filled, MAX_ROWS + 2))


def _trimmed(row: tuple[Any, ...]) -> list[str]:
    """The cells as text, without empty cells at the end."""
    texts = list(map(_cell_text, row))
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    return enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1)


def _fill_formulas(rows: RowCells, sheet: Any) -> None:
    """Fill in formulas, as typed, where the file holds no result for them."""
    sheet.reset_dimensions()
    for number, values in _rows(sheet):
        for index, (value, text) in enumerate(zip_longest(values, rows.get(number, ()))):
            if isinstance(value, str) and value.startswith("=") and not text:
                _set_cell(rows.setdefault(number, []), index, value)


def _fill_merged(rows: RowCells, xml: bytes) -> None:
    """Copy a vertically merged cell to every row that it spans."""
    remaining = MAX_MERGED_CELLS
    for first, top, _last, bottom in _MERGED.findall(xml):
        index, start = column_index_from_string(first.decode()) - 1, int(top)
        if index >= MAX_COLUMNS or start not in rows:
            continue
        for number in range(start + 1, min(int(bottom), max(rows)) + 1):
            remaining -= 1
            if remaining < 0:
                return
            if number in rows and not "".join(rows[number][index : index + 1]):
                _set_cell(rows[number], index, "".join(rows[start][index : index + 1]))


def _set_cell(cells: list[str], index: int, text: str) -> None:
    cells.extend([""] * (index + 1 - len(cells)))
    cells[index] = text


def _sheet_xml(sheet: Any) -> bytes:
    with sheet._get_source() as source:
        content: bytes = source.read()
    return content


def _cell_text(value: Any) -> str:
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
