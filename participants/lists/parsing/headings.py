"""Heading row of a list: its place, and the index of each column.

The spellings of headings are in columns.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants.lists.parsing.columns import (
    MAX_HEADING_ROW,
    Column,
    column_of,
    count_known_columns,
    normalise_heading,
)
from participants.lists.parsing.tables import Table, TableRow, Unreadable
from participants.names import is_form_of_address


@dataclass(frozen=True, slots=True)
class Headings:
    """Row of headings: index of each column, pairs of recognised headings and columns, the rest."""

    row: int
    indexes: dict[Column, int]
    recognised: tuple[tuple[str, Column], ...]
    ignored: tuple[str, ...]


def find_headings(table: Table) -> Headings:
    """Find the headings of a list; raises Unreadable where names or e-mails have no column."""
    candidates = table.rows[:MAX_HEADING_ROW]
    best = max(candidates, key=lambda row: (count_known_columns(row.cells), -row.number))
    indexes = _column_indexes(best, [row for row in table.rows if row.number > best.number])
    if missing := _missing_columns(indexes):
        headings = ", ".join(f"“{cell}”" for cell in best.cells if cell.strip())
        raise Unreadable(
            _("This list has no column for %(missing)s. Its headings are: %(headings)s.")
            % {"missing": _(" and ").join(missing), "headings": headings[:500]}
        )
    columns = {index: column for column, index in indexes.items()}
    return Headings(
        row=best.number,
        indexes=indexes,
        recognised=tuple(
            (cell.strip(), columns[index])
            for index, cell in enumerate(best.cells)
            if index in columns
        ),
        ignored=tuple(
            cell.strip()
            for index, cell in enumerate(best.cells)
            if index not in columns and cell.strip()
        ),
    )


def _column_indexes(headings: TableRow, body: Sequence[TableRow]) -> dict[Column, int]:
    """Index of the first cell for each column.

    `Title` is the position unless at least half of its cells are forms of address (`Mr.`).
    """
    indexes: dict[Column, int] = {}
    for index, cell in enumerate(headings.cells):
        column = column_of(cell)
        if column is not None:
            indexes.setdefault(column, index)
    title = indexes.get(Column.HONORIFIC)
    if (
        title is not None
        and normalise_heading(headings.cells[title]) == "title"
        and Column.POSITION not in indexes
    ):
        titles = [row.cells[title] for row in body if row.cells[title].strip()]
        if sum(map(is_form_of_address, titles)) * 2 < len(titles):
            indexes[Column.POSITION] = indexes.pop(Column.HONORIFIC)
    return indexes


def _missing_columns(indexes: dict[Column, int]) -> list[str]:
    has_names = Column.NAME in indexes or {Column.FIRST, Column.LAST} & indexes.keys()
    required = {_("names (“Name”)"): has_names, _("addresses (“E-mail”)"): Column.EMAIL in indexes}
    return [column for column, is_present in required.items() if not is_present]
