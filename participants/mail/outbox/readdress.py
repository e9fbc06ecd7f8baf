"""Changes the address of the attendee in the calendar of an e-mail."""

from typing import Any

from icalendar import parser

# The library has no types for its content lines.
CONTENT_LINE: Any = parser.Contentline
CONTENT_LINES: Any = parser.Contentlines


def readdress_calendar(calendar: str, old: str, new: str) -> str:
    """The iCalendar text with the address of the ATTENDEE changed from `old` to `new`."""
    if old.casefold() == new.casefold():
        return calendar
    lines = [
        _line(line, f"mailto:{old}", f"mailto:{new}") for line in CONTENT_LINES.from_ical(calendar)
    ]
    text: str = CONTENT_LINES(map(CONTENT_LINE, lines)).to_ical().decode()
    return text


def _line(line: str, old: str, new: str) -> str:
    is_attendee = line.upper().startswith(("ATTENDEE;", "ATTENDEE:"))
    if not is_attendee or not line.casefold().endswith(old.casefold()):
        return line
    return line[: -len(old)] + new
