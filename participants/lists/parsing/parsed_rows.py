"""Rows of a list become what they ask for, with what is wrong with them whatever stands here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants import names
from participants.lists.parsing import cell_values
from participants.lists.parsing.columns import Column, bare
from participants.lists.parsing.headings import Headings
from participants.lists.parsing.tables import Line, Table
from workshop.models import Workshop

_EMPTY = frozenset({"-", "–", "—", "n/a", "n.a."})
_OF_PERSON = (
    *(Column.HONORIFIC, Column.POSITION, Column.ORGANISATION, Column.COUNTRY),
    *(Column.ZONE, Column.MAILS_IN, Column.ASSISTANT),
)
_NOT_CALCULATED = (Column.EMAIL, Column.ASSISTANT, Column.COUNTRY, Column.NOTE)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as typed and as printed; `sort` and `address` where the list tells them."""

    typed: str = ""
    printed: str = ""
    sort: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row asks for; with `problems` it gets nothing, `remarks` are only told."""

    number: int
    workshop: Workshop | None
    name: Name
    cells: dict[Column, str]
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return cell_values.same_address(self.cells.get(Column.EMAIL, ""))


def rows(
    table: Table, headings: Headings, workshops: Sequence[Workshop], chosen: Workshop
) -> tuple[Row, ...]:
    """The rows under the headings; those that name no workshop are for the `chosen` one."""
    below = (line for line in table.lines if line.number > headings.row)
    found = [_row(line, headings, workshops, chosen) for line in below]
    clashes = _clashes(found)
    return tuple(
        Row(
            row.number,
            row.workshop,
            row.name,
            row.cells,
            (*row.problems, *clashes[row.number]),
            row.remarks,
        )
        for row in found
    )


def _row(line: Line, headings: Headings, workshops: Sequence[Workshop], chosen: Workshop) -> Row:
    cells = {}
    for column, place in headings.places.items():
        text = cell_values.unquoted(line.cells[place])
        if text.strip() and text.strip().casefold() not in _EMPTY:
            cells[column] = text
    of_workshop = cells.pop(Column.WORKSHOP, "")
    workshop = _workshop(of_workshop, workshops) if of_workshop else chosen
    problems = [*_problems(cells)]
    if workshop is None:
        said = _("%(said)s is no workshop of this event.")
        problems.append(said % {"said": cell_values.short(of_workshop)})
    remarks = tuple(_remarks(cells))
    return Row(line.number, workshop, _name(cells), cells, tuple(problems), remarks)


def _workshop(text: str, workshops: Sequence[Workshop]) -> Workshop | None:
    """The one of this title or key; none where several have it."""
    wanted = bare(text)
    found = [each for each in workshops if wanted in (bare(each.title), bare(each.key))]
    return found[0] if len(found) == 1 else None


def _name(cells: dict[Column, str]) -> Name:
    """The name by its columns: a first and a last name say more than one cell for both."""
    first, last = (cell_values.line(cells.pop(each, "")) for each in (Column.FIRST, Column.LAST))
    typed = cell_values.line(cells.pop(Column.NAME, ""))
    if first or last:
        both = f"{first} {last}".strip()
        return Name(both, both, f"{last}, {first}" if first and last else "")
    address, bare_name = names.addressed(typed)
    printed = names.turned(bare_name)
    return Name(typed, printed, bare_name if printed != bare_name else "", address)


def _problems(cells: dict[Column, str]) -> Iterator[str]:
    for column, text in cells.items():
        if cell_values.is_fault(text):
            said = _("Excel shows the fault %(said)s in the column “%(column)s”.")
            yield said % {"said": cell_values.short(text), "column": column}
    if Column.EMAIL not in cells:
        yield _("It has no e-mail, so no invitation could reach them.")
    state = cell_values.line(cells.get(Column.REGISTRATION, "")).casefold()
    if state in ("rejected", "withdrawn"):
        yield _("Their registration is “%(state)s”.") % {"state": state}


def _remarks(cells: dict[Column, str]) -> Iterator[str]:
    for column, text in cells.items():
        if cell_values.visible(text) != text.replace("\r\n", "\n").replace("\r", "\n"):
            said = _("A character that nobody can see was taken out of the column “%(column)s”.")
            yield said % {"column": column}
        if column not in _NOT_CALCULATED and cell_values.is_formula(text.lstrip()):
            said = _("%(said)s begins like a formula; it is kept as text.")
            yield said % {"said": cell_values.short(text)}
    state = cell_values.line(cells.get(Column.REGISTRATION, "")).casefold()
    if state in ("pending", "unpaid"):
        yield _("Their registration is still “%(state)s”.") % {"state": state}


def _clashes(found: Iterable[Row]) -> dict[int, list[str]]:
    """Rows of one address: twice in one workshop, or of somebody who is not the same twice."""
    by_address: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if row.address:
            by_address[row.address].append(row)
    clashes: dict[int, list[str]] = defaultdict(list)
    for together in by_address.values():
        for said, rows_of_it in _clashing(together):
            for row in rows_of_it:
                clashes[row.number].append(said)
    return clashes


def _clashing(together: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    by_workshop: dict[object, list[Row]] = defaultdict(list)
    for row in together:
        by_workshop[row.workshop and row.workshop.pk].append(row)
    for twice in by_workshop.values():
        if len(twice) > 1:
            said = _("Rows %(rows)s have the same address, %(address)s. Keep one of them.")
            address = cell_values.short(twice[0].address)
            yield said % {"rows": _numbers(twice), "address": address}, twice
    told = {(row.name, *map(row.cells.get, _OF_PERSON)) for row in together}
    if len(told) > 1 and len(by_workshop) > 1:
        said = _("Rows %(rows)s tell different things of one person, %(address)s.")
        address = cell_values.short(together[0].address)
        yield said % {"rows": _numbers(together), "address": address}, together


def _numbers(together: Sequence[Row]) -> str:
    """`4 and 9`."""
    *most, last = (str(row.number) for row in together)
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last}
