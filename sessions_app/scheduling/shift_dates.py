"""An event on other days or on another clock: what becomes of every time. Pure.

Where clock times are kept, a time that shows the same on the new clock at the very same moment
stays that moment, also in an hour that the clock shows twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sessions_app.agenda.intervals import Span
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.findings import session_name
from workshop.zones import Zone, read_wall_clock

Keep = Literal["clock", "moments"]
NewMoment = Callable[[datetime], datetime]
"""A moment's new one, in UTC; raises ValueError, with both readings, where none is sure."""


@dataclass(frozen=True, slots=True)
class NewTimes:
    """The hours of a workshop, those that another document states of it, or a session of it.

    `starts_at` and `ends_at` are those that it would have, in UTC.
    """

    workshop: Workshop
    of: Span
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Retiming:
    """Everything that has times, with new ones, and sentences on what cannot have any."""

    rows: tuple[NewTimes, ...]
    problems: tuple[str, ...]


def first_day(agenda: Agenda) -> date | None:
    """The date of the first workshop on the event's own clock; None while there is none."""
    return None if agenda.starts_at is None else _own(agenda).local(agenda.starts_at).date()


def on_other_days(agenda: Agenda, starts_on: date) -> NewMoment:
    """Clock times stay, and all days move by as many as take the first day to `starts_on`."""
    old = first_day(agenda) or starts_on
    own = _own(agenda)
    return _clock_kept(own, own, starts_on - old)


def on_another_clock(agenda: Agenda, zone: Zone, keep: Keep) -> NewMoment:
    """What the event's own clock shows is what `zone` shows then, or every moment stays."""
    if keep == "moments":
        return lambda at: at
    return _clock_kept(_own(agenda), zone, timedelta())


def retime(agenda: Agenda, new_moment: NewMoment, zone: Zone) -> Retiming:
    """New times of everything in an agenda; `zone` is the clock of the problems.

    It is a problem if a clock skips a time or shows it twice, or if something would no longer
    end after its start.
    """
    rows, problems = [], []
    for workshop, each in _spans(agenda):
        try:
            row = NewTimes(workshop, each, new_moment(each.starts_at), new_moment(each.ends_at))
        except ValueError as both_readings:
            problems.append(f"{_name(workshop, each)}: {both_readings}")
            continue
        rows.append(row)
        if row.ends_at <= row.starts_at:
            start, end = (zone.local(at) for at in (row.starts_at, row.ends_at))
            problems.append(
                f"{_name(workshop, each)} would start at {start:%H:%M} and end at {end:%H:%M}."
            )
    return Retiming(tuple(rows), tuple(problems))


def _own(agenda: Agenda) -> Zone:
    return Zone(agenda.zone, agenda.zone)


def _clock_kept(old: Zone, new: Zone, later: timedelta) -> NewMoment:
    def new_moment(at: datetime) -> datetime:
        wall = old.local(at).replace(tzinfo=None) + later
        stays = new.local(at).replace(tzinfo=None) == wall
        return at if stays else read_wall_clock(wall, new.key)

    return new_moment


def _spans(agenda: Agenda) -> Iterator[tuple[Workshop, Span]]:
    for workshop in agenda.workshops:
        yield workshop, workshop
        for window in workshop.stated_windows:
            yield workshop, window
        for session in workshop.sessions:
            yield workshop, session


def _name(workshop: Workshop, span: Span) -> str:
    if isinstance(span, Session):
        return session_name(span)
    if isinstance(span, Workshop):
        return f"The announced hours of “{workshop.title}”"
    return f"The hours of “{workshop.title}” in “{span.source}”"
