"""The agenda in time zones: one cell per session and zone, grouped into days of the first zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sessions_app.agenda.types import Agenda, Session, Workshop
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class ZoneHeading:
    """Column heading of a time zone: `EST`, New York, EDT, UTC−4.

    `names` holds abbreviation and offset, twice if the clock changes during the event.
    """

    zone: Zone
    names: tuple[str, ...]

    @property
    def city(self) -> str:
        """City of the zone; empty where it equals the label."""
        return "" if self.zone.city == self.zone.label else self.zone.city


@dataclass(frozen=True, slots=True)
class Cell:
    """Local start and end in one time zone.

    A date is shown where it differs from the date of the heading. `repeats_date`: the date of
    the end is shown and equals the one that is shown with the start.
    """

    zone: Zone
    starts_at: datetime
    ends_at: datetime
    shows_start_date: bool
    shows_end_date: bool

    @property
    def crosses_clock_change(self) -> bool:
        """Whether the UTC offset differs between start and end, so that times alone mislead."""
        return self.starts_at.utcoffset() != self.ends_at.utcoffset()

    @property
    def repeats_date(self) -> bool:
        return self.shows_start_date and self.starts_at.date() == self.ends_at.date()


@dataclass(frozen=True, slots=True)
class Row:
    session: Session
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The sessions that start on one date of the first zone shown."""

    on: date
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ZonedWorkshop:
    workshop: Workshop
    window: tuple[Cell, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class ZonedAgenda:
    agenda: Agenda
    zone_headings: tuple[ZoneHeading, ...]
    days: tuple[date, ...]
    workshops: tuple[ZonedWorkshop, ...]


def zoned(agenda: Agenda, zones: tuple[Zone, ...]) -> ZonedAgenda:
    """The agenda in the time of `zones` (at least one); the first zone decides the days."""
    workshops = tuple(_zoned_workshop(workshop, zones) for workshop in agenda.workshops)
    windows = {workshop.window[0].starts_at.date() for workshop in workshops}
    return ZonedAgenda(
        agenda=agenda,
        zone_headings=tuple(zone_heading(zone, _moments(agenda)) for zone in zones),
        days=tuple(
            sorted(windows.union(day.on for workshop in workshops for day in workshop.days))
        ),
        workshops=workshops,
    )


def zone_heading(zone: Zone, moments: Iterable[datetime]) -> ZoneHeading:
    """Heading of a zone: its abbreviations, if any, and offsets at these moments."""
    names = (
        ", ".join(filter(None, dict.fromkeys((zone.abbreviation(at), zone.offset(at)))))
        for at in sorted(moments)
    )
    # An abbreviation that equals the label is left out: `KST` · Seoul · UTC+9.
    plain = (name.removeprefix(f"{zone.label}, ") for name in names)
    return ZoneHeading(
        zone=zone, names=tuple(dict.fromkeys(name for name in plain if name != zone.label))
    )


def cells(
    starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...], heading: date
) -> tuple[Cell, ...]:
    """Local start and end in each zone; `heading` is the date of the heading, in the first zone."""
    return tuple(_cell(zone, zone.local(starts_at), zone.local(ends_at), heading) for zone in zones)


def _cell(zone: Zone, starts_at: datetime, ends_at: datetime, heading: date) -> Cell:
    return Cell(
        zone=zone,
        starts_at=starts_at,
        ends_at=ends_at,
        shows_start_date=starts_at.date() != heading,
        # An end on the heading's date shows it too after a start on another date.
        shows_end_date=ends_at.date() != heading or ends_at.date() != starts_at.date(),
    )


def _zoned_workshop(workshop: Workshop, zones: tuple[Zone, ...]) -> ZonedWorkshop:
    first = zones[0]

    def on(session: Session) -> date:
        return first.local(session.starts_at).date()

    # By date first: a clock that goes back over midnight shows the day before once more.
    rows = sorted(workshop.sessions, key=lambda session: (on(session), session.starts_at))
    return ZonedWorkshop(
        workshop=workshop,
        window=cells(
            workshop.starts_at, workshop.ends_at, zones, first.local(workshop.starts_at).date()
        ),
        days=tuple(
            Day(
                on=day,
                rows=tuple(
                    Row(session, cells(session.starts_at, session.ends_at, zones, day))
                    for session in sessions
                ),
            )
            for day, sessions in groupby(rows, key=on)
        ),
    )


def _moments(agenda: Agenda) -> set[datetime]:
    spans: tuple[Workshop | Session, ...] = (*agenda.workshops, *agenda.sessions())
    return {at for span in spans for at in (span.starts_at, span.ends_at)}
