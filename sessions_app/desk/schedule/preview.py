"""What would move, drawn before it does: old and new times of each row, on every clock."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from sessions_app.agenda.types import Session
from sessions_app.desk.schedule.time_changes import NewTimesLine, Side, new_times
from sessions_app.renderers import labels
from sessions_app.scheduling.apply import Undo
from sessions_app.scheduling.shift import Move, Plan
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, and a mark by which the same move is known again."""

    on: str
    rows: tuple[NewTimesLine, ...]
    problems: tuple[str, ...]
    fingerprint: str


def preview(found: Plan, chosen: Session, own: Zone, zones: tuple[Zone, ...]) -> Preview:
    """A plan in words: on the event's `own` clock, then on the others of `zones`.

    The date of the `chosen` row as it stands is the one that is not repeated.
    """
    on = own.local(chosen.starts_at).date()
    others = tuple(zone for zone in unique(zones) if zone.key != own.key)
    return Preview(
        on=labels.long_date(on),
        rows=tuple(_line(each, chosen.uid, own, others, on) for each in found.moves),
        problems=found.problems,
        fingerprint=fingerprint(Undo.of(found)),
    )


def fingerprint(what: Undo) -> str:
    """The same for moves of the same rows from the same times to the same times."""
    return sha256(json.dumps(what.to_data()).encode()).hexdigest()


def _line(move: Move, chosen: UUID, own: Zone, others: tuple[Zone, ...], on: date) -> NewTimesLine:
    session = move.session
    return new_times(
        labels.session_title(session),
        (session.starts_at, session.ends_at),
        (move.starts_at, move.ends_at),
        sides=(Side(own, on), Side(own, on)),
        others=others,
        status=labels.status(session),
        is_chosen=session.uid == chosen,
    )
