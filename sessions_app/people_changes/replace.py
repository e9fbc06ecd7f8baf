"""Replacement of a person by another or by a placeholder, and naming of a placeholder."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from participants import models as people
from participants import names
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Person
from sessions_app.people_changes.assignments import (
    TO_BE_CONFIRMED,
    Assignment,
    Placeholder,
    list_assignments,
    reassignments,
)
from sessions_app.people_changes.change_plan import PeoplePlan, lock, make_plan, write
from sessions_app.publishing import queries
from sessions_app.publishing.to_rows import text_columns
from workshop import zones
from workshop.editing.plans import PlanChanged
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A new person, as typed; the e-mail address is stored and never printed."""

    full_name: str
    honorific: str = ""
    position: str = ""
    organisation: str = ""
    country: str = ""
    zone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replacement of a person in some sessions and workshops by another, or by a placeholder.

    `items` are UIDs of sessions, including their talks, and of workshops, for roles over all of
    them.
    """

    former: UUID
    newcomer: UUID | NewPerson | Placeholder
    items: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class NameConfirmation:
    """A person for a placeholder, an appearance row; `keep_text` keeps the affiliation there."""

    placeholder: UUID
    newcomer: UUID | NewPerson
    keep_text: bool = False


def plan(event: Event, wanted: Replacement | NameConfirmation) -> PeoplePlan:
    """Plan a change from the current rows; empty if there is nothing to change.

    Raises PlanChanged if the newcomer's row no longer exists.
    """
    draft = queries.get_draft(event)
    newcomer = _get_newcomer(wanted.newcomer)
    keep_text = isinstance(wanted, NameConfirmation) and wanted.keep_text
    return make_plan(
        draft,
        reassignments(_chosen_assignments(draft, wanted), newcomer, keep_text=keep_text),
        newcomer=newcomer if isinstance(newcomer, Person) else None,
    )


@transaction.atomic
def apply(event: Event, wanted: Replacement | NameConfirmation, *, fingerprint: str) -> PeoplePlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged.

    A new person gets a row, with key and sort name made from the name. Roles and the order of
    people stay.
    """
    lock(event)
    change = plan(event, wanted)
    change.confirm(fingerprint)
    new_person = None
    if isinstance(wanted.newcomer, NewPerson) and change.newcomer is not None:
        new_person = _person_row(change.newcomer, wanted.newcomer)
    write(change, new_person=new_person)
    return change


def list_placeholders(draft: Agenda) -> tuple[tuple[Assignment, UUID], ...]:
    """Assignments whose names are to be confirmed, each with the UID of its row. One query."""
    placeholders = [
        assignment
        for assignment in list_assignments(draft)
        if assignment.appearance.stands_for == TO_BE_CONFIRMED
    ]
    rows = queries.appearances_by_holder({assignment.holder.uid for assignment in placeholders})
    return tuple(
        (assignment, rows[assignment.holder.uid][assignment.index].uid)
        for assignment in placeholders
    )


def _chosen_assignments(
    draft: Agenda, wanted: Replacement | NameConfirmation
) -> tuple[Assignment, ...]:
    if isinstance(wanted, NameConfirmation):
        return tuple(
            assignment for assignment, uid in list_placeholders(draft) if uid == wanted.placeholder
        )
    return tuple(
        assignment
        for assignment in list_assignments(draft)
        if assignment.appearance.person == wanted.former and assignment.item_uid in wanted.items
    )


def _get_newcomer(newcomer: UUID | NewPerson | Placeholder) -> Person | Placeholder:
    if isinstance(newcomer, Placeholder):
        return newcomer
    if isinstance(newcomer, NewPerson):
        return _person_value(newcomer)
    person = queries.get_person(newcomer)
    if person is None:
        raise PlanChanged
    return person


def _person_value(typed: NewPerson) -> Person:
    return Person(
        uid=uuid4(),
        key=people.free_key(typed.full_name),
        full_name=Text(typed.full_name),
        sort_name=names.sort_name(typed.full_name, typed.country),
        honorific=Text(typed.honorific),
        position=Text(typed.position),
        organisation=Text(typed.organisation),
        country=typed.country,
        zone=typed.zone or zones.country_zone(typed.country),
    )


def _person_row(person: Person, typed: NewPerson) -> people.Person:
    return people.Person(
        uid=person.uid,
        key=person.key,
        sort_name=person.sort_name,
        country=typed.country,
        zone=typed.zone,
        email=typed.email,
        **text_columns(
            full_name=person.full_name,
            honorific=person.honorific,
            position=person.position,
            organisation=person.organisation,
        ),
    )
