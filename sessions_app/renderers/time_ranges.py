"""Moments and time ranges in words, in one zone: the one way to say them."""

from datetime import datetime

from sessions_app.agenda.timezones import cells
from sessions_app.renderers import labels
from workshop.zones import Zone


def moment(at: datetime, zone: Zone) -> str:
    """`Wednesday 4 August 2021, 08:30 Lao Time`."""
    local = zone.local(at)
    return f"{labels.long_date(local)}, {labels.clock_time(local)} {zone.label}"


def span(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """`Wed 4 Aug 08:30–13:15`, the end's date where it differs."""
    return f"{labels.short_date(zone.local(starts_at))} {hours(starts_at, ends_at, zone)}"


def hours(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """`08:30–13:15`, under a heading that says the date of the start."""
    (cell,) = cells(starts_at, ends_at, (zone,), zone.local(starts_at).date())
    end_mark = f"{labels.short_date(cell.ends_at)} " if cell.end_marked else ""
    start, end = (
        labels.clock_time(at, named=cell.changes_clock) for at in (cell.starts_at, cell.ends_at)
    )
    return f"{start}–{end_mark}{end}"
