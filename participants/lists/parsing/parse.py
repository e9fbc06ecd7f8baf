"""A file's bytes become rows of text, whatever program wrote it; no meaning is read into them."""

import csv
import io
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.lists.parsing.columns import HEADINGS_WITHIN, known
from participants.lists.parsing.tables import MOST_COLUMNS, MOST_ROWS, Line, Rows, Table, Unreadable

MOST_BYTES = 5_000_000
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


def read(data: bytes) -> Table:
    """The rows of a CSV or XLSX file; raises Unreadable for anything else and for too much."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB. Send the list in parts."))
    if data.startswith(b"PK\x03\x04"):
        from participants.lists.parsing import parse_xlsx  # which imports openpyxl: half a second

        rows, notes = parse_xlsx.read(data)
    else:
        rows, notes = _read_text(data)
    filled = list(_filled(rows))
    if not filled:
        raise Unreadable(_("The file is empty."))
    width = max(_length(cells) for _number, cells in filled)
    lines = (Line(number, _wide(cells, width)) for number, cells in filled)
    return Table(tuple(lines), notes)


def _filled(rows: Rows) -> Rows:
    """The rows that hold anything, as long as they are not too many or too long."""
    count = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise Unreadable(
                _("The list has more than 10,000 rows. Send it in parts, each with the headings.")
            )
        if _length(cells) > MOST_COLUMNS:
            raise Unreadable(_("Row %(row)s has more than 200 columns.") % {"row": number})
        yield number, cells


def _length(cells: list[str]) -> int:
    """How many cells there are up to the last one that holds anything."""
    return max(place for place, cell in enumerate(cells, start=1) if cell.strip())


def _wide(cells: list[str], width: int) -> tuple[str, ...]:
    return tuple(cells[:width]) + ("",) * (width - len(cells))


def _read_text(data: bytes) -> tuple[Rows, tuple[str, ...]]:
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
    for start, what in _OTHER_FILES.items():
        if data.startswith(start):
            said = _("This file is %(what)s, not a list. Save the list as CSV or XLSX.")
            raise Unreadable(said % {"what": what})


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, by its mark or by what it can be; a guess that may be wrong is told."""
    marked = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return _checked(data.decode("utf-16" if marked else _unmarked(data))), ()
    except UnicodeDecodeError:
        said = _("The file does not say how its letters are written; they were read as %(name)s.")
    try:
        return _checked(data.decode("cp1252")), (said % {"name": "Windows-1252"},)
    except UnicodeDecodeError:
        return _checked(data.decode("latin-1")), (said % {"name": "Latin-1"},)


def _unmarked(data: bytes) -> str:
    """UTF-16 without its mark shows in every other byte being nothing; else it is UTF-8."""
    start = data[:2000]
    for encoding, every_other in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if every_other.count(0) > len(start) * 0.3:
            return encoding
    return "utf-8-sig"


def _checked(text: str) -> str:
    """The text, unless so much of it is no text that it can only be something else."""
    start = text[:4000]
    odd = sum(each < " " and each not in "\t\n\r" for each in start)
    if odd > 8 and odd > len(start) * 0.1:
        raise Unreadable(_("This file is not a list. Save the list as CSV or XLSX."))
    return text


def _separator(text: str) -> str:
    """The one that makes the best headings of the first rows, or else the most cells."""

    def promise(separator: str) -> tuple[int, int]:
        rows = []
        try:
            for _number, cells in islice(_records(text, separator), HEADINGS_WITHIN):
                rows.append(cells[:MOST_COLUMNS])
        except Unreadable:
            pass
        return max(map(known, rows), default=0), sum(map(len, rows))

    return max(SEPARATORS, key=promise)


def _records(text: str, separator: str) -> Rows:
    """Each record with its number; one after the end shows whether a quotation mark is open."""
    records = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=separator)
    number = 0
    try:
        for number, cells in enumerate(records, start=1):
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                break
            yield number, cells
    except csv.Error:  # a cell that is longer than any
        number += 1
    said = _(
        'In row %(row)s a quotation mark (") opens a cell that never ends. Close or remove it, '
        "or save the list as XLSX."
    )
    raise Unreadable(said % {"row": number})
