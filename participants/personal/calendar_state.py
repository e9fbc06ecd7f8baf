"""Queries on reply history, from which calendar entries get STATUS and SEQUENCE."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from participants.models import Participation

State = Participation.State
ATTENDING_STATES = (State.ACCEPTED, State.TENTATIVE)


@dataclass(frozen=True, slots=True)
class ParticipationState:
    """State of a participation for its calendar entry.

    `change_count` is the number of changes since the person first accepted, in full or
    tentatively. It never falls, and is part of the entry's SEQUENCE.
    """

    state: str
    change_count: int
    changed_at: datetime

    @property
    def status(self) -> str:
        """STATUS of the calendar entry (RFC 5545, 3.8.1.11)."""
        names = {State.ACCEPTED.value: "CONFIRMED", State.TENTATIVE.value: "TENTATIVE"}
        return names.get(self.state, "CANCELLED")


def entry_uid(participation: UUID) -> UUID:
    """UID of a person's calendar entry for a whole workshop, in e-mails and feeds."""
    return uuid5(participation, "workshop")


def get_participation_states(participations: Iterable[UUID]) -> dict[UUID, ParticipationState]:
    """States of participations that were accepted at some time; others have no entry. One query."""
    history: Any = Participation.history  # type: ignore[attr-defined]  # simple-history
    records = history.filter(uid__in=list(participations)).exclude(history_type="-")
    states: dict[UUID, ParticipationState] = {}
    for uid, state, at in records.order_by("history_id").values_list(
        "uid", "state", "history_date"
    ):
        before = states.get(uid)
        if before is None and state in ATTENDING_STATES:
            states[uid] = ParticipationState(state, 0, at)
        elif before is not None and before.state != state:
            states[uid] = ParticipationState(state, before.change_count + 1, at)
    return states
