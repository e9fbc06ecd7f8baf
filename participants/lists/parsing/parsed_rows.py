"""Rows of a list parsed into columns and names, with the problems that need no stored data."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participants import names
from participants.lists.parsing import cell_values
from participants.lists.parsing.headings import Column, Headings, normalise_heading
from participants.lists.parsing.tables import Table, TableRow
from workshop.models import Workshop

_EMPTY_CELLS = frozenset({"-", "–", "—", "n/a", "n.a."})
_PERSON_COLUMNS = (
    *(Column.HONORIFIC, Column.POSITION, Column.ORGANISATION, Column.COUNTRY),
    *(Column.ZONE, Column.MAIL_LANGUAGE, Column.ASSISTANT),
)
_NO_FORMULA_REMARK = (Column.EMAIL, Column.ASSISTANT, Column.COUNTRY, Column.NOTE)


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name as typed and as printed; sort name and form of address where the list has them."""

    typed: str = ""
    printed: str = ""
    sort_name: str = ""
    form_of_address: str = ""


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row by column; a row with `problems` is refused, `remarks` are only shown."""

    number: int
    workshop: Workshop | None
    name: ParsedName
    cells: dict[Column, str]
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """The normalised e-mail, to match by."""
        return cell_values.normalise_email(self.cells.get(Column.EMAIL, ""))


def parse_rows(
    table: Table, headings: Headings, workshops: Sequence[Workshop], default: Workshop
) -> tuple[ParsedRow, ...]:
    """Parse the rows below the headings; rows that name no workshop get the `default` one."""
    body = (row for row in table.rows if row.number > headings.row)
    rows = [_row(row, headings, workshops, default) for row in body]
    conflicts = _conflicts(rows)
    return tuple(
        ParsedRow(
            row.number,
            row.workshop,
            row.name,
            row.cells,
            (*row.problems, *conflicts[row.number]),
            row.remarks,
        )
        for row in rows
    )


def _row(
    row: TableRow, headings: Headings, workshops: Sequence[Workshop], default: Workshop
) -> ParsedRow:
    cells = {}
    for column, index in headings.indexes.items():
        text = cell_values.unescape_formula(row.cells[index])
        if text.strip() and text.strip().casefold() not in _EMPTY_CELLS:
            cells[column] = text
    workshop_text = cells.pop(Column.WORKSHOP, "")
    workshop = _workshop(workshop_text, workshops) if workshop_text else default
    problems = [*_problems(cells)]
    if workshop is None:
        message = _("%(text)s is not a workshop of this event.")
        problems.append(message % {"text": cell_values.quote(workshop_text)})
    remarks = tuple(_remarks(cells))
    return ParsedRow(row.number, workshop, _name(cells), cells, tuple(problems), remarks)


def _workshop(text: str, workshops: Sequence[Workshop]) -> Workshop | None:
    """The workshop of this title or key; None where several have it."""
    wanted = normalise_heading(text)
    matches = [
        workshop
        for workshop in workshops
        if wanted in (normalise_heading(workshop.title), normalise_heading(workshop.key))
    ]
    return matches[0] if len(matches) == 1 else None


def _name(cells: dict[Column, str]) -> ParsedName:
    """The name from its columns; first and last name take precedence over one full name."""
    first, last = (
        cell_values.single_line(cells.pop(column, "")) for column in (Column.FIRST, Column.LAST)
    )
    typed = cell_values.single_line(cells.pop(Column.NAME, ""))
    if first or last:
        full_name = f"{first} {last}".strip()
        return ParsedName(full_name, full_name, f"{last}, {first}" if first and last else "")
    form_of_address, bare_name = names.split_form_of_address(typed)
    printed = names.given_name_first(bare_name)
    return ParsedName(typed, printed, bare_name if printed != bare_name else "", form_of_address)


def _problems(cells: dict[Column, str]) -> Iterator[str]:
    for column, text in cells.items():
        if cell_values.is_excel_error(text):
            message = _("Excel shows the error %(text)s in the column “%(column)s”.")
            yield message % {"text": cell_values.quote(text), "column": column}
    if Column.EMAIL not in cells:
        yield _("The row has no e-mail, so this person could not be invited.")
    state = cell_values.single_line(cells.get(Column.REGISTRATION, "")).casefold()
    if state in ("rejected", "withdrawn"):
        yield _("Their registration is “%(state)s”.") % {"state": state}


def _remarks(cells: dict[Column, str]) -> Iterator[str]:
    for column, text in cells.items():
        if cell_values.strip_invisible(text) != text.replace("\r\n", "\n").replace("\r", "\n"):
            message = _("An invisible character was removed from the column “%(column)s”.")
            yield message % {"column": column}
        if column not in _NO_FORMULA_REMARK and cell_values.is_formula(text.lstrip()):
            message = _("%(text)s starts like a formula; it is stored as text.")
            yield message % {"text": cell_values.quote(text)}
    state = cell_values.single_line(cells.get(Column.REGISTRATION, "")).casefold()
    if state in ("pending", "unpaid"):
        yield _("Their registration is still “%(state)s”.") % {"state": state}


def _conflicts(rows: Iterable[ParsedRow]) -> dict[int, list[str]]:
    """Messages by row number on rows of one e-mail: twice in a workshop, or with different data."""
    by_email: dict[str, list[ParsedRow]] = defaultdict(list)
    for row in rows:
        if row.email:
            by_email[row.email].append(row)
    conflicts: dict[int, list[str]] = defaultdict(list)
    for same_email in by_email.values():
        for message, conflicting in _conflicts_of_email(same_email):
            for row in conflicting:
                conflicts[row.number].append(message)
    return conflicts


def _conflicts_of_email(rows: Sequence[ParsedRow]) -> Iterator[tuple[str, Sequence[ParsedRow]]]:
    by_workshop: dict[object, list[ParsedRow]] = defaultdict(list)
    for row in rows:
        by_workshop[row.workshop and row.workshop.pk].append(row)
    for duplicates in by_workshop.values():
        if len(duplicates) > 1:
            message = _("Rows %(rows)s have the same e-mail, %(email)s. Keep one of them.")
            email = cell_values.quote(duplicates[0].email)
            yield message % {"rows": _numbers(duplicates), "email": email}, duplicates
    versions = {(row.name, *map(row.cells.get, _PERSON_COLUMNS)) for row in rows}
    if len(versions) > 1 and len(by_workshop) > 1:
        message = _("Rows %(rows)s have different details of one person, %(email)s.")
        email = cell_values.quote(rows[0].email)
        yield message % {"rows": _numbers(rows), "email": email}, rows


def _numbers(rows: Sequence[ParsedRow]) -> str:
    """`4, 7 and 9`."""
    *others, last = (str(row.number) for row in rows)
    return _("%(others)s and %(last)s") % {"others": ", ".join(others), "last": last}
