"""Put a row in another place of its day, and what that does to the times of the others. Pure.

- Rows that overlap, in a chain too, are one block: they move together, as they stand to each
  other, and nothing is put between them. A row that overlaps none is a block by itself.
- The blocks of a day change places at their full length in real minutes. The day starts and ends
  when it did, and each gap stays in its place: after the first block, after the second.
- A day ends at a gap that holds midnight on the event's clock. A row stays in its day, and the
  other days keep their times.
- Cancelled rows hold no place: they keep their times, and a gap is where they stood.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sessions_app.agenda.types import Session, Workshop
from sessions_app.scheduling.shift import NOTHING, Move, Plan, is_cancelled, name
from workshop.zones import Zone

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that move together, by their start."""

    rows: tuple[Session, ...]

    @property
    def starts_at(self) -> datetime:
        return self.rows[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return max(row.ends_at for row in self.rows)


Day = tuple[Block, ...]


def days(workshop: Workshop, zone: Zone) -> tuple[Day, ...]:
    """The blocks that can change places with one another, by day; cancelled rows are in none."""
    found: list[list[Block]] = []
    for block in _blocks(workshop):
        if found and not _is_night(found[-1][-1].ends_at, block.starts_at, zone):
            found[-1].append(block)
        else:
            found.append([block])
    return tuple(map(tuple, found))


def reorder(workshop: Workshop, *, session: UUID, before: UUID | None, zone: Zone) -> Plan:
    """What putting a row before another, or last in its day, does to the workshop's times.

    The moves are in their new order. Instead of them there is a problem if the place is on another
    day or between rows that overlap, if the two rows move together, or if one is cancelled. `zone`
    is the event's clock. Raises KeyError for a row that is not in the workshop.
    """
    rows = {row.uid: row for row in workshop.sessions}
    row, other = rows[session], None if before is None else rows[before]
    if row == other:
        return Plan((), ())
    program = days(workshop, zone)
    problem = _problem(row, other, program, zone)
    if problem:
        return Plan((), (problem,))
    day = _day_of(row, program)
    return Plan(tuple(_moves(day, _reordered(day, row, other))), ())


def _blocks(workshop: Workshop) -> tuple[Block, ...]:
    found: list[list[Session]] = []
    until: datetime | None = None
    standing = (row for row in workshop.sessions if not is_cancelled(row))
    for row in sorted(standing, key=lambda row: (row.starts_at, row.ends_at, row.key)):
        if until is not None and row.starts_at < until:
            found[-1].append(row)
            until = max(until, row.ends_at)
        else:
            found.append([row])
            until = row.ends_at
    return tuple(Block(tuple(rows)) for rows in found)


def _is_night(end: datetime, start: datetime, zone: Zone) -> bool:
    # What ends at midnight still belongs to the day before.
    return end < start and zone.local(end - MOMENT).date() < zone.local(start).date()


def _problem(row: Session, other: Session | None, program: tuple[Day, ...], zone: Zone) -> str:
    """The sentence that says why a row cannot be put before another; empty where it can."""
    for each in filter(None, (row, other)):
        if is_cancelled(each):
            return (
                f"{name(each, zone)} is cancelled and holds no place. "
                "Let it stand first, or edit its times."
            )
    if other is None:
        return ""
    names = name(row, zone), name(other, zone)
    day = _day_of(other, program)
    if day != _day_of(row, program):
        return (
            f"{names[0]} is on {_date(row, zone)} and {names[1]} on {_date(other, zone)}. "
            "A row changes places within its day; to take it to another, edit its times."
        )
    block = _block_of(other, day)
    if row in block.rows:
        return (
            f"{names[0]} and {names[1]} move together, since they run beside each other "
            "or beside the same row. To part them, edit their times."
        )
    if other != block.rows[0]:
        beside = next(each for each in block.rows if each.ends_at > other.starts_at)
        return (
            f"{names[1]} starts while {name(beside, zone)} runs, so nothing fits between them. "
            "Choose a place before or after both."
        )
    return ""


def _date(row: Session, zone: Zone) -> str:
    local = zone.local(row.starts_at)
    return f"{local.day} {local:%B}"


def _day_of(row: Session, program: tuple[Day, ...]) -> Day:
    return next(day for day in program if any(row in block.rows for block in day))


def _block_of(row: Session, day: Day) -> Block:
    return next(block for block in day if row in block.rows)


def _reordered(day: Day, row: Session, other: Session | None) -> Day:
    moved = _block_of(row, day)
    rest = [block for block in day if block != moved]
    place = len(rest) if other is None else rest.index(_block_of(other, day))
    return (*rest[:place], moved, *rest[place:])


def _moves(old: Day, new: Day) -> Iterator[Move]:
    """The rows whose times change, in their new order."""
    gaps = [after.starts_at - before.ends_at for before, after in pairwise(old)]
    starts_at = old[0].starts_at
    for block, gap in zip(new, (*gaps, NOTHING), strict=True):
        shift = starts_at - block.starts_at
        if shift:
            for row in block.rows:
                yield Move(row, row.starts_at + shift, row.ends_at + shift)
        starts_at = block.ends_at + shift + gap
