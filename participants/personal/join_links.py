"""Queries on join links, for registered participants only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Min

from participants.models import Participation
from workshop.models import Workshop


@dataclass(frozen=True, slots=True)
class JoinInfo:
    """Join link and passcode of a workshop; `version` goes up when either changes."""

    url: str
    code: str
    version: int


def get_join_info(person: UUID) -> dict[UUID, JoinInfo]:
    """Join information by workshop, for those in which the person is registered. One query."""
    registered = Participation.objects.registered().filter(person=person).select_related("workshop")
    return {
        row.workshop_id: JoinInfo(
            row.workshop.join_url, row.workshop.join_code, row.workshop.join_version
        )
        for row in registered.exclude(workshop__join_url="", workshop__join_code="")
    }


def get_join_info_changed_at(workshop: UUID, version: int) -> datetime | None:
    """Time at which this version of a workshop's join information was saved, by its history."""
    history: Any = Workshop.history  # type: ignore[attr-defined]  # simple-history
    changed: datetime | None = history.filter(uid=workshop, join_version=version).aggregate(
        at=Min("history_date")
    )["at"]
    return changed
