"""Preview of a move: old and new times of each session, in every zone of the event."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sessions_app.agenda.types import Session
from sessions_app.desk.schedule.problem_sentences import move_problem
from sessions_app.desk.schedule.time_changes import TimeChangeLine, TimeColumn, time_change_line
from sessions_app.renderers import labels
from sessions_app.scheduling.shift import Move, MovePlan
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class Preview:
    """Sessions that would move; the fingerprint ties the move to this preview."""

    date: str
    rows: tuple[TimeChangeLine, ...]
    problems: tuple[str, ...]
    fingerprint: str


def preview(plan: MovePlan, chosen: Session, zone: Zone, zones: tuple[Zone, ...]) -> Preview:
    """Return a plan as lines: in the event's `zone`, then in the other display `zones`.

    The current date of the `chosen` session is the one that is not repeated at each time.
    """
    on = zone.local(chosen.starts_at).date()
    others = tuple(other for other in unique(zones) if other.key != zone.key)
    return Preview(
        date=labels.long_date(on),
        rows=tuple(_line(move, chosen.uid, zone, others, on) for move in plan.moves),
        problems=tuple(move_problem(problem, zone) for problem in plan.problems),
        fingerprint=plan.fingerprint,
    )


def _line(
    move: Move, chosen: UUID, zone: Zone, others: tuple[Zone, ...], on: date
) -> TimeChangeLine:
    session = move.session
    return time_change_line(
        labels.session_title(session),
        (session.starts_at, session.ends_at),
        (move.starts_at, move.ends_at),
        columns=(TimeColumn(zone, on), TimeColumn(zone, on)),
        others=others,
        status=labels.status(session),
        is_chosen=session.uid == chosen,
    )
