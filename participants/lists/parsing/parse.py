"""Parser of CSV and XLSX files from any program into rows of text; cells are not interpreted."""

import csv
import io
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.lists.parsing.headings import MAX_HEADING_ROW, count_known_columns
from participants.lists.parsing.tables import (
    MAX_COLUMNS,
    MAX_ROWS,
    RawRows,
    Table,
    TableRow,
    Unreadable,
)

MAX_BYTES = 5_000_000
SEPARATORS = (",", ";", "\t")

_END = "\0end of the list\0"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PICTURE, _PACKED = gettext_lazy("a picture"), gettext_lazy("packed")
_OTHER_FILES = {
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*"), _PICTURE),
    **dict.fromkeys((b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!"), _PACKED),
    **dict.fromkeys((b"<!DOCTYPE", b"<html", b"<HTML", b"<?xml"), gettext_lazy("a web page")),
    b"%PDF": gettext_lazy("a PDF"),
    b"{\\rtf": gettext_lazy("a text document"),
}


def parse_table(data: bytes) -> Table:
    """Parse a CSV or XLSX file; raises Unreadable for other files and for files over the limits."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Send the list in parts."))
    if data.startswith(b"PK\x03\x04"):
        from participants.lists.parsing import parse_xlsx  # imports openpyxl: half a second

        rows, notes = parse_xlsx.read_rows(data)
    else:
        rows, notes = _read_text(data)
    filled = list(_filled_rows(rows))
    if not filled:
        raise Unreadable(_("The file is empty."))
    width = max(_filled_width(cells) for _number, cells in filled)
    padded = (TableRow(number, _padded(cells, width)) for number, cells in filled)
    return Table(tuple(padded), notes)


def _filled_rows(rows: RawRows) -> RawRows:
    """The non-empty rows; raises Unreadable for too many rows or columns."""
    count = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise Unreadable(
                _("The list has more than 10,000 rows. Send it in parts, each with the headings.")
            )
        if _filled_width(cells) > MAX_COLUMNS:
            raise Unreadable(_("Row %(row)s has more than 200 columns.") % {"row": number})
        yield number, cells


def _filled_width(cells: list[str]) -> int:
    """Count the cells up to the last non-empty one."""
    return max(number for number, cell in enumerate(cells, start=1) if cell.strip())


def _padded(cells: list[str], width: int) -> tuple[str, ...]:
    return tuple(cells[:width]) + ("",) * (width - len(cells))


def _read_text(data: bytes) -> tuple[RawRows, tuple[str, ...]]:
    _refuse_other_files(data)
    text, notes = _decoded(data)
    if text[:4].casefold() == "sep=" and text[4:5] in SEPARATORS:  # Excel's own first line
        return _records("\n" + text.partition("\n")[2], text[4]), notes
    return _records(text, _separator(text)), notes


def _refuse_other_files(data: bytes) -> None:
    if data.startswith(_OLD_EXCEL):
        raise Unreadable(
            _("This file is an old Excel workbook, or one with a password. Save it as XLSX.")
        )
    for signature, file_type in _OTHER_FILES.items():
        if data.startswith(signature):
            message = _("This file is %(file_type)s, not a list. Save the list as CSV or XLSX.")
            raise Unreadable(message % {"file_type": file_type})


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Decode by byte order mark or by what is valid; a guess adds a note."""
    has_mark = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return _check_is_text(
            data.decode("utf-16" if has_mark else _encoding_without_mark(data))
        ), ()
    except UnicodeDecodeError:
        note = _("The file does not name its character encoding; it was read as %(name)s.")
    try:
        return _check_is_text(data.decode("cp1252")), (note % {"name": "Windows-1252"},)
    except UnicodeDecodeError:
        return _check_is_text(data.decode("latin-1")), (note % {"name": "Latin-1"},)


def _encoding_without_mark(data: bytes) -> str:
    """UTF-16 if every other byte is zero, else UTF-8."""
    start = data[:2000]
    for encoding, every_other in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if every_other.count(0) > len(start) * 0.3:
            return encoding
    return "utf-8-sig"


def _check_is_text(text: str) -> str:
    """Return the text; raises Unreadable where too many control characters show a binary file."""
    start = text[:4000]
    controls = sum(character < " " and character not in "\t\n\r" for character in start)
    if controls > 8 and controls > len(start) * 0.1:
        raise Unreadable(_("This file is not a list. Save the list as CSV or XLSX."))
    return text


def _separator(text: str) -> str:
    """The separator that yields the most known headings, then the most cells."""

    def score(separator: str) -> tuple[int, int]:
        rows = []
        try:
            for _number, cells in islice(_records(text, separator), MAX_HEADING_ROW):
                rows.append(cells[:MAX_COLUMNS])
        except Unreadable:
            pass
        return max(map(count_known_columns, rows), default=0), sum(map(len, rows))

    return max(SEPARATORS, key=score)


def _records(text: str, separator: str) -> RawRows:
    """The records with their numbers; an end marker detects an unclosed quotation mark."""
    records = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=separator)
    number = 0
    try:
        for number, cells in enumerate(records, start=1):
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                break
            yield number, cells
    except csv.Error:  # a cell over the limit of the csv module
        number += 1
    message = _(
        'In row %(row)s a quotation mark (") opens a cell that never ends. Close or remove it, '
        "or save the list as XLSX."
    )
    raise Unreadable(message % {"row": number})
