"""Withdrawal of a country: from the appearances and questions of some sessions."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sessions_app.people_changes.assignments import Reassignment, block_changes, list_assignments
from sessions_app.people_changes.change_plan import PeoplePlan, lock, make_plan, write
from sessions_app.publishing.queries import get_draft
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Withdrawal of a country (ISO alpha-2) from some sessions and workshops.

    `items` are UIDs of sessions, including their talks and questions, and of workshops, for roles
    over all of them.
    """

    country: str
    items: frozenset[UUID]


def plan(event: Event, wanted: Withdrawal) -> PeoplePlan:
    """Plan a withdrawal from the current rows.

    A question block of only this country is deleted with its questions; one of several countries
    loses the country, and keeps its minutes if they are a total.
    """
    draft = get_draft(event)
    removals = (
        Reassignment(assignment, None)
        for assignment in list_assignments(draft)
        if assignment.appearance.country == wanted.country and assignment.item_uid in wanted.items
    )
    return make_plan(draft, tuple(removals), block_changes(draft, wanted.country, wanted.items))


@transaction.atomic
def apply(event: Event, wanted: Withdrawal, *, fingerprint: str) -> PeoplePlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged."""
    lock(event)
    change = plan(event, wanted)
    change.confirm(fingerprint)
    write(change)
    return change
