"""Writes for moving the rest and reordering: all rows of a plan or none, and back again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import transaction

from sessions_app.agenda.types import Workshop
from sessions_app.models import Session, SessionQuerySet
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.reorder import reorder
from sessions_app.scheduling.shift import Plan, clocks, plan
from workshop.models import Event
from workshop.zones import Zone


class CannotMove(Exception):
    """Nothing was moved; `problems` are the sentences that say why."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A row's times before and after a move."""

    uid: UUID
    old_starts_at: datetime
    old_ends_at: datetime
    new_starts_at: datetime
    new_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Undo:
    """What a move did, as much as it takes to go back; empty where it moved nothing."""

    rows: tuple[MovedRow, ...]

    @classmethod
    def of(cls, found: Plan) -> Self:
        """What carrying out a plan answers."""
        return cls(
            tuple(
                MovedRow(row.uid, row.starts_at, row.ends_at, move.starts_at, move.ends_at)
                for move in found.moves
                for row in (move.session,)
            )
        )

    def to_data(self) -> list[list[str]]:
        """Lists of text for a web session: UID, old start and end, new start and end in ISO."""
        return [
            [
                *(str(row.uid), row.old_starts_at.isoformat(), row.old_ends_at.isoformat()),
                *(row.new_starts_at.isoformat(), row.new_ends_at.isoformat()),
            ]
            for row in self.rows
        ]

    @classmethod
    def from_data(cls, data: Sequence[Sequence[str]]) -> Self:
        """What `to_data` made of it."""
        return cls(
            tuple(MovedRow(UUID(uid), *map(datetime.fromisoformat, times)) for uid, *times in data)
        )


@transaction.atomic
def move_the_rest(
    *,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    shrink_breaks: bool = False,
    hard_end: datetime | None = None,
) -> Undo:
    """Give a row new times (UTC) and move the rows after it, as `moving.plan` says.

    It goes by the rows as they are stored; `session` only says which, and is not changed itself.
    Raises CannotMove if the plan has problems or the row has left its workshop, ValueError for an
    end that is not after the start.
    """

    def planned(workshop: Workshop, zone: Zone) -> Plan:
        return plan(
            workshop,
            session=session.uid,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=zone,
            shrink_breaks=shrink_breaks,
            hard_end=hard_end,
        )

    return _carried_out(session, planned)


@transaction.atomic
def put_before(*, session: Session, before: UUID | None) -> Undo:
    """Put a row before another of its day, or last for None, as `reordering.reorder` says.

    It goes by the rows as they are stored. Raises CannotMove if the plan has problems or one of
    the two has left the workshop.
    """

    def planned(workshop: Workshop, zone: Zone) -> Plan:
        if before is not None and before not in {row.uid for row in workshop.sessions}:
            gone = "The row that it was to stand before was deleted or moved to another workshop."
            return Plan((), (gone,))
        return reorder(workshop, session=session.uid, before=before, zone=zone)

    return _carried_out(session, planned)


@transaction.atomic
def undo(undo: Undo) -> None:
    """Put the old times back, of all rows or of none.

    Raises CannotMove, with a sentence on each row that no longer has the times of the move.
    """
    rows = _locked(Session.objects.filter(uid__in=[moved.uid for moved in undo.rows]))
    problems = (_changed_since(moved, rows.get(moved.uid)) for moved in undo.rows)
    found = tuple(problem for problem in problems if problem)
    if found:
        raise CannotMove(found)
    for moved in undo.rows:
        _save(rows[moved.uid], moved.old_starts_at, moved.old_ends_at)


def _carried_out(session: Session, planned: Callable[[Workshop, Zone], Plan]) -> Undo:
    """All moves of a plan for the row's workshop as it is stored; raises CannotMove."""
    rows = _locked(Session.objects.current().filter(workshop=session.workshop_id))
    if session.uid not in rows:
        raise CannotMove((f"{_name(session)} was deleted or moved to another workshop meanwhile.",))
    event = rows[session.uid].workshop.event
    draft = {workshop.uid: workshop for workshop in get_draft(event).workshops}
    found = planned(draft[session.workshop_id], _zone(event))
    if found.problems:
        raise CannotMove(found.problems)
    for move in found.moves:
        _save(rows[move.session.uid], move.starts_at, move.ends_at)
    return Undo.of(found)


def _locked(sessions: SessionQuerySet) -> dict[UUID, Session]:
    """The rows by UID, whose event nobody else publishes or moves until this is done."""
    list(Event.objects.select_for_update().filter(pk__in=sessions.values("event")))
    rows = sessions.select_for_update(of=("self",)).select_related("workshop__event")
    return {row.uid: row for row in rows}


def _save(row: Session, starts_at: datetime, ends_at: datetime) -> None:
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save()


def _changed_since(moved: MovedRow, row: Session | None) -> str:
    """What happened to a row since it was moved; empty where its times are the move's."""
    if row is None:
        return "A row that was moved is gone."
    if row.dropped_at is not None:
        return f"{_name(row)} was deleted meanwhile."
    times = row.starts_at, row.ends_at, moved.new_starts_at, moved.new_ends_at
    if times[:2] == times[2:]:
        return ""
    now_start, now_end, start, end = clocks(_zone(row.workshop.event), *times)
    return f"{_name(row)} is at {now_start} - {now_end} now, no longer at {start} - {end}."


def _zone(event: Event) -> Zone:
    return Zone(event.zone, event.zone)


def _name(row: Session) -> str:
    return f"Session {row.number}" if row.number else str(row)
