"""What would move, drawn before it does: old and new times of each row, on every clock."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda import Session
from sessions_app.clocks import minutes
from sessions_app.moving import Move, Plan
from sessions_app.renderers import lines, words
from sessions_app.rescheduling import Undo
from sessions_app.zoned import cells
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A row of the preview; `length` says how many minutes it has, where that changes."""

    name: str
    status: str
    is_chosen: bool
    own_clock: tuple[lines.TimesLine, ...]  # now, then
    length: str
    elsewhere: tuple[lines.TimesLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, and a mark by which the same move is known again."""

    on: str
    rows: tuple[MovedLine, ...]
    problems: tuple[str, ...]
    fingerprint: str


def preview(found: Plan, chosen: Session, own: Zone, zones: tuple[Zone, ...]) -> Preview:
    """A plan in words: on the event's `own` clock, then on the others of `zones`.

    The date of the `chosen` row as it stands is the one that is not repeated.
    """
    on = own.local(chosen.starts_at).date()
    others = tuple(zone for zone in unique(zones) if zone.key != own.key)
    return Preview(
        on=words.long_date(on),
        rows=tuple(_line(each, chosen.uid, own, others, on) for each in found.moves),
        problems=found.problems,
        fingerprint=fingerprint(Undo.of(found)),
    )


def fingerprint(what: Undo) -> str:
    """The same for moves of the same rows from the same times to the same times."""
    return sha256(json.dumps(what.to_data()).encode()).hexdigest()


def _line(move: Move, chosen: UUID, own: Zone, others: tuple[Zone, ...], on: date) -> MovedLine:
    session = move.session
    now = cells(session.starts_at, session.ends_at, (own,), on)
    then, *elsewhere = cells(move.starts_at, move.ends_at, (own, *others), on)
    return MovedLine(
        name=words.session_title(session),
        status=words.status(session),
        is_chosen=session.uid == chosen,
        own_clock=tuple(map(lines.times, (*now, then))),
        length=_length(move),
        elsewhere=tuple(map(lines.times, elsewhere)),
    )


def _length(move: Move) -> str:
    new, old = minutes(move.starts_at, move.ends_at), move.session.minutes
    said = _("%(new)s instead of %(old)s")
    return "" if new == old else said % {"new": words.minutes(new), "old": words.minutes(old)}
