"""Time intervals: intersection, night hours, and the abbreviations of time zones. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from sessions_app.agenda.types import Agenda, Session, StatedWindow, Workshop
from workshop.zones import Zone, common_keys

NIGHT_FROM, NIGHT_TO = time(22), time(7)
ZERO, MINUTE, DAY = timedelta(), timedelta(minutes=1), timedelta(days=1)

Span = Session | Workshop | StatedWindow


def moments(agenda: Agenda) -> list[datetime]:
    """All starts and ends of workshops and sessions, without repeats, in order."""
    spans: tuple[Span, ...] = (*agenda.workshops, *agenda.sessions())
    return sorted({at for span in spans for at in (span.starts_at, span.ends_at)})


def intersection(first: Span, second: Span) -> tuple[datetime, datetime] | None:
    """Start and end of the time that two spans have in common; None if they only touch."""
    start, end = max(first.starts_at, second.starts_at), min(first.ends_at, second.ends_at)
    return (start, end) if start < end else None


def minutes(start: datetime, end: datetime) -> int:
    return round((end - start) / MINUTE)


def night_minutes(span: Span, zone: Zone) -> int:
    """Minutes of a span between 22:00 and 07:00 in a time zone."""
    nights = (
        min(span.ends_at, morning) - max(span.starts_at, evening)
        for evening, morning in _nights(zone.local(span.starts_at).date() - DAY, zone, span.ends_at)
    )
    return round(sum((night for night in nights if night > ZERO), ZERO) / MINUTE)


def abbreviations_in_year(at: datetime, zone: Zone) -> frozenset[str]:
    """Abbreviations of a zone in the twelve months from a moment: EST and EDT."""
    return frozenset(filter(None, map(zone.abbreviation, _months_from(at))))


@lru_cache(maxsize=16)
def offsets_by_abbreviation(name: str, year: int) -> frozenset[timedelta | None]:
    """UTC offsets of all zones that have the abbreviation `name` in a year: CST is -6, -5, +8 h.

    Empty for an abbreviation that no zone has.
    """
    months = _months_from(datetime(year, 1, 15, tzinfo=UTC))
    zones = [Zone(key, key) for key in common_keys()]
    return frozenset(
        zone.local(at).utcoffset()
        for zone in zones
        for at in months
        if zone.abbreviation(at) == name
    )


def _nights(evening: date, zone: Zone, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Evening and morning, in UTC, of each night that begins on `evening` or later."""
    while (night_start := _utc_of(evening, NIGHT_FROM, zone)) < until:
        evening += DAY
        yield night_start, _utc_of(evening, NIGHT_TO, zone)


def _utc_of(on: date, clock_time: time, zone: Zone) -> datetime:
    return datetime.combine(on, clock_time, tzinfo=zone.info).astimezone(UTC)


def _months_from(at: datetime) -> list[datetime]:
    return [at + 30 * month * DAY for month in range(12)]
