"""The row of headings in a list, and where each column stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants.lists.parsing.columns import HEADINGS_WITHIN, Column, bare, column_of, known
from participants.lists.parsing.tables import Line, Table, Unreadable
from participants.names import is_form_of_address


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands; `read_as` pairs a heading with ours, `ignored` are the rest."""

    row: int
    places: dict[Column, int]
    read_as: tuple[tuple[str, Column], ...]
    ignored: tuple[str, ...]


def find(table: Table) -> Headings:
    """The headings of a list; raises Unreadable where names or addresses have no column."""
    first = table.lines[:HEADINGS_WITHIN]
    row = max(first, key=lambda line: (known(line.cells), -line.number))
    places = _places(row, [line for line in table.lines if line.number > row.number])
    if missing := _missing(places):
        found = ", ".join(f"“{cell}”" for cell in row.cells if cell.strip())
        raise Unreadable(
            _("This list has no column for %(missing)s. Its headings are: %(found)s.")
            % {"missing": _(" and ").join(missing), "found": found[:500]}
        )
    named = {place: column for column, place in places.items()}
    return Headings(
        row=row.number,
        places=places,
        read_as=tuple(
            (cell.strip(), named[place]) for place, cell in enumerate(row.cells) if place in named
        ),
        ignored=tuple(
            cell.strip()
            for place, cell in enumerate(row.cells)
            if place not in named and cell.strip()
        ),
    )


def _places(row: Line, lines: Sequence[Line]) -> dict[Column, int]:
    """The first column of each kind; `Title` is the position where it holds no `Mr.` and `Ms.`."""
    places: dict[Column, int] = {}
    for place, cell in enumerate(row.cells):
        column = column_of(cell)
        if column is not None:
            places.setdefault(column, place)
    title = places.get(Column.HONORIFIC)
    if title is not None and bare(row.cells[title]) == "title" and Column.POSITION not in places:
        said = [line.cells[title] for line in lines if line.cells[title].strip()]
        if sum(map(is_form_of_address, said)) * 2 < len(said):
            places[Column.POSITION] = places.pop(Column.HONORIFIC)
    return places


def _missing(places: dict[Column, int]) -> list[str]:
    named = Column.NAME in places or {Column.FIRST, Column.LAST} & places.keys()
    missing = {_("names (“Name”)"): named, _("addresses (“E-mail”)"): Column.EMAIL in places}
    return [said for said, is_there in missing.items() if not is_there]
