"""Reorder of sessions within a day, with new times for the others. Pure.

- Overlapping sessions, also in a chain, are one block: they move together, keep their distances,
  and no session is put between them. A session that overlaps no other is a block by itself.
- The blocks of a day change places at their full length in real minutes. The day keeps its start
  and end, and each gap keeps its position: after the first block, after the second.
- A day ends at a gap that contains midnight in the event's zone. A session stays in its day, and
  other days keep their times.
- Cancelled sessions have no position: they keep their times and leave a gap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sessions_app.agenda.types import Session, Workshop
from sessions_app.scheduling.shift import ZERO, Move, MovePlan, MoveProblem, is_cancelled
from workshop.zones import Zone

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Block:
    """Sessions that move together, sorted by start."""

    sessions: tuple[Session, ...]

    @property
    def starts_at(self) -> datetime:
        return self.sessions[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(row.ends_at for row in self.sessions)


Day = tuple[Block, ...]


def days_of_blocks(workshop: Workshop, zone: Zone) -> tuple[Day, ...]:
    """Blocks by day, which can change places within the day; without cancelled sessions."""
    days: list[list[Block]] = []
    for block in _blocks(workshop):
        if days and not _is_night(days[-1][-1].ends_at, block.starts_at, zone):
            days[-1].append(block)
        else:
            days.append([block])
    return tuple(map(tuple, days))


def plan(workshop: Workshop, *, session: UUID, before: UUID | None, zone: Zone) -> MovePlan:
    """Plan a move of one session before another, or last in its day for None.

    The moves are in the new order. The plan has a problem instead of moves if the position is on
    another day or between overlapping sessions, if both sessions are in one block, or if one is
    cancelled. `zone` is the event's. Raises KeyError for a session that is not in the workshop.
    """
    rows = {row.uid: row for row in workshop.sessions}
    row, other = rows[session], None if before is None else rows[before]
    if row == other:
        return MovePlan((), ())
    program = days_of_blocks(workshop, zone)
    problem = _problem(row, other, program)
    if problem is not None:
        return MovePlan((), (problem,))
    day = _day_of(row, program)
    return MovePlan(tuple(_moves(day, _reordered(day, row, other))), ())


def _blocks(workshop: Workshop) -> tuple[Block, ...]:
    groups: list[list[Session]] = []
    until: datetime | None = None
    held = (row for row in workshop.sessions if not is_cancelled(row))
    for row in sorted(held, key=lambda row: (row.starts_at, row.ends_at, row.key)):
        if until is not None and row.starts_at < until:
            groups[-1].append(row)
            until = max(until, row.ends_at)
        else:
            groups.append([row])
            until = row.ends_at
    return tuple(Block(tuple(rows)) for rows in groups)


def _is_night(end: datetime, start: datetime, zone: Zone) -> bool:
    # A session that ends at midnight belongs to the day before.
    return end < start and zone.local(end - MOMENT).date() < zone.local(start).date()


def _problem(row: Session, other: Session | None, program: tuple[Day, ...]) -> MoveProblem | None:
    """The reason why a session cannot be put before another; None if it can."""
    for session in filter(None, (row, other)):
        if is_cancelled(session):
            return MoveProblem("cancelled", (session,))
    if other is None:
        return None
    day = _day_of(other, program)
    if day != _day_of(row, program):
        return MoveProblem("another_day", (row, other))
    block = _block_of(other, day)
    if row in block.sessions:
        return MoveProblem("moves_together", (row, other))
    if other != block.sessions[0]:
        running = next(session for session in block.sessions if session.ends_at > other.starts_at)
        return MoveProblem("starts_within", (other, running))
    return None


def _day_of(row: Session, program: tuple[Day, ...]) -> Day:
    return next(day for day in program if any(row in block.sessions for block in day))


def _block_of(row: Session, day: Day) -> Block:
    return next(block for block in day if row in block.sessions)


def _reordered(day: Day, row: Session, other: Session | None) -> Day:
    moved = _block_of(row, day)
    rest = [block for block in day if block != moved]
    index = len(rest) if other is None else rest.index(_block_of(other, day))
    return (*rest[:index], moved, *rest[index:])


def _moves(old: Day, new: Day) -> Iterator[Move]:
    """Moves of the sessions whose times change, in their new order."""
    gaps = [after.starts_at - before.ends_at for before, after in pairwise(old)]
    starts_at = old[0].starts_at
    for block, gap in zip(new, (*gaps, ZERO), strict=True):
        shift = starts_at - block.starts_at
        if shift:
            for row in block.sessions:
                yield Move(row, row.starts_at + shift, row.ends_at + shift)
        starts_at = block.ends_at + shift + gap
