"""Move the rest: when one row's start or length changes, what happens to the rows after it. Pure.

- The row takes its new times. Rows that started at or after its old end move by as much as its
  end moved, so gaps are kept and parallel rows stay parallel. All others keep their times, also
  those that were parallel to the row or overlapped it.
- Cancelled rows move with the rest, at their full length, so that they keep their place. Nobody
  waits for them: they overlap nothing, hold no hard end, and one that is changed moves alone.
- Breaks shrink only where that is asked and the rest would come later, the earliest first, down
  to `SHORTEST_BREAK`. A break beside which another row runs keeps its length, since nobody could
  start sooner after it. Breaks never grow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sessions_app.agenda.types import Session, Workshop
from workshop.zones import Zone

SHORTEST_BREAK = timedelta(minutes=5)  # a break that is shorter already keeps its length
NOTHING = timedelta(0)

Cuts = Mapping[UUID, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Move:
    """A row as it stands, with the times that it would have."""

    session: Session
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows that would move, in the order to show, and sentences on why they may not."""

    moves: tuple[Move, ...]
    problems: tuple[str, ...]


def plan(
    workshop: Workshop,
    *,
    session: UUID,
    starts_at: datetime,
    ends_at: datetime,
    zone: Zone,
    shrink_breaks: bool = False,
    hard_end: datetime | None = None,
) -> Plan:
    """What new times (UTC) of one row do to its workshop; `zone` is the clock of the problems.

    It is a problem if a row would start before one ends that it used to follow, or if any row
    would end after `hard_end`. Raises ValueError for an end that is not after the start, KeyError
    for a row that is not in the workshop.
    """
    if ends_at <= starts_at:
        raise ValueError("The end must come after the start.")
    changed = {row.uid: row for row in workshop.sessions}[session]
    later = _later(workshop, changed)
    shift = ends_at - changed.ends_at
    cuts = _cuts(workshop, later, shift) if shrink_breaks else {}
    rest = {row.uid: _moved(row, shift, cuts) for row in later}
    rest[session] = Move(changed, starts_at, ends_at)
    as_it_is = {row.uid: Move(row, row.starts_at, row.ends_at) for row in workshop.sessions}
    placed = (as_it_is | rest).values()
    held = tuple(move for move in placed if not is_cancelled(move.session))
    return Plan(
        moves=tuple(move for move in placed if move != as_it_is[move.session.uid]),
        problems=(*_overtaking(held, zone), *_too_late(held, zone, hard_end)),
    )


def clocks(zone: Zone, *moments: datetime) -> tuple[str, ...]:
    """Moments as one sentence tells them: `13:25`, with date or offset where these differ."""
    local = tuple(zone.local(at) for at in moments)
    dates, offsets = {at.date() for at in local}, {at.utcoffset() for at in local}
    return tuple(
        f"{at:%H:%M}"
        + (f" {zone.offset(at)}" if len(offsets) > 1 else "")
        + (f" on {at.day} {at:%B}" if len(dates) > 1 else "")
        for at in local
    )


def name(row: Session, zone: Zone) -> str:
    """How a sentence calls a row: its number, else its title, else the time at which it starts."""
    untitled = f"Untitled ({zone.local(row.starts_at):%H:%M})"
    return f"Session {row.number}" if row.number else str(row.title) or untitled


def is_cancelled(row: Session) -> bool:
    return row.status == "cancelled"


def _later(workshop: Workshop, changed: Session) -> tuple[Session, ...]:
    if is_cancelled(changed):
        return ()
    after = (row for row in workshop.sessions if row.starts_at >= changed.ends_at)
    return tuple(row for row in after if row.uid != changed.uid)


def _cuts(workshop: Workshop, later: tuple[Session, ...], shift: timedelta) -> Cuts:
    """The stretch that falls away at the end of each break, until `shift` is used up."""
    cuts = {}
    for row in sorted(later, key=lambda row: row.starts_at):
        spare = row.ends_at - row.starts_at - SHORTEST_BREAK
        given = min(spare, shift)
        if row.kind == "break" and given > NOTHING and _stands_alone(row, workshop):
            cuts[row.uid] = (row.ends_at - given, row.ends_at)
            shift -= given
    return cuts


def _stands_alone(row: Session, workshop: Workshop) -> bool:
    held = (each for each in workshop.sessions if not is_cancelled(each))
    meanwhile = (each for each in held if each.starts_at < row.ends_at)
    return [each.uid for each in meanwhile if each.ends_at > row.starts_at] == [row.uid]


def _moved(row: Session, shift: timedelta, cuts: Cuts) -> Move:
    def moved(at: datetime) -> datetime:
        lost = (max(NOTHING, min(at, end) - start) for start, end in cuts.values())
        return at + shift - sum(lost, NOTHING)

    starts_at = moved(row.starts_at)
    length = row.ends_at - row.starts_at
    return Move(row, starts_at, moved(row.ends_at) if row.uid in cuts else starts_at + length)


def _overtaking(moves: tuple[Move, ...], zone: Zone) -> Iterator[str]:
    """A sentence on each row that would start before the end of one that it followed."""
    for move in moves:
        followed = (each for each in moves if each.session.ends_at <= move.session.starts_at)
        last = max(followed, key=lambda each: each.ends_at, default=None)
        if last is not None and last.ends_at > move.starts_at:
            start, end = clocks(zone, move.starts_at, last.ends_at)
            names = name(move.session, zone), name(last.session, zone)
            yield f"{names[0]} would start at {start}, before {names[1]} ends at {end}."


def _too_late(moves: tuple[Move, ...], zone: Zone, hard_end: datetime | None) -> Iterator[str]:
    """A sentence on the row that would end last, which says how much there is to save."""
    last = max(moves, key=lambda move: move.ends_at, default=None)
    if hard_end is not None and last is not None and last.ends_at > hard_end:
        end, limit = clocks(zone, last.ends_at, hard_end)
        yield f"{name(last.session, zone)} would end at {end}, after {limit}."
