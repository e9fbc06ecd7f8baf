"""iCalendar parsers of four libraries, and a lint for faults that all of them accept."""

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import icalendar
import vobject
from ical.calendar_stream import IcsCalendarStream

VEVENT = 4  # icalenums.h, icalcomponent_kind


@dataclass(frozen=True, order=True)
class Entry:
    """Fields that all parsers must agree on."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    status: str


class _Time(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        *((name, ctypes.c_int) for name in ("is_date", "is_daylight")),
        ("zone", ctypes.c_void_p),
    ]


@lru_cache(maxsize=1)
def _libical() -> Any:
    library = ctypes.CDLL("libical.so.3")
    for name, result, arguments in (
        ("icalparser_parse_string", ctypes.c_void_p, [ctypes.c_char_p]),
        ("icalrestriction_check", ctypes.c_int, [ctypes.c_void_p]),
        ("icalcomponent_count_errors", ctypes.c_int, [ctypes.c_void_p]),
        (
            "icalcomponent_get_first_component",
            ctypes.c_void_p,
            [ctypes.c_void_p, ctypes.c_int],
        ),
        ("icalcomponent_get_next_component", ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
        ("icalcomponent_get_uid", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_summary", ctypes.c_char_p, [ctypes.c_void_p]),
        ("icalcomponent_get_status", ctypes.c_int, [ctypes.c_void_p]),
        ("icalproperty_status_to_string", ctypes.c_char_p, [ctypes.c_int]),
        ("icalcomponent_get_dtstart", _Time, [ctypes.c_void_p]),
        ("icalcomponent_get_dtend", _Time, [ctypes.c_void_p]),
        ("icaltime_as_timet", ctypes.c_long, [_Time]),
        ("icalcomponent_free", None, [ctypes.c_void_p]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def parse_with_libical(text: bytes) -> list[Entry]:
    """Entries by libical, which refuses a file with any error."""
    lib = _libical()
    calendar = lib.icalparser_parse_string(text)
    assert calendar, "libical reads no calendar"
    lib.icalrestriction_check(calendar)
    assert lib.icalcomponent_count_errors(calendar) == 0
    entries = []
    event = lib.icalcomponent_get_first_component(calendar, VEVENT)
    while event:
        start, end = (
            datetime.fromtimestamp(lib.icaltime_as_timet(read(event)), UTC)
            for read in (lib.icalcomponent_get_dtstart, lib.icalcomponent_get_dtend)
        )
        status = lib.icalproperty_status_to_string(lib.icalcomponent_get_status(event))
        entries.append(
            Entry(
                lib.icalcomponent_get_uid(event).decode(),
                start,
                end,
                lib.icalcomponent_get_summary(event).decode(),
                status.decode(),
            )
        )
        event = lib.icalcomponent_get_next_component(calendar, VEVENT)
    lib.icalcomponent_free(calendar)
    return sorted(entries)


def parse_with_ical(text: bytes) -> list[Entry]:
    calendar = IcsCalendarStream.calendar_from_ics(text.decode())
    return sorted(
        Entry(
            str(event.uid),
            event.dtstart.astimezone(UTC),  # type: ignore[union-attr]
            event.dtend.astimezone(UTC),  # type: ignore[union-attr]
            event.summary or "",
            str(event.status.value if event.status else ""),
        )
        for event in calendar.events
    )


def parse_with_vobject(text: bytes) -> list[Entry]:
    calendar = vobject.readOne(text.decode())
    return sorted(
        Entry(
            event.uid.value,
            event.dtstart.value.astimezone(UTC),
            event.dtend.value.astimezone(UTC),
            event.summary.value,
            event.status.value,
        )
        for event in getattr(calendar, "vevent_list", [])
    )


def parse_with_icalendar(text: bytes) -> list[Entry]:
    return sorted(
        Entry(
            str(event["UID"]),
            event.decoded("DTSTART").astimezone(UTC),
            event.decoded("DTEND").astimezone(UTC),
            str(event["SUMMARY"]),
            str(event["STATUS"]),
        )
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT")
    )


PARSERS: tuple[Callable[[bytes], list[Entry]], ...] = (
    parse_with_libical,
    parse_with_ical,
    parse_with_vobject,
    parse_with_icalendar,
)


def unfold(text: bytes) -> list[str]:
    """Unfolded content lines (RFC 5545, 3.1)."""
    return re.sub(rb"\r\n[ \t]", b"", text).decode().split("\r\n")


def lint(text: bytes) -> list[str]:
    """Faults that parsers accept: line ends, long lines, zones, control characters, duplicates."""
    lines = text.split(b"\r\n")
    faults = []
    if not text.endswith(b"\r\n") or b"\n" in b"".join(lines) or b"\r" in b"".join(lines):
        faults.append("lines do not end in CRLF")
    faults += [f"{len(line)} octets: {line[:30]!r}" for line in lines if len(line) > 75]
    for line in lines:
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.append(f"a character is cut in two: {line!r}")
    whole = unfold(text)
    if any(re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line) for line in whole):
        faults.append("control characters")
    times = [line for line in whole if re.match(r"(DTSTART|DTEND|DTSTAMP|LAST-MODIFIED)\b", line)]
    faults += [f"not in UTC: {line}" for line in times if not re.search(r":\d{8}T\d{6}Z$", line)]
    if any("TZID" in line for line in whole) and "BEGIN:VTIMEZONE" not in whole:
        faults.append("TZID without VTIMEZONE")
    uids = [line for line in whole if line.startswith("UID:")]
    if len(uids) != len(set(uids)):
        faults.append("a UID twice")
    for name in ("PRODID", "VERSION", "METHOD"):
        if sum(line.startswith(f"{name}:") for line in whole) != 1:
            faults.append(f"{name} not exactly once")
    return faults


REQUESTED = ("ATTENDEE", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE", "SUMMARY", "UID", "STATUS")
CANCELLED = ("ATTENDEE", "DTSTAMP", "ORGANIZER", "SEQUENCE", "UID", "STATUS")


def lint_itip(text: bytes) -> list[str]:
    """Faults of a request or cancellation to one person (RFC 5546, 3.2.2 and 3.2.5)."""
    lines = unfold(text)
    names = [re.split("[:;]", line)[0] for line in lines]
    faults = lint(text)
    if names.count("BEGIN") != 2 or "BEGIN:VEVENT" not in lines:
        faults.append("not one VEVENT")
    method = next(line for line in lines if line.startswith("METHOD:")).partition(":")[2]
    statuses = {"REQUEST": ("CONFIRMED", "TENTATIVE"), "CANCEL": ("CANCELLED",)}[method]
    for name in CANCELLED if method == "CANCEL" else REQUESTED:
        if names.count(name) != 1:
            faults.append(f"{name} not exactly once")
    if not any(line == f"STATUS:{status}" for line in lines for status in statuses):
        faults.append(f"a status that no {method} has")
    for line in lines:
        if line.startswith(("ATTENDEE", "ORGANIZER")) and ":mailto:" not in line:
            faults.append(f"no address: {line}")
    return faults
