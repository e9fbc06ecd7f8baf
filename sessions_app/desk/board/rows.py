"""Rows of the board: the draft's sessions by workshop and day, the gaps between them, totals."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.agenda.intervals import minutes
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.registry import Level
from sessions_app.checks.times import list_gaps
from sessions_app.desk.board.annotations import Annotations, RowAnnotations
from sessions_app.desk.schedule.forms import before_value
from sessions_app.renderers import labels, time_ranges
from sessions_app.scheduling.reorder import days_of_blocks
from sessions_app.scheduling.shift import is_cancelled
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class SpeakingTime:
    """Minutes allotted to talks and countries, compared with the length of the session."""

    allotted: int
    available: int

    @property
    def is_over(self) -> bool:
        return self.allotted > self.available

    @property
    def width(self) -> int:
        """Return the length of the bar in percent."""
        if not self.available:
            return 100
        return min(100, round(100 * self.allotted / self.available))


@dataclass(frozen=True, slots=True)
class DragPosition:
    """Position of a row for drag and drop: within its `day`; rows of one `block` move together.

    `before` is the value of `?before=` for a drop in front of this row; `name` is the session's.
    """

    day: str
    block: int
    before: str
    name: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A session on the board; `position` is None where it cannot be reordered."""

    anchor: str
    starts_at: datetime
    when: str
    minutes: str
    session: Session
    name: str
    status: str
    people: str
    speaking_time: SpeakingTime | None
    annotations: RowAnnotations
    position: DragPosition | None
    edit_url: str
    add_after_url: str
    is_gap: bool = field(default=False, init=False)

    @property
    def is_cancelled(self) -> bool:
        return is_cancelled(self.session)

    @property
    def levels(self) -> tuple[Level, ...]:
        return tuple(group.level for group in self.annotations.findings)


@dataclass(frozen=True, slots=True)
class GapRow:
    """A gap: part of the announced hours in which no session is planned."""

    anchor: str
    starts_at: datetime
    when: str
    minutes: str
    level: Level
    add_url: str
    is_gap: bool = field(default=True, init=False)

    @property
    def levels(self) -> tuple[Level, ...]:
        return (self.level,)


Row = BoardRow | GapRow
Gap = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class BoardDay:
    """Rows that start on one date; `heading` is empty where the workshop has only its own day."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BoardWorkshop:
    """A workshop on the board; `is_empty` if it has no sessions, whatever the filter shows."""

    workshop: Workshop
    anchor: str
    window: str
    totals: tuple[str, ...]
    annotations: RowAnnotations
    days: tuple[BoardDay, ...]
    is_empty: bool
    edit_url: str
    add_url: str

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for day in self.days for row in day.rows)


def board_workshops(draft: Agenda, annotations: Annotations) -> tuple[BoardWorkshop, ...]:
    """Return every workshop with its sessions and gaps in order, and their annotations."""
    return tuple(_workshop(workshop, annotations) for workshop in draft.workshops)


def _workshop(workshop: Workshop, annotations: Annotations) -> BoardWorkshop:
    active = tuple(session for session in workshop.sessions if not is_cancelled(session))
    gaps = tuple(list_gaps(replace(workshop, sessions=active))) if workshop.sessions else ()
    rows: tuple[Row, ...] = (
        *_gap_rows(workshop, gaps, annotations),
        *_board_rows(workshop, annotations),
    )
    return BoardWorkshop(
        workshop=workshop,
        anchor=f"w:{workshop.key}",
        window=time_ranges.span(workshop.starts_at, workshop.ends_at, annotations.zone),
        totals=_totals(workshop, gaps, annotations.zone),
        annotations=annotations.for_workshop(workshop),
        days=_days(workshop, rows, annotations.zone),
        is_empty=not workshop.sessions,
        edit_url=reverse("admin:workshop_workshop_change", args=[workshop.uid]),
        add_url=_add_url(workshop),
    )


def _add_url(workshop: Workshop, after: Session | None = None) -> str:
    """Return the address for adding a session: after another, or anywhere in the workshop."""
    query = f"workshop={workshop.uid}" if after is None else f"after={after.uid}"
    return f"{reverse('admin:sessions_app_session_add')}?{query}"


def _totals(workshop: Workshop, gaps: tuple[Gap, ...], zone: Zone) -> tuple[str, ...]:
    """Return the totals of planned and announced time: `4 h 45 min announced`, `4 h planned`."""
    announced = minutes(workshop.starts_at, workshop.ends_at)
    free = sum(minutes(*gap) for gap in gaps) if workshop.sessions else announced
    blocks = (block for day in days_of_blocks(workshop, zone) for block in day)
    planned = sum(minutes(block.starts_at, block.ends_at) for block in blocks)
    totals = (
        (_("%(minutes)s announced"), announced),
        (_("%(minutes)s planned"), planned),
        (_("%(minutes)s free"), free),
        (_("%(minutes)s outside the announced hours"), planned + free - announced),
    )
    return tuple(text % {"minutes": labels.minutes(count)} for text, count in totals if count)


def _gap_rows(
    workshop: Workshop, gaps: tuple[Gap, ...], annotations: Annotations
) -> Iterator[GapRow]:
    for number, (start, end) in enumerate(gaps, start=1):
        ending = (session for session in workshop.sessions if session.ends_at == start)
        after = next((session for session in ending if not is_cancelled(session)), None)
        yield GapRow(
            anchor=f"gap:{workshop.key}:{number}",
            starts_at=start,
            when=time_ranges.hours(start, end, annotations.zone),
            minutes=labels.minutes(minutes(start, end)),
            level=annotations.gap_level(),
            add_url=_add_url(workshop, after),
        )


def _board_rows(workshop: Workshop, annotations: Annotations) -> Iterator[BoardRow]:
    positions = _drag_positions(workshop, annotations.zone)
    for session in workshop.sessions:
        yield BoardRow(
            anchor=session.key,
            starts_at=session.starts_at,
            when=time_ranges.hours(session.starts_at, session.ends_at, annotations.zone),
            minutes=labels.minutes(session.minutes),
            session=session,
            name=labels.session_title(session),
            status=labels.status(session),
            people=_people(session),
            speaking_time=_speaking_time(session),
            annotations=annotations.for_session(session),
            position=positions.get(session.uid),
            edit_url=reverse("admin:sessions_app_session_change", args=[session.uid]),
            add_after_url=_add_url(workshop, session),
        )


def _drag_positions(workshop: Workshop, zone: Zone) -> dict[UUID, DragPosition]:
    return {
        session.uid: DragPosition(
            day=f"{workshop.key}-{number}",
            block=position,
            before=before_value(block.sessions[0]),
            name=labels.session_name(session),
        )
        for number, day in enumerate(days_of_blocks(workshop, zone), start=1)
        for position, block in enumerate(day, start=1)
        for session in block.sessions
        if len(day) > 1
    }


def _days(workshop: Workshop, rows: tuple[Row, ...], zone: Zone) -> tuple[BoardDay, ...]:
    def start_date(row: Row) -> date:
        return zone.local(row.starts_at).date()

    # A gap comes before the cancelled session that left it.
    ordered = sorted(rows, key=lambda row: (start_date(row), row.starts_at, not row.is_gap))
    days = [(day, tuple(day_rows)) for day, day_rows in groupby(ordered, key=start_date)]
    is_single_day = len(days) == 1 and days[0][0] == zone.local(workshop.starts_at).date()
    return tuple(
        BoardDay("" if is_single_day else labels.long_date(day), day_rows) for day, day_rows in days
    )


def _people(session: Session) -> str:
    """Return leading people and a count of others: `Mr. Bokyun Shim (moderator), 5 panelists`."""
    leads = [person for person in session.everybody if person.behaviour.leads]
    others = [person for person in session.everybody if person not in leads]
    names = [f"{labels.name(person)} ({labels.role(person.role, 1).lower()})" for person in leads]
    if len(others) <= 2:
        names += [labels.name(person) for person in others]
    else:
        roles = {labels.role(person.role, 2).lower() for person in others}
        names.append(f"{len(others)} {roles.pop() if len(roles) == 1 else 'others'}")
    return ", ".join(names)


def _speaking_time(session: Session) -> SpeakingTime | None:
    blocks = [block.total_minutes for block in session.question_blocks]
    talks = [talk.minutes for talk in session.presentations]
    stated = [minutes for minutes in (*blocks, *talks) if minutes]
    return SpeakingTime(sum(stated), session.minutes) if stated else None
