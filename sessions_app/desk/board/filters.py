"""Filter of the board's rows (all, with issues, changed) and its count of findings by level."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from sessions_app.checks.registry import Finding, Level
from sessions_app.desk.board.annotations import RowAnnotations, level_count
from sessions_app.desk.board.rows import BoardDay, BoardRow, BoardWorkshop, Row

FILTERS: dict[str, Callable[[Row], bool]] = {
    "": bool,
    "findings": lambda row: bool(row.levels),
    "changes": lambda row: isinstance(row, BoardRow) and bool(row.annotations.changes),
}


@dataclass(frozen=True, slots=True)
class FilterLink:
    """Link that selects a filter, with the number of rows it shows."""

    name: str
    count: int
    query: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class LevelCount:
    """Number of findings of a level, with a link to the first one on the board."""

    level: Level
    text: str
    href: str


def requested_filter(value: str) -> str:
    """Read `?show=`; an unknown value means all rows."""
    return value if value in FILTERS else ""


def apply_filter(workshops: Iterable[BoardWorkshop], show: str) -> tuple[BoardWorkshop, ...]:
    """Return the workshops with the selected rows only; without all rows none can be dragged."""
    matches = FILTERS[show]

    def filter_day(day: BoardDay) -> BoardDay:
        rows = (row for row in day.rows if matches(row))
        return replace(day, rows=tuple(_without_position(row) if show else row for row in rows))

    return tuple(
        replace(workshop, days=tuple(day for day in map(filter_day, workshop.days) if day.rows))
        for workshop in workshops
    )


def filter_links(workshops: Iterable[BoardWorkshop], show: str) -> tuple[FilterLink, ...]:
    """Return the links of the filter; gaps count among the issues, not among all sessions."""
    rows = [row for workshop in workshops for row in workshop.rows]
    names = {"": _("All sessions"), "findings": _("With issues"), "changes": _("Changed")}
    counts = {name: sum(map(matches, rows)) for name, matches in FILTERS.items()}
    counts[""] = sum(isinstance(row, BoardRow) for row in rows)
    return tuple(
        FilterLink(label, counts[name], f"?show={name}" if name else "?", name == show)
        for name, label in names.items()
    )


def level_counts(
    findings: Iterable[tuple[Finding, str]],
    event: RowAnnotations,
    workshops: Iterable[BoardWorkshop],
    show: str,
) -> tuple[LevelCount, ...]:
    """Return the findings counted by level, each with a link to the first that the board shows."""
    levels = [finding.level for finding, _sentence in findings]
    query = "?show=findings" if show == "changes" else ""
    first: dict[Level, str] = {}
    for level, anchor in _anchors(event, workshops):
        first.setdefault(level, anchor)
    return tuple(
        LevelCount(
            level,
            level_count(level, levels.count(level)),
            f"{query}#{first[level]}" if level in first else "",
        )
        for level in Level
    )


def _anchors(
    event: RowAnnotations, workshops: Iterable[BoardWorkshop]
) -> Iterator[tuple[Level, str]]:
    """Yield each finding's level and the anchor of its place, down the page."""
    yield from ((group.level, "page:event") for group in event.findings)
    for workshop in workshops:
        yield from ((group.level, workshop.anchor) for group in workshop.annotations.findings)
        for row in workshop.rows:
            yield from ((level, row.anchor) for level in row.levels)


def _without_position(row: Row) -> Row:
    return replace(row, position=None) if isinstance(row, BoardRow) else row
