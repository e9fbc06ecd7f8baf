"""Reads: how somebody's answer to a workshop came about, which calendar entries have to know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from participants.models import Participation

State = Participation.State
COMING = (State.ACCEPTED, State.TENTATIVE)


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer as it stands; `steps` are its changes since it first was one to come.

    A calendar entry counts them in its SEQUENCE: they only ever grow.
    """

    state: str
    steps: int
    changed_at: datetime

    @property
    def status(self) -> str:
        """STATUS of the entry (RFC 5545, 3.8.1.11)."""
        names = {State.ACCEPTED.value: "CONFIRMED", State.TENTATIVE.value: "TENTATIVE"}
        return names.get(self.state, "CANCELLED")


def entry_uid(participation: UUID) -> UUID:
    """The UID of the entry of a whole workshop for one person, in mails as in calendars."""
    return uuid5(participation, "workshop")


def get_standing(participations: Iterable[UUID]) -> dict[UUID, Standing]:
    """Of those who came, or were to come at some time: others have no entry. One query."""
    history: Any = Participation.history  # type: ignore[attr-defined]  # simple-history
    records = history.filter(uid__in=list(participations)).exclude(history_type="-")
    found: dict[UUID, Standing] = {}
    for uid, state, at in records.order_by("history_id").values_list(
        "uid", "state", "history_date"
    ):
        before = found.get(uid)
        if before is None and state in COMING:
            found[uid] = Standing(state, 0, at)
        elif before is not None and before.state != state:
            found[uid] = Standing(state, before.steps + 1, at)
    return found
