"""Dates, times and time ranges in one zone, for readers.

The functions that return a string serve PDFs, e-mails and messages; `times_line` serves web pages,
whose templates/_span.html adds the `<time>` elements. An e-mail that names the city of the zone
uses participants/mail/time_text.py, which is built on these.
"""

from dataclasses import dataclass
from datetime import datetime

from sessions_app.agenda.timezones import Cell, cells
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class TimesLine:
    """A time range in one zone. Dates are set if they differ from the heading's.

    `spoken_date` is for screen readers, set if no date is printed.
    """

    label: str
    start: str
    start_iso: str
    start_date: str
    end: str
    end_iso: str
    end_date: str
    end_date_hidden: bool
    spoken_date: str

    @property
    def straddles(self) -> bool:
        """True if start and end both print a date."""
        return bool(self.start_date and self.end_date and not self.end_date_hidden)


def moment(at: datetime, zone: Zone) -> str:
    """A date and time: `Wednesday 4 August 2021, 08:30 Lao Time`."""
    local = zone.local(at)
    return f"{labels.long_date(local)}, {labels.clock_time(local)} {zone.label}"


def span(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """A date and a time range: `Wed 4 Aug 08:30–13:15`, with the end's date if it differs."""
    return f"{labels.short_date(zone.local(starts_at))} {hours(starts_at, ends_at, zone)}"


def hours(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """A time range for use under a date heading: `08:30–13:15`."""
    (cell,) = cells(starts_at, ends_at, (zone,), zone.local(starts_at).date())
    end_mark = f"{labels.short_date(cell.ends_at)} " if cell.shows_end_date else ""
    start, end = (
        labels.clock_time(at, named=cell.crosses_clock_change)
        for at in (cell.starts_at, cell.ends_at)
    )
    return f"{start}–{end_mark}{end}"


def times_line(cell: Cell) -> TimesLine:
    """A time range in one zone as text."""
    return TimesLine(
        label=cell.zone.label,
        start=labels.clock_time(cell.starts_at, named=cell.crosses_clock_change),
        start_iso=cell.starts_at.isoformat(timespec="minutes"),
        start_date=labels.short_date(cell.starts_at) if cell.shows_start_date else "",
        end=labels.clock_time(cell.ends_at, named=cell.crosses_clock_change),
        end_iso=cell.ends_at.isoformat(timespec="minutes"),
        end_date=labels.short_date(cell.ends_at) if cell.shows_end_date else "",
        end_date_hidden=cell.repeats_date,
        spoken_date="" if cell.shows_start_date else labels.short_date(cell.starts_at),
    )
