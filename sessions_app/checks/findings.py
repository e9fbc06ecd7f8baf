"""Findings of the checks, and the formatting of their messages. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sessions_app.agenda.intervals import Span, moments
from sessions_app.agenda.types import Agenda, Session
from workshop.zones import Zone, city


class Level(StrEnum):
    """Severity of a finding: an error stops publishing, a warning needs a look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue: a code, a sentence, and the keys of the affected items.

    `workshop` is empty for the whole event; for sessions of two workshops it is the one of the
    earlier session. `minutes` depends on the code: free in a gap, too many over a budget, at
    night.
    """

    code: str
    level: Level
    message: str
    workshop: str = ""
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Formatter:
    """Formatter of names, and of times in the event's zone; with dates if it has several days."""

    zone: Zone
    only_day: date | None
    country: Callable[[str], str]

    def hours(self, span: Span) -> str:
        """`11:55–12:10` in the event's time zone."""
        return self.time_range(span.starts_at, span.ends_at)

    def time_range(self, start: datetime, end: datetime) -> str:
        return _time_range(self.zone.local(start), self.zone.local(end), self.only_day)

    def hours_in_zone(self, zone: Zone, span: Span) -> str:
        """The same in another time zone, with a date where it differs from the event's."""
        day = self.zone.local(span.starts_at).date()
        return _time_range(zone.local(span.starts_at), zone.local(span.ends_at), day)

    def session(self, session: Session) -> str:
        """`Session 3 (10:55–11:40)`."""
        return f"{session_name(session)} ({self.hours(session)})"


Check = Callable[[Agenda, Formatter], Iterable[Finding]]


def formatter_for(agenda: Agenda, country_name: Callable[[str], str]) -> Formatter:
    zone = city_zone(agenda.zone)
    days = {zone.local(at).date() for at in moments(agenda)}
    return Formatter(zone, days.pop() if len(days) == 1 else None, country_name)


def city_zone(key: str) -> Zone:
    """A zone labelled with the name of its city."""
    return Zone(city(key) or key, key)


def session_name(session: Session) -> str:
    """Name of a session: `Session 3`, else the title in quotes, else the kind."""
    if session.number is not None:
        return f"Session {session.number}"
    if session.title:
        return f"“{session.title}”"
    return {"q_and_a": "Q & A", "other": "Session"}.get(session.kind, session.kind.capitalize())


def join_names(names: Iterable[str]) -> str:
    """Join at least one name: `Azerbaijan, Kenya and Vietnam`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def duration(minutes: int) -> str:
    """A length of time: `90 min`; above 120 minutes `2 h 30 min`."""
    if minutes <= 120:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _time_range(start: datetime, end: datetime, usual_day: date | None) -> str:
    """Local start and end; with a date if not on `usual_day`, or if they are on two days."""
    first = (
        f"{start:%H:%M}"
        if start.date() == usual_day
        else f"{start:%a} {start.day} {start:%b %H:%M}"
    )
    if end.date() == start.date():
        return f"{first}–{end:%H:%M}"
    return f"{first} – {end:%a} {end.day} {end:%b %H:%M}"
