"""What a check of the agenda finds, and the plain English that it says it in. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sessions_app.agenda.intervals import Span, moments
from sessions_app.agenda.types import Agenda, Session
from workshop.zones import Zone, city


class Level(StrEnum):
    """An error stops publishing, a warning wants a look, a note is good to know."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence and what it points at, by keys; `workshop` is empty for the whole event.

    Where its sessions are in two workshops, `workshop` is the earlier session's. `minutes`
    counts what the code is about: free in a gap, too many over a budget, at night.
    """

    code: str
    level: Level
    message: str
    workshop: str = ""
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words for one agenda; times are on its own clock, dated where it has several days."""

    zone: Zone
    only_day: date | None
    country: Callable[[str], str]

    def hours(self, span: Span) -> str:
        """`11:55-12:10` on the event's clock."""
        return self.between(span.starts_at, span.ends_at)

    def between(self, start: datetime, end: datetime) -> str:
        return _between(self.zone.local(start), self.zone.local(end), self.only_day)

    def hours_in(self, zone: Zone, span: Span) -> str:
        """The same on another clock, dated where its date is not the event's."""
        day = self.zone.local(span.starts_at).date()
        return _between(zone.local(span.starts_at), zone.local(span.ends_at), day)

    def row(self, session: Session) -> str:
        """`Session 3 (10:55-11:40)`."""
        return f"{session_name(session)} ({self.hours(session)})"


Check = Callable[[Agenda, Words], Iterable[Finding]]


def words_of(agenda: Agenda, country_name: Callable[[str], str]) -> Words:
    zone = place(agenda.zone)
    days = {zone.local(at).date() for at in moments(agenda)}
    return Words(zone, days.pop() if len(days) == 1 else None, country_name)


def place(key: str) -> Zone:
    """A zone under the name of its city."""
    return Zone(city(key) or key, key)


def session_name(session: Session) -> str:
    """`Session 3`, else the title in quotes, else the kind."""
    if session.number is not None:
        return f"Session {session.number}"
    if session.title:
        return f"“{session.title}”"
    return {"q_and_a": "Q & A", "other": "Session"}.get(session.kind, session.kind.capitalize())


def listed(names: Iterable[str]) -> str:
    """`Azerbaijan, Kenya and Vietnam`, of at least one."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _between(start: datetime, end: datetime, usual: date | None) -> str:
    """Two clock times, the first dated if not on the usual day, the second if on another."""
    first = (
        f"{start:%H:%M}" if start.date() == usual else f"{start:%a} {start.day} {start:%b %H:%M}"
    )
    if end.date() == start.date():
        return f"{first}-{end:%H:%M}"
    return f"{first} - {end:%a} {end.day} {end:%b %H:%M}"
