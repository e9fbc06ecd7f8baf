"""Dates, times and time ranges as text in one zone."""

from datetime import datetime

from sessions_app.agenda.timezones import cells
from sessions_app.renderers import labels
from workshop.zones import Zone


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
