"""Times in full words, on one clock and with its place: `Tuesday 3 August, 21:30, New York`."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions_app.agenda.timezones import cells
from sessions_app.renderers import labels
from workshop.zones import Zone, city


def clock_of(key: str) -> Zone:
    """A clock under the name of its place."""
    return Zone(city(key) or key, key)


def when(starts_at: datetime, ends_at: datetime, zone: Zone, *, year: bool = False) -> str:
    """`Tuesday 3 August, 22:25–22:45, New York`; the end with its date where that differs.

    The clock is named beside the times where it changes between them.
    """
    (cell,) = cells(starts_at, ends_at, (zone,), zone.local(starts_at).date())
    start, end = (
        labels.clock_time(at, named=cell.changes_clock) for at in (cell.starts_at, cell.ends_at)
    )
    facts = {
        "day": _day(cell.starts_at, year),
        "start": start,
        "end": end,
        "last": _day(cell.ends_at, year),
        "place": zone.label,
    }
    if cell.ends_at.date() == cell.starts_at.date():
        return _("%(day)s, %(start)s–%(end)s, %(place)s") % facts
    return _("%(day)s, %(start)s – %(last)s, %(end)s, %(place)s") % facts


def _day(on: date, year: bool) -> str:
    return labels.long_date(on) if year else date_format(on, "l j F")
