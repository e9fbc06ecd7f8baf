"""Old and new times side by side, as the lines of the desk's previews."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.agenda.intervals import Span, minutes
from sessions_app.agenda.timezones import cells, zone_heading
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.scheduling.shift_dates import NewTimes
from workshop.zones import Zone

HOUR = timedelta(hours=1)

Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class TimeChangeLine:
    """Old and new times of one item; `duration_change` is empty if its length stays the same."""

    name: str
    status: str
    is_chosen: bool
    event_zone: tuple[time_ranges.TimesLine, ...]  # the old times, the new times
    duration_change: str
    other_zones: tuple[time_ranges.TimesLine, ...]  # the new times


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """Column of old or new times: its zone, and the date that is not repeated at each time."""

    zone: Zone
    on: date


def time_change_line(
    name: str,
    old_times: Times,
    new_times: Times,
    *,
    columns: tuple[TimeColumn, TimeColumn],
    others: tuple[Zone, ...],
    status: str = "",
    is_chosen: bool = False,
) -> TimeChangeLine:
    """Return old and new times (UTC) in the zone of each column, the new ones in `others` too."""
    old, new = columns
    before = cells(*old_times, (old.zone,), old.on)
    after, *other_cells = cells(*new_times, (new.zone, *others), new.on)
    return TimeChangeLine(
        name=name,
        status=status,
        is_chosen=is_chosen,
        event_zone=tuple(map(time_ranges.times_line, (*before, after))),
        duration_change=_duration_change(minutes(*old_times), minutes(*new_times)),
        other_zones=tuple(map(time_ranges.times_line, other_cells)),
    )


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A workshop's old and new hours in one zone, with the zone's names on both dates.

    `change` is the shift of its clock times; empty if they stay the same.
    """

    label: str
    city: str
    old_times: time_ranges.TimesLine
    old_names: str
    new_times: time_ranges.TimesLine
    new_names: str
    change: str


def zone_lines(
    old_times: Times,
    new_times: Times,
    *,
    columns: tuple[TimeColumn, TimeColumn],
    others: tuple[Zone, ...],
) -> tuple[ZoneLine, ...]:
    """Return old and new hours (UTC) in the zone of the columns, then in each of `others`."""
    old, new = columns
    zones = (new.zone, *others)
    return tuple(
        ZoneLine(
            label=zone.label,
            city=zone_heading(zone, ()).city,
            old_times=time_ranges.times_line(before),
            old_names=_zone_names(zone, old_times),
            new_times=time_ranges.times_line(after),
            new_names=_zone_names(zone, new_times),
            change=_change(zone, new.zone, old_times, new_times),
        )
        for zone, before, after in zip(
            zones, cells(*old_times, zones, old.on), cells(*new_times, zones, new.on), strict=True
        )
    )


def line_for_new_times(
    row: NewTimes, *, columns: tuple[TimeColumn, TimeColumn], others: tuple[Zone, ...]
) -> TimeChangeLine:
    """Return the line of one planned time change, under the name of its item."""
    return time_change_line(
        _name(row.span),
        (row.span.starts_at, row.span.ends_at),
        (row.starts_at, row.ends_at),
        columns=columns,
        others=others,
        status=labels.status(row.span) if isinstance(row.span, Session) else "",
    )


def _name(span: Span) -> str:
    if isinstance(span, Session):
        return labels.session_title(span)
    if isinstance(span, Workshop):
        return _("Announced hours")
    return _("Hours stated in “%(document)s”") % {"document": span.source}


def _zone_names(zone: Zone, times: Times) -> str:
    """Return the names of a zone: `EDT, UTC−4`; both if its offset changes between the times."""
    return " → ".join(zone_heading(zone, times).names)


def _change(zone: Zone, event_zone: Zone, old_times: Times, new_times: Times) -> str:
    """Return the shift of clock times in `zone` for times that stay the same in `event_zone`."""
    start, end = (
        _ahead_of(zone, event_zone, after) - _ahead_of(zone, event_zone, before)
        for before, after in zip(old_times, new_times, strict=True)
    )
    if start == end:
        return _amount(start) if start else ""
    text = _("starts %(start)s, ends %(end)s")
    unchanged = _("as now")
    return text % {"start": _amount(start) or unchanged, "end": _amount(end) or unchanged}


def _ahead_of(zone: Zone, event_zone: Zone, at: datetime) -> timedelta:
    return (zone.local(at).utcoffset() or timedelta()) - (
        event_zone.local(at).utcoffset() or timedelta()
    )


def _amount(later: timedelta) -> str:
    """Return a shift in words: `1 hour earlier`, `30 min later`; empty for none."""
    hours, rest = divmod(abs(later), HOUR)
    parts = [ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}] * bool(hours)
    parts += [labels.minutes(round(rest / timedelta(minutes=1)))] * bool(rest)
    amount = {"amount": " ".join(parts)}
    if not parts:
        return ""
    return (_("%(amount)s earlier") if later < timedelta() else _("%(amount)s later")) % amount


def _duration_change(old: int, new: int) -> str:
    text = _("%(new)s instead of %(old)s")
    return "" if new == old else text % {"new": labels.minutes(new), "old": labels.minutes(old)}
