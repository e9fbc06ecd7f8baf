"""A country withdraws: its people's parts, and its place in the questions of sessions."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from sessions_app.people_changes.assignments import Swap, cuts, parts
from sessions_app.people_changes.change_plan import Plan, carry_out, lock, planned
from sessions_app.publishing.queries import get_draft
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A country (ISO alpha-2) leaves these places.

    They are UIDs of sessions, with their talks and questions, and of workshops, for parts that
    span them.
    """

    country: str
    places: frozenset[UUID]


def plan(event: Event, wanted: Withdrawal) -> Plan:
    """What it would change in the rows as they stand.

    A question block that asks only this country goes with its questions; one of several countries
    loses the country, and minutes that are a total stay what they are.
    """
    draft = get_draft(event)
    leaving = (
        Swap(part, None)
        for part in parts(draft)
        if part.who.country == wanted.country and part.place in wanted.places
    )
    return planned(draft, tuple(leaving), cuts(draft, wanted.country, wanted.places))


@transaction.atomic
def withdraw(*, event: Event, wanted: Withdrawal, fingerprint: str) -> Plan:
    """Do what `plan` showed under this fingerprint, and answer what was done.

    Raises RowsChanged, writing nothing, if the plan is another now.
    """
    lock(event)
    found = plan(event, wanted)
    carry_out(found, fingerprint)
    return found
