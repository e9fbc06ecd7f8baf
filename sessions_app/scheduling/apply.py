"""Services that move sessions: all sessions of a plan or none, with undo."""

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
from sessions_app.scheduling.shift import MovePlan, format_times, plan
from workshop.models import Event
from workshop.zones import Zone


class CannotMove(Exception):
    """The move was refused, nothing was written; `problems` are the reasons, as sentences."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class MovedSession:
    """Times of a session before and after a move."""

    uid: UUID
    old_starts_at: datetime
    old_ends_at: datetime
    new_starts_at: datetime
    new_ends_at: datetime


@dataclass(frozen=True, slots=True)
class UndoMove:
    """Data to undo a move; without sessions if it moved nothing."""

    sessions: tuple[MovedSession, ...]

    @classmethod
    def from_plan(cls, plan: MovePlan) -> Self:
        """Undo data of an applied plan."""
        return cls(
            tuple(
                MovedSession(
                    move.session.uid,
                    move.session.starts_at,
                    move.session.ends_at,
                    move.starts_at,
                    move.ends_at,
                )
                for move in plan.moves
            )
        )

    def to_data(self) -> list[list[str]]:
        """Lists of text for a web session: UID, old start and end, new start and end in ISO."""
        return [
            [
                *(str(row.uid), row.old_starts_at.isoformat(), row.old_ends_at.isoformat()),
                *(row.new_starts_at.isoformat(), row.new_ends_at.isoformat()),
            ]
            for row in self.sessions
        ]

    @classmethod
    def from_data(cls, data: Sequence[Sequence[str]]) -> Self:
        """Undo data from the result of `to_data`."""
        return cls(
            tuple(
                MovedSession(UUID(uid), *map(datetime.fromisoformat, times)) for uid, *times in data
            )
        )


@transaction.atomic
def shift_following_sessions(
    *,
    session: Session,
    starts_at: datetime,
    ends_at: datetime,
    shrink_breaks: bool = False,
    hard_end: datetime | None = None,
) -> UndoMove:
    """Give a session new times (UTC) and move the following sessions, as planned by `shift.plan`.

    The plan is made from the stored rows; the object `session` itself is not changed. Raises
    CannotMove if the plan has problems or the session has left its workshop, ValueError for an end
    that is not after the start.
    """

    def make_plan(workshop: Workshop, zone: Zone) -> MovePlan:
        return plan(
            workshop,
            session=session.uid,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=zone,
            shrink_breaks=shrink_breaks,
            hard_end=hard_end,
        )

    return _apply_plan(session, make_plan)


@transaction.atomic
def reorder_session(*, session: Session, before: UUID | None) -> UndoMove:
    """Move a session before another of its day, or last for None, as planned by `reorder.reorder`.

    The plan is made from the stored rows. Raises CannotMove if the plan has problems or one of the
    two sessions has left the workshop.
    """

    def make_plan(workshop: Workshop, zone: Zone) -> MovePlan:
        if before is not None and before not in {row.uid for row in workshop.sessions}:
            problem = "The following session was deleted or moved to another workshop."
            return MovePlan((), (problem,))
        return reorder(workshop, session=session.uid, before=before, zone=zone)

    return _apply_plan(session, make_plan)


@transaction.atomic
def undo_move(undo: UndoMove) -> None:
    """Restore the old times of all sessions, or of none.

    Raises CannotMove, with a sentence on each session that no longer has the times of the move.
    """
    rows = _locked(Session.objects.filter(uid__in=[moved.uid for moved in undo.sessions]))
    problems = (_changed_since(moved, rows.get(moved.uid)) for moved in undo.sessions)
    changed = tuple(problem for problem in problems if problem)
    if changed:
        raise CannotMove(changed)
    for moved in undo.sessions:
        _save(rows[moved.uid], moved.old_starts_at, moved.old_ends_at)


def _apply_plan(session: Session, make_plan: Callable[[Workshop, Zone], MovePlan]) -> UndoMove:
    """Apply the plan made for the session's workshop as it is stored; raises CannotMove."""
    rows = _locked(Session.objects.current().filter(workshop=session.workshop_id))
    if session.uid not in rows:
        raise CannotMove((f"{_name(session)} was deleted or moved to another workshop meanwhile.",))
    event = rows[session.uid].workshop.event
    draft = {workshop.uid: workshop for workshop in get_draft(event).workshops}
    plan = make_plan(draft[session.workshop_id], _zone(event))
    if plan.problems:
        raise CannotMove(plan.problems)
    for move in plan.moves:
        _save(rows[move.session.uid], move.starts_at, move.ends_at)
    return UndoMove.from_plan(plan)


def _locked(sessions: SessionQuerySet) -> dict[UUID, Session]:
    """Rows by UID; they and their event are locked until the end of the transaction."""
    list(Event.objects.select_for_update().filter(pk__in=sessions.values("event")))
    rows = sessions.select_for_update(of=("self",)).select_related("workshop__event")
    return {row.uid: row for row in rows}


def _save(row: Session, starts_at: datetime, ends_at: datetime) -> None:
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save()


def _changed_since(moved: MovedSession, row: Session | None) -> str:
    """A sentence on what happened to a session since its move; empty if nothing."""
    if row is None:
        return "A session that was moved no longer exists."
    if row.dropped_at is not None:
        return f"{_name(row)} was deleted meanwhile."
    times = row.starts_at, row.ends_at, moved.new_starts_at, moved.new_ends_at
    if times[:2] == times[2:]:
        return ""
    now_start, now_end, start, end = format_times(_zone(row.workshop.event), *times)
    return f"{_name(row)} is at {now_start}–{now_end} now, no longer at {start}–{end}."


def _zone(event: Event) -> Zone:
    return Zone(event.zone, event.zone)


def _name(row: Session) -> str:
    return f"Session {row.number}" if row.number else str(row)
