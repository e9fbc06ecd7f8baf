"""New times of a whole event on other days or in another time zone. Pure.

Where clock times are kept, a moment at which the new zone shows the same clock time stays as it
is, also in an hour that occurs twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sessions_app.agenda.intervals import Span
from sessions_app.agenda.types import Agenda, Workshop
from workshop.zones import NotOneMoment, UnclearTime, Zone, read_wall_clock

Keep = Literal["clock", "moments"]
NewMoment = Callable[[datetime], datetime]
"""Maps a moment to its new one, in UTC; raises NotOneMoment if skipped or ambiguous."""


@dataclass(frozen=True, slots=True)
class NewTimes:
    """New times (UTC) of a session, of a workshop, or of its hours in another document."""

    workshop: Workshop
    span: Span
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class NoNewTimes:
    """A session, a workshop, or its hours in another document, whose new time is unclear."""

    workshop: Workshop
    span: Span
    time: UnclearTime


TimeProblem = NoNewTimes | NewTimes
"""New times are a problem if they do not end after their start."""


@dataclass(frozen=True, slots=True)
class TimeChangePlan:
    """New times of everything in an event, and the problems."""

    new_times: tuple[NewTimes, ...]
    problems: tuple[TimeProblem, ...]


def first_day(agenda: Agenda) -> date | None:
    """Date of the first workshop in the event's zone; None without a workshop."""
    return None if agenda.starts_at is None else _event_zone(agenda).local(agenda.starts_at).date()


def to_other_days(agenda: Agenda, starts_on: date) -> NewMoment:
    """Mapping of moments that keeps clock times and moves the first day to `starts_on`."""
    old = first_day(agenda) or starts_on
    own = _event_zone(agenda)
    return _wall_clock_kept(own, own, starts_on - old)


def to_other_zone(agenda: Agenda, zone: Zone, keep: Keep) -> NewMoment:
    """Mapping of moments for a new event zone that keeps clock times, or all moments."""
    if keep == "moments":
        return lambda at: at
    return _wall_clock_kept(_event_zone(agenda), zone, timedelta())


def plan_new_times(agenda: Agenda, new_moment: NewMoment) -> TimeChangePlan:
    """Plan new times of everything in an agenda.

    A problem is a clock time that is skipped or occurs twice, or an item that would no longer end
    after its start.
    """
    planned: list[NewTimes] = []
    problems: list[TimeProblem] = []
    for workshop, span in _spans(agenda):
        try:
            times = NewTimes(workshop, span, new_moment(span.starts_at), new_moment(span.ends_at))
        except NotOneMoment as refusal:
            problems.append(NoNewTimes(workshop, span, refusal.args[0]))
            continue
        planned.append(times)
        if times.ends_at <= times.starts_at:
            problems.append(times)
    return TimeChangePlan(tuple(planned), tuple(problems))


def _event_zone(agenda: Agenda) -> Zone:
    return Zone(agenda.zone, agenda.zone)


def _wall_clock_kept(old: Zone, new: Zone, later: timedelta) -> NewMoment:
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
