"""A calendar of a mail goes to another address than it was written for."""

from typing import Any

from icalendar import parser

# The library's lines have no types.
LINE: Any = parser.Contentline
LINES: Any = parser.Contentlines


def readdressed(calendar: str, old: str, new: str) -> str:
    """An iCalendar text whose ATTENDEE at the address `old` is at `new`; the rest stays."""
    if old.casefold() == new.casefold():
        return calendar
    lines = [_line(line, f"mailto:{old}", f"mailto:{new}") for line in LINES.from_ical(calendar)]
    text: str = LINES(map(LINE, lines)).to_ical().decode()
    return text


def _line(line: str, old: str, new: str) -> str:
    is_theirs = line.upper().startswith(("ATTENDEE;", "ATTENDEE:"))
    if not is_theirs or not line.casefold().endswith(old.casefold()):
        return line
    return line[: -len(old)] + new
