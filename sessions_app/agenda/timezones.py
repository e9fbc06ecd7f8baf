"""The agenda in zones: one cell a zone a time, days after conversion, dates where they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sessions_app.agenda.types import Agenda, Session, Workshop
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Clock:
    """A zone as it stands at the head of a column: `EST`, New York, EDT, UTC−4.

    Where the clock changes during the event, `names` holds what it is called before and after.
    """

    zone: Zone
    names: tuple[str, ...]

    @property
    def city(self) -> str:
        """The place, where the label does not say it already."""
        return "" if self.zone.city == self.zone.label else self.zone.city


@dataclass(frozen=True, slots=True)
class Cell:
    """A start and an end on one zone's clock; a date is marked where the heading's differs.

    `repeats_date` says that the end's mark is the start's over again.
    """

    zone: Zone
    starts_at: datetime
    ends_at: datetime
    start_marked: bool
    end_marked: bool

    @property
    def changes_clock(self) -> bool:
        """Whether the clock goes forward or back meanwhile, so that its times alone mislead."""
        return self.starts_at.utcoffset() != self.ends_at.utcoffset()

    @property
    def repeats_date(self) -> bool:
        return self.start_marked and self.starts_at.date() == self.ends_at.date()


@dataclass(frozen=True, slots=True)
class Row:
    session: Session
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The rows that start on one date of the first zone shown."""

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
    clocks: tuple[Clock, ...]
    days: tuple[date, ...]
    workshops: tuple[ZonedWorkshop, ...]


def zoned(agenda: Agenda, zones: tuple[Zone, ...]) -> ZonedAgenda:
    """The agenda on the clocks of `zones` (at least one), whose first decides the days."""
    workshops = tuple(_zoned_workshop(workshop, zones) for workshop in agenda.workshops)
    windows = {workshop.window[0].starts_at.date() for workshop in workshops}
    return ZonedAgenda(
        agenda=agenda,
        clocks=tuple(clock(zone, _moments(agenda)) for zone in zones),
        days=tuple(sorted(windows.union(day.on for each in workshops for day in each.days))),
        workshops=workshops,
    )


def clock(zone: Zone, moments: Iterable[datetime]) -> Clock:
    """How a zone is named at these moments: its abbreviation, where it has one, and its offset."""
    names = (
        ", ".join(filter(None, dict.fromkeys((zone.abbreviation(at), zone.offset(at)))))
        for at in sorted(moments)
    )
    # What repeats the label says nothing: `KST` · Seoul · UTC+9.
    plain = (name.removeprefix(f"{zone.label}, ") for name in names)
    return Clock(
        zone=zone, names=tuple(dict.fromkeys(name for name in plain if name != zone.label))
    )


def cells(
    starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...], heading: date
) -> tuple[Cell, ...]:
    """A start and an end in each zone, under a heading that names a date of the first one."""
    return tuple(_cell(zone, zone.local(starts_at), zone.local(ends_at), heading) for zone in zones)


def _cell(zone: Zone, starts_at: datetime, ends_at: datetime, heading: date) -> Cell:
    return Cell(
        zone=zone,
        starts_at=starts_at,
        ends_at=ends_at,
        start_marked=starts_at.date() != heading,
        # An end on the heading's date is marked too, after a start that is not.
        end_marked=ends_at.date() != heading or ends_at.date() != starts_at.date(),
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
    windows = {at for each in agenda.workshops for at in (each.starts_at, each.ends_at)}
    return windows | {at for each in agenda.sessions() for at in (each.starts_at, each.ends_at)}
