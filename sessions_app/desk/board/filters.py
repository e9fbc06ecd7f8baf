"""Which rows of the board are shown: all, those with findings or those that changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sessions_app.checks.registry import Finding, Level
from sessions_app.desk.board.annotations import Notes, counted
from sessions_app.desk.board.rows import BoardDay, BoardRow, BoardWorkshop, Row

WANTED: dict[str, Callable[[Row], bool]] = {
    "": bool,
    "findings": lambda row: bool(row.levels),
    "changes": lambda row: isinstance(row, BoardRow) and bool(row.notes.changes),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of the filter: `With findings` and how many rows that are."""

    name: str
    count: int
    query: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings of a level there are, and where on the board the first one is."""

    level: Level
    said: str
    href: str


def asked(value: str) -> str:
    """What `?show=` means; everything for what is not offered."""
    return value if value in WANTED else ""


def shown(workshops: Iterable[BoardWorkshop], show: str) -> tuple[BoardWorkshop, ...]:
    """The workshops with the rows wanted alone; rows change places only where all are shown."""
    wanted = WANTED[show]

    def cut(day: BoardDay) -> BoardDay:
        rows = (row for row in day.rows if wanted(row))
        return replace(day, rows=tuple(_fixed(row) if show else row for row in rows))

    return tuple(
        replace(each, days=tuple(day for day in map(cut, each.days) if day.rows))
        for each in workshops
    )


def choices(workshops: Iterable[BoardWorkshop], show: str) -> tuple[Choice, ...]:
    """The filter's links; gaps count as findings, not as rows."""
    rows = [row for workshop in workshops for row in workshop.rows]
    names = {"": _("All rows"), "findings": _("With findings"), "changes": _("Changed")}
    counts = {name: sum(map(wanted, rows)) for name, wanted in WANTED.items()}
    counts[""] = sum(isinstance(row, BoardRow) for row in rows)
    return tuple(
        Choice(said, counts[name], f"?show={name}" if name else "?", name == show)
        for name, said in names.items()
    )


def counts(
    findings: Iterable[Finding], event: Notes, workshops: Iterable[BoardWorkshop], show: str
) -> tuple[Count, ...]:
    """The findings by level, each leading to the first, on a board that shows it."""
    found, query = list(findings), "?show=findings" if show == "changes" else ""
    first: dict[Level, str] = {}
    for level, anchor in _anchors(event, workshops):
        first.setdefault(level, anchor)
    return tuple(
        Count(
            level,
            counted(level, sum(each.level is level for each in found)),
            f"{query}#{first[level]}" if level in first else "",
        )
        for level in Level
    )


def _anchors(event: Notes, workshops: Iterable[BoardWorkshop]) -> Iterator[tuple[Level, str]]:
    """Every level that is told somewhere, and where, down the page."""
    yield from ((group.level, "page:event") for group in event.findings)
    for workshop in workshops:
        yield from ((group.level, workshop.anchor) for group in workshop.notes.findings)
        for row in workshop.rows:
            yield from ((level, row.anchor) for level in row.levels)


def _fixed(row: Row) -> Row:
    return replace(row, place=None) if isinstance(row, BoardRow) else row
