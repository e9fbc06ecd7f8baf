"""Table of text read from a file, and the limits of its size."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_ROWS = 10_000
MAX_COLUMNS = 200

RawRows = Iterator[tuple[int, list[str]]]


class Unreadable(ValueError):
    """Raised for a file that is no list; `args[0]` is a sentence with reason and remedy."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of cells; `number` is its row number in a spreadsheet program."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The non-empty rows, all of one length; `notes` are messages on how the file was read."""

    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
