"""Shift of following sessions when the start or length of one session changes. Pure.

- The changed session gets its new times. Sessions that started at or after its old end move by as
  much as its end moved, so gaps are kept and parallel sessions stay parallel. All others keep
  their times, also those that were parallel to it or overlapped it.
- Cancelled sessions move too, at their full length, to keep their position. They overlap nothing
  and count for no hard end; a cancelled session that is changed moves alone.
- Breaks shrink only if requested and if the following sessions would move later: the earliest
  first, down to `SHORTEST_BREAK`. A break with a parallel session keeps its length, because nobody
  could start sooner after it. Breaks never grow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sessions_app.agenda.types import Session, Workshop
from workshop.editing.plans import Plan

SHORTEST_BREAK = timedelta(minutes=5)  # a shorter break keeps its length
ZERO = timedelta(0)

BreakCuts = Mapping[UUID, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Move:
    """A session in its current form, with its planned times."""

    session: Session
    starts_at: datetime
    ends_at: datetime


MoveProblemCode = Literal[
    "starts_before_end",  # moments: its new start, and the new end of the session before it
    "ends_too_late",  # moments: its new end, and the latest end
    "cancelled",
    "another_day",
    "moves_together",  # overlap each other or the same session
    "starts_within",  # the first starts while the second runs
    "deleted",
    "no_longer_exists",
    "has_other_times",  # moments: its start and end now, and those that it was moved to
]


@dataclass(frozen=True, slots=True)
class MoveProblem:
    """A reason against a move: a code, the sessions that it concerns, and moments in UTC."""

    code: MoveProblemCode
    sessions: tuple[Session, ...] = ()
    moments: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class MovePlan(Plan):
    """The sessions that would move, in the order to show, and the problems."""

    moves: tuple[Move, ...]
    problems: tuple[MoveProblem, ...]

    @property
    def is_applicable(self) -> bool:
        return bool(self.moves) and not self.problems

    @property
    def facts(self) -> object:
        return [
            (row.uid, row.starts_at, row.ends_at, move.starts_at, move.ends_at)
            for move in self.moves
            for row in (move.session,)
        ]


def plan(
    workshop: Workshop,
    *,
    session: UUID,
    starts_at: datetime,
    ends_at: datetime,
    shrink_breaks: bool = False,
    hard_end: datetime | None = None,
) -> MovePlan:
    """Plan new times (UTC) of one session and of its workshop.

    A problem is a session that would start before the end of one that it used to follow, or that
    would end after `hard_end`. Raises ValueError for an end that is not after the start, KeyError
    for a session that is not in the workshop.
    """
    if ends_at <= starts_at:
        raise ValueError("The end must come after the start.")
    changed = {row.uid: row for row in workshop.sessions}[session]
    later = _following(workshop, changed)
    shift = ends_at - changed.ends_at
    cuts = _break_cuts(workshop, later, shift) if shrink_breaks else {}
    rest = {row.uid: _moved(row, shift, cuts) for row in later}
    rest[session] = Move(changed, starts_at, ends_at)
    unchanged = {row.uid: Move(row, row.starts_at, row.ends_at) for row in workshop.sessions}
    placed = (unchanged | rest).values()
    held = tuple(move for move in placed if not is_cancelled(move.session))
    return MovePlan(
        moves=tuple(move for move in placed if move != unchanged[move.session.uid]),
        problems=(*_overtaking(held), *_too_late(held, hard_end)),
    )


def is_cancelled(row: Session) -> bool:
    return row.status == "cancelled"


def _following(workshop: Workshop, changed: Session) -> tuple[Session, ...]:
    if is_cancelled(changed):
        return ()
    after = (row for row in workshop.sessions if row.starts_at >= changed.ends_at)
    return tuple(row for row in after if row.uid != changed.uid)


def _break_cuts(workshop: Workshop, later: tuple[Session, ...], shift: timedelta) -> BreakCuts:
    """Start and end of the time to cut from the end of each break, until `shift` is used up."""
    cuts = {}
    for row in sorted(later, key=lambda row: row.starts_at):
        spare = row.ends_at - row.starts_at - SHORTEST_BREAK
        length = min(spare, shift)
        if row.behaviour.is_break and length > ZERO and _has_no_parallel(row, workshop):
            cuts[row.uid] = (row.ends_at - length, row.ends_at)
            shift -= length
    return cuts


def _has_no_parallel(row: Session, workshop: Workshop) -> bool:
    held = (session for session in workshop.sessions if not is_cancelled(session))
    started = (session for session in held if session.starts_at < row.ends_at)
    return [session.uid for session in started if session.ends_at > row.starts_at] == [row.uid]


def _moved(row: Session, shift: timedelta, cuts: BreakCuts) -> Move:
    def moved(at: datetime) -> datetime:
        lost = (max(ZERO, min(at, end) - start) for start, end in cuts.values())
        return at + shift - sum(lost, ZERO)

    starts_at = moved(row.starts_at)
    length = row.ends_at - row.starts_at
    return Move(row, starts_at, moved(row.ends_at) if row.uid in cuts else starts_at + length)


def _overtaking(moves: tuple[Move, ...]) -> Iterator[MoveProblem]:
    """Sessions that would start before the end of one that they used to follow."""
    for move in moves:
        earlier = (other for other in moves if other.session.ends_at <= move.session.starts_at)
        last = max(earlier, key=lambda other: other.ends_at, default=None)
        if last is not None and last.ends_at > move.starts_at:
            both = move.session, last.session
            yield MoveProblem("starts_before_end", both, (move.starts_at, last.ends_at))


def _too_late(moves: tuple[Move, ...], hard_end: datetime | None) -> Iterator[MoveProblem]:
    """The last session if it would end after the hard end."""
    last = max(moves, key=lambda move: move.ends_at, default=None)
    if hard_end is not None and last is not None and last.ends_at > hard_end:
        yield MoveProblem("ends_too_late", (last.session,), (last.ends_at, hard_end))
