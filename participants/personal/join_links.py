"""Reads: how to join a workshop online, for those who are let into it and for nobody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from participants.models import Participation
from workshop.models import Workshop


@dataclass(frozen=True, slots=True)
class Joining:
    """A workshop's join link and passcode; `version` goes up when either changes."""

    url: str
    code: str
    version: int


def get_joining(person: UUID) -> dict[UUID, Joining]:
    """By workshop, of those that have one and into which the person is let now. One query."""
    let_in = Participation.objects.let_in().filter(person=person).select_related("workshop")
    return {
        row.workshop_id: Joining(
            row.workshop.join_url, row.workshop.join_code, row.workshop.join_version
        )
        for row in let_in.exclude(workshop__join_url="", workshop__join_code="")
    }


def get_joining_changed_at(workshop: UUID, version: int) -> datetime | None:
    """When this version of a workshop's joining information was written, as history knows."""
    history: Any = Workshop.history  # type: ignore[attr-defined]  # simple-history
    changed: datetime | None = history.filter(uid=workshop, join_version=version).aggregate(
        at=Min("history_date")
    )["at"]
    return changed
