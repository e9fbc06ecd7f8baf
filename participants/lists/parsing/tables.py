"""A table of text read from a file, and the limits on its size."""

from collections.abc import Iterator
from dataclasses import dataclass

MOST_ROWS = 10_000
MOST_COLUMNS = 200

Rows = Iterator[tuple[int, list[str]]]


class Unreadable(ValueError):
    """A file that is no list; `args[0]` is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold anything, equally long; `notes` say how they were read."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
