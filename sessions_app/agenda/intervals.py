"""Stretches of time on clocks: what two share, night hours, what a clock is called. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sessions_app.agenda.types import Agenda, Session, StatedWindow, Workshop
from workshop.zones import Zone, common_keys

NIGHT_FROM, NIGHT_TO = time(22), time(7)
NONE, MINUTE, DAY = timedelta(), timedelta(minutes=1), timedelta(days=1)

Span = Session | Workshop | StatedWindow


def moments(agenda: Agenda) -> list[datetime]:
    """Every announced and planned start and end, once each, in order."""
    spans: tuple[Span, ...] = (*agenda.workshops, *agenda.sessions())
    return sorted({at for span in spans for at in (span.starts_at, span.ends_at)})


def shared(one: Span, two: Span) -> tuple[datetime, datetime] | None:
    """The start and the end of the time that two have in common; None if they only touch."""
    start, end = max(one.starts_at, two.starts_at), min(one.ends_at, two.ends_at)
    return (start, end) if start < end else None


def minutes(start: datetime, end: datetime) -> int:
    return round((end - start) / MINUTE)


def night_minutes(span: Span, zone: Zone) -> int:
    """How many of its minutes are between 22:00 and 07:00 on a zone's clock."""
    dark = (
        min(span.ends_at, morning) - max(span.starts_at, evening)
        for evening, morning in _nights(zone.local(span.starts_at).date() - DAY, zone, span.ends_at)
    )
    return round(sum((each for each in dark if each > NONE), NONE) / MINUTE)


def names_from(at: datetime, zone: Zone) -> frozenset[str]:
    """What a zone's clock is called in the twelve months from a moment: EST and EDT."""
    return frozenset(filter(None, map(zone.abbreviation, _months_from(at))))


@lru_cache(maxsize=16)
def offsets_called(name: str, year: int) -> frozenset[timedelta | None]:
    """The offsets of the clocks that are called `name` in a year: CST is -6, -5 and +8 hours.

    Empty for a name that no clock has.
    """
    months = _months_from(datetime(year, 1, 15, tzinfo=UTC))
    clocks = [Zone(key, key) for key in common_keys()]
    return frozenset(
        clock.local(at).utcoffset()
        for clock in clocks
        for at in months
        if clock.abbreviation(at) == name
    )


def _nights(evening: date, zone: Zone, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Evening and morning, in UTC, of each night that begins on `evening` or later."""
    while (dark := _moment(evening, NIGHT_FROM, zone)) < until:
        evening += DAY
        yield dark, _moment(evening, NIGHT_TO, zone)


def _moment(on: date, clock_time: time, zone: Zone) -> datetime:
    return datetime.combine(on, clock_time, tzinfo=zone.info).astimezone(UTC)


def _months_from(at: datetime) -> list[datetime]:
    return [at + 30 * month * DAY for month in range(12)]
