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
from uuid import UUID

from sessions_app.agenda.types import Session, Workshop
from workshop.zones import Zone

SHORTEST_BREAK = timedelta(minutes=5)  # a shorter break keeps its length
ZERO = timedelta(0)

BreakCuts = Mapping[UUID, tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Move:
    """A session in its current form, with its planned times."""

    session: Session
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class MovePlan:
    """The sessions that would move, in the order to show, and the problems, as sentences."""

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
) -> MovePlan:
    """Plan new times (UTC) of one session and of its workshop; problems are worded in `zone`.

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
        problems=(*_overtaking(held, zone), *_too_late(held, zone, hard_end)),
    )


def format_times(zone: Zone, *moments: datetime) -> tuple[str, ...]:
    """Local times for one sentence: `13:25`, with date or UTC offset if these differ."""
    local = tuple(zone.local(at) for at in moments)
    dates, offsets = {at.date() for at in local}, {at.utcoffset() for at in local}
    return tuple(
        f"{at:%H:%M}"
        + (f" {zone.offset(at)}" if len(offsets) > 1 else "")
        + (f" on {at.day} {at:%B}" if len(dates) > 1 else "")
        for at in local
    )


def session_label(row: Session, zone: Zone) -> str:
    """Name of a session in a sentence: its number, else its title, else its start."""
    untitled = f"Untitled ({zone.local(row.starts_at):%H:%M})"
    return f"Session {row.number}" if row.number else str(row.title) or untitled


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
        if row.kind == "break" and length > ZERO and _has_no_parallel(row, workshop):
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


def _overtaking(moves: tuple[Move, ...], zone: Zone) -> Iterator[str]:
    """A sentence on each session that would start before the end of one that it used to follow."""
    for move in moves:
        earlier = (other for other in moves if other.session.ends_at <= move.session.starts_at)
        last = max(earlier, key=lambda other: other.ends_at, default=None)
        if last is not None and last.ends_at > move.starts_at:
            start, end = format_times(zone, move.starts_at, last.ends_at)
            names = session_label(move.session, zone), session_label(last.session, zone)
            yield f"{names[0]} would start at {start}, before {names[1]} ends at {end}."


def _too_late(moves: tuple[Move, ...], zone: Zone, hard_end: datetime | None) -> Iterator[str]:
    """A sentence on the last session if it would end after the hard end."""
    last = max(moves, key=lambda move: move.ends_at, default=None)
    if hard_end is not None and last is not None and last.ends_at > hard_end:
        end, limit = format_times(zone, last.ends_at, hard_end)
        yield f"{session_label(last.session, zone)} would end at {end}, after {limit}."
