"""Moves of sessions, planned by `shift` or `reorder`: applied, and undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import transaction

from sessions_app.agenda.types import Session as AgendaSession
from sessions_app.agenda.types import Workshop
from sessions_app.models import Session, SessionQuerySet
from sessions_app.publishing.queries import get_draft, list_sessions
from sessions_app.scheduling.shift import MovePlan, MoveProblem
from workshop.editing.plans import PlanChanged
from workshop.models import Event


class CannotUndo(Exception):
    """The move was not undone, nothing was written; `problems` are the reasons."""

    def __init__(self, problems: tuple[MoveProblem, ...]) -> None:
        super().__init__(problems)
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
def apply(session: Session, plan: Callable[[Workshop], MovePlan], *, fingerprint: str) -> MovePlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged.

    `plan` makes it from the session's workshop as it is stored now; it may raise KeyError for a
    session that has left the workshop. The object `session` itself is not changed.
    """
    rows = _locked(Session.objects.current().filter(workshop=session.workshop_id))
    if session.uid not in rows:
        raise PlanChanged
    draft = get_draft(rows[session.uid].workshop.event)
    try:
        move_plan = plan({row.uid: row for row in draft.workshops}[session.workshop_id])
    except KeyError as gone:
        raise PlanChanged from gone
    move_plan.confirm(fingerprint)
    for move in move_plan.moves:
        _save(rows[move.session.uid], move.starts_at, move.ends_at)
    return move_plan


@transaction.atomic
def undo_move(undo: UndoMove) -> None:
    """Restore the old times of all sessions, or of none.

    Raises CannotUndo, with a problem for each session that no longer has the times of the move.
    """
    rows = _locked(Session.objects.filter(uid__in=[moved.uid for moved in undo.sessions]))
    changed = [moved for moved in undo.sessions if _is_changed(moved, rows.get(moved.uid))]
    if changed:
        sessions = {session.uid: session for session in list_sessions([row.uid for row in changed])}
        raise CannotUndo(
            tuple(
                _problem(moved, rows.get(moved.uid), sessions.get(moved.uid)) for moved in changed
            )
        )
    for moved in undo.sessions:
        _save(rows[moved.uid], moved.old_starts_at, moved.old_ends_at)


def _locked(sessions: SessionQuerySet) -> dict[UUID, Session]:
    """Rows by UID; they and their event are locked until the end of the transaction."""
    list(Event.objects.select_for_update().filter(pk__in=sessions.values("event")))
    rows = sessions.select_for_update(of=("self",)).select_related("workshop__event")
    return {row.uid: row for row in rows}


def _save(row: Session, starts_at: datetime, ends_at: datetime) -> None:
    row.starts_at, row.ends_at = starts_at, ends_at
    row.save()


def _is_changed(moved: MovedSession, row: Session | None) -> bool:
    """True if a session was deleted, or has other times than those of its move."""
    new_times = moved.new_starts_at, moved.new_ends_at
    return row is None or row.dropped_at is not None or (row.starts_at, row.ends_at) != new_times


def _problem(
    moved: MovedSession, row: Session | None, session: AgendaSession | None
) -> MoveProblem:
    """What happened to a changed session."""
    if row is None or session is None:
        return MoveProblem("no_longer_exists")
    if row.dropped_at is not None:
        return MoveProblem("deleted", (session,))
    times = row.starts_at, row.ends_at, moved.new_starts_at, moved.new_ends_at
    return MoveProblem("has_other_times", (session,), times)
