"""Old and new times of a row side by side, as the desk's previews draw them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.agenda.intervals import Span, minutes
from sessions_app.agenda.timezones import cells, clock
from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels, programme
from sessions_app.scheduling.shift_dates import NewTimes
from workshop.zones import Zone

HOUR = timedelta(hours=1)

Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class NewTimesLine:
    """A row of a preview; `length` says how many minutes it has, where that changes."""

    name: str
    status: str
    is_chosen: bool
    own_clock: tuple[programme.TimesLine, ...]  # now, then
    length: str
    elsewhere: tuple[programme.TimesLine, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Now or then: the clock, and the date that is not repeated beside its times."""

    zone: Zone
    on: date


def new_times(
    name: str,
    now: Times,
    then: Times,
    *,
    sides: tuple[Side, Side],
    others: tuple[Zone, ...],
    status: str = "",
    is_chosen: bool = False,
) -> NewTimesLine:
    """A row's times now and then (UTC) on the clock of each side, and then on the `others`."""
    old, new = sides
    before = cells(*now, (old.zone,), old.on)
    after, *elsewhere = cells(*then, (new.zone, *others), new.on)
    return NewTimesLine(
        name=name,
        status=status,
        is_chosen=is_chosen,
        own_clock=tuple(map(programme.times, (*before, after))),
        length=_length(minutes(*now), minutes(*then)),
        elsewhere=tuple(map(programme.times, elsewhere)),
    )


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A workshop's hours on one clock, with what that clock is called now and then.

    `change` says how far its times are from now's; empty where they are the same.
    """

    label: str
    city: str
    now: programme.TimesLine
    now_called: str
    then: programme.TimesLine
    then_called: str
    change: str


def clock_lines(
    now: Times, then: Times, *, sides: tuple[Side, Side], others: tuple[Zone, ...]
) -> tuple[ClockLine, ...]:
    """The same hours now and then (UTC), on the clock of the two sides and on the `others`."""
    old, new = sides
    zones = (new.zone, *others)
    return tuple(
        ClockLine(
            label=zone.label,
            city=clock(zone, ()).city,
            now=programme.times(before),
            now_called=_called(zone, now),
            then=programme.times(after),
            then_called=_called(zone, then),
            change=_change(zone, new.zone, now, then),
        )
        for zone, before, after in zip(
            zones, cells(*now, zones, old.on), cells(*then, zones, new.on), strict=True
        )
    )


def line_of(row: NewTimes, *, sides: tuple[Side, Side], others: tuple[Zone, ...]) -> NewTimesLine:
    """What a retiming makes of one thing, under its name."""
    return new_times(
        _name(row.of),
        (row.of.starts_at, row.of.ends_at),
        (row.starts_at, row.ends_at),
        sides=sides,
        others=others,
        status=labels.status(row.of) if isinstance(row.of, Session) else "",
    )


def _name(span: Span) -> str:
    if isinstance(span, Session):
        return labels.session_title(span)
    if isinstance(span, Workshop):
        return _("Announced hours")
    return _("Hours stated in “%(document)s”") % {"document": span.source}


def _called(zone: Zone, times: Times) -> str:
    """`EDT, UTC−4`; both names where the clock changes meanwhile."""
    return " → ".join(clock(zone, times).names)


def _change(zone: Zone, own: Zone, now: Times, then: Times) -> str:
    """How much earlier or later a clock shows what the own clock shows as it did."""
    start, end = (
        _ahead(zone, own, after) - _ahead(zone, own, before)
        for before, after in zip(now, then, strict=True)
    )
    if start == end:
        return _amount(start) if start else ""
    said = _("starts %(start)s, ends %(end)s")
    as_now = _("as now")
    return said % {"start": _amount(start) or as_now, "end": _amount(end) or as_now}


def _ahead(zone: Zone, own: Zone, at: datetime) -> timedelta:
    return (zone.local(at).utcoffset() or timedelta()) - (own.local(at).utcoffset() or timedelta())


def _amount(later: timedelta) -> str:
    """`1 hour earlier`, `30 min later`; empty for nothing."""
    hours, rest = divmod(abs(later), HOUR)
    parts = [ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}] * bool(hours)
    parts += [labels.minutes(round(rest / timedelta(minutes=1)))] * bool(rest)
    amount = {"amount": " ".join(parts)}
    if not parts:
        return ""
    return (_("%(amount)s earlier") if later < timedelta() else _("%(amount)s later")) % amount


def _length(old: int, new: int) -> str:
    said = _("%(new)s instead of %(old)s")
    return "" if new == old else said % {"new": labels.minutes(new), "old": labels.minutes(old)}
