"""The board's rows: what stands in the draft, the gaps in it, and what stands beside each."""

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
from sessions_app.checks.times import uncovered
from sessions_app.desk.board.annotations import Beside, Notes
from sessions_app.desk.schedule.forms import place
from sessions_app.renderers import labels, time_ranges
from sessions_app.scheduling.reorder import days
from sessions_app.scheduling.shift import is_cancelled
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes given to talks and countries against those of the slot, for a bar."""

    given: int
    slot: int

    @property
    def is_over(self) -> bool:
        return self.given > self.slot

    @property
    def width(self) -> int:
        """How far the bar reaches, in hundredths."""
        return min(100, round(100 * self.given / self.slot)) if self.slot else 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row can be dragged: rows of one `day` change places, those of a `block` together.

    `before` names the place before the row, in the address of the preview; `name` is the row's.
    """

    day: str
    block: int
    before: str
    name: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A session on the board; one that nothing can change places with has no place."""

    anchor: str
    starts_at: datetime
    when: str
    minutes: str
    session: Session
    name: str
    status: str
    people: str
    budget: Budget | None
    notes: Notes
    place: Place | None
    edit: str
    add_after: str
    is_gap: bool = field(default=False, init=False)

    @property
    def is_cancelled(self) -> bool:
        return is_cancelled(self.session)

    @property
    def levels(self) -> tuple[Level, ...]:
        return tuple(group.level for group in self.notes.findings)


@dataclass(frozen=True, slots=True)
class GapRow:
    """A stretch of the announced hours in which nothing is planned."""

    anchor: str
    starts_at: datetime
    when: str
    minutes: str
    level: Level
    add: str
    is_gap: bool = field(default=True, init=False)

    @property
    def levels(self) -> tuple[Level, ...]:
        return (self.level,)


Row = BoardRow | GapRow
Gap = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class BoardDay:
    """The rows that start on one date, which is told where the workshop has several."""

    on: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BoardWorkshop:
    """A workshop; `is_empty` says that it has no sessions, `days` what is shown of them."""

    workshop: Workshop
    anchor: str
    window: str
    sums: tuple[str, ...]
    notes: Notes
    days: tuple[BoardDay, ...]
    is_empty: bool
    edit: str
    add: str

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for day in self.days for row in day.rows)


def workshops(draft: Agenda, beside: Beside) -> tuple[BoardWorkshop, ...]:
    """Every workshop with its rows and gaps in order, and what stands beside them."""
    return tuple(_workshop(workshop, beside) for workshop in draft.workshops)


def _workshop(workshop: Workshop, beside: Beside) -> BoardWorkshop:
    standing = tuple(each for each in workshop.sessions if not is_cancelled(each))
    gaps = tuple(uncovered(replace(workshop, sessions=standing))) if workshop.sessions else ()
    rows: tuple[Row, ...] = (*_gaps(workshop, gaps, beside), *_rows(workshop, beside))
    return BoardWorkshop(
        workshop=workshop,
        anchor=f"w:{workshop.key}",
        window=time_ranges.span(workshop.starts_at, workshop.ends_at, beside.zone),
        sums=_sums(workshop, gaps, beside.zone),
        notes=beside.of_workshop(workshop),
        days=_days(workshop, rows, beside.zone),
        is_empty=not workshop.sessions,
        edit=reverse("admin:workshop_workshop_change", args=[workshop.uid]),
        add=_add(workshop),
    )


def _add(workshop: Workshop, after: Session | None = None) -> str:
    """Where a session is added: after another, or anywhere in the workshop."""
    begun = f"workshop={workshop.uid}" if after is None else f"after={after.uid}"
    return f"{reverse('admin:sessions_app_session_add')}?{begun}"


def _sums(workshop: Workshop, gaps: tuple[Gap, ...], zone: Zone) -> tuple[str, ...]:
    """The announced hours against what is planned: `285 min announced`, `265 min planned`."""
    announced = minutes(workshop.starts_at, workshop.ends_at)
    free = sum(minutes(*gap) for gap in gaps) if workshop.sessions else announced
    blocks = (block for day in days(workshop, zone) for block in day)
    planned = sum(minutes(block.starts_at, block.ends_at) for block in blocks)
    said = (
        (_("%(minutes)s announced"), announced),
        (_("%(minutes)s planned"), planned),
        (_("%(minutes)s free"), free),
        (_("%(minutes)s outside the announced hours"), planned + free - announced),
    )
    return tuple(text % {"minutes": labels.minutes(count)} for text, count in said if count)


def _gaps(workshop: Workshop, gaps: tuple[Gap, ...], beside: Beside) -> Iterator[GapRow]:
    for number, (start, end) in enumerate(gaps, start=1):
        standing = (each for each in workshop.sessions if not is_cancelled(each))
        after = next((each for each in standing if each.ends_at == start), None)
        yield GapRow(
            anchor=f"gap:{workshop.key}:{number}",
            starts_at=start,
            when=time_ranges.hours(start, end, beside.zone),
            minutes=labels.minutes(minutes(start, end)),
            level=beside.level_of_gaps(),
            add=_add(workshop, after),
        )


def _rows(workshop: Workshop, beside: Beside) -> Iterator[BoardRow]:
    places = _places(workshop, beside.zone)
    for session in workshop.sessions:
        yield BoardRow(
            anchor=session.key,
            starts_at=session.starts_at,
            when=time_ranges.hours(session.starts_at, session.ends_at, beside.zone),
            minutes=labels.minutes(session.minutes),
            session=session,
            name=labels.session_title(session),
            status=labels.status(session),
            people=_people(session),
            budget=_budget(session),
            notes=beside.of_session(session),
            place=places.get(session.uid),
            edit=reverse("admin:sessions_app_session_change", args=[session.uid]),
            add_after=_add(workshop, session),
        )


def _places(workshop: Workshop, zone: Zone) -> dict[UUID, Place]:
    return {
        row.uid: Place(
            day=f"{workshop.key}-{number}",
            block=position,
            before=place(block.rows[0]),
            name=labels.session_name(row),
        )
        for number, day in enumerate(days(workshop, zone), start=1)
        for position, block in enumerate(day, start=1)
        for row in block.rows
        if len(day) > 1
    }


def _days(workshop: Workshop, rows: tuple[Row, ...], zone: Zone) -> tuple[BoardDay, ...]:
    def on(row: Row) -> date:
        return zone.local(row.starts_at).date()

    # A gap comes before the cancelled row that left it.
    ordered = sorted(rows, key=lambda row: (on(row), row.starts_at, not row.is_gap))
    found = tuple((day, tuple(each)) for day, each in groupby(ordered, key=on))
    one = len(found) == 1 and found[0][0] == zone.local(workshop.starts_at).date()
    return tuple(BoardDay("" if one else labels.long_date(day), each) for day, each in found)


def _people(session: Session) -> str:
    """`Mr. Bokyun Shim (moderator), 5 panelists`: who leads, and how many others."""
    leads = [who for who in session.everybody if who.role in ("moderator", "facilitator")]
    others = [who for who in session.everybody if who not in leads]
    said = [f"{labels.name(who)} ({labels.role(who.role, 1).lower()})" for who in leads]
    if len(others) <= 2:
        said += [labels.name(who) for who in others]
    else:
        roles = {labels.role(who.role, 2).lower() for who in others}
        said.append(f"{len(others)} {roles.pop() if len(roles) == 1 else 'others'}")
    return ", ".join(said)


def _budget(session: Session) -> Budget | None:
    blocks = [block.total_minutes for block in session.question_blocks]
    talks = [talk.minutes for talk in session.presentations]
    stated = [minutes for minutes in (*blocks, *talks) if minutes]
    return Budget(sum(stated), session.minutes) if stated else None
