"""Times in long form, in one zone with its city: `Tuesday 3 August, 21:30, New York`."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sessions_app.agenda.timezones import cells
from sessions_app.renderers import labels
from workshop.zones import Zone, city


def city_zone(key: str) -> Zone:
    """A zone with its city as the label."""
    return Zone(city(key) or key, key)


def long_time_range(
    starts_at: datetime, ends_at: datetime, zone: Zone, *, year: bool = False
) -> str:
    """`Tuesday 3 August, 22:25–22:45, New York`; the end with its date if that differs.

    Both times have the zone abbreviation if the clock changes between them.
    """
    (cell,) = cells(starts_at, ends_at, (zone,), zone.local(starts_at).date())
    start, end = (
        labels.clock_time(at, named=cell.crosses_clock_change)
        for at in (cell.starts_at, cell.ends_at)
    )
    parts = {
        "day": _day(cell.starts_at, year),
        "start": start,
        "end": end,
        "end_day": _day(cell.ends_at, year),
        "place": zone.label,
    }
    if cell.ends_at.date() == cell.starts_at.date():
        return _("%(day)s, %(start)s–%(end)s, %(place)s") % parts
    return _("%(day)s, %(start)s – %(end_day)s, %(end)s, %(place)s") % parts


def _day(on: date, year: bool) -> str:
    return labels.long_date(on) if year else date_format(on, "l j F")
