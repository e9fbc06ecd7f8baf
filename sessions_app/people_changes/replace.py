"""Somebody else comes: a person's parts go to another, or to a name that is to be confirmed."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from participants import models as people
from participants import names
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Person
from sessions_app.people_changes.assignments import TO_BE_CONFIRMED, Part, Seat, parts, swaps
from sessions_app.people_changes.change_plan import Plan, RowsChanged, carry_out, lock, planned
from sessions_app.publishing import queries
from sessions_app.publishing.to_rows import texts
from workshop import zones
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who has no row yet, as typed; the e-mail address is kept, and never printed."""

    full_name: str
    honorific: str = ""
    position: str = ""
    organisation: str = ""
    country: str = ""
    zone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A person's parts in these places go to somebody else, or wait for a name.

    Places are UIDs of sessions, with their talks, and of workshops, for parts that span them.
    """

    former: UUID
    by: UUID | NewPerson | Seat
    places: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Naming:
    """A place to be confirmed gets its name; `keep_text` keeps what is printed there."""

    seat: UUID
    by: UUID | NewPerson
    keep_text: bool = False


def plan(event: Event, wanted: Replacement | Naming) -> Plan:
    """What it would change in the rows as they stand; empty where there is nothing to change.

    Raises RowsChanged if the newcomer is gone from the list of people.
    """
    draft = queries.get_draft(event)
    by = _newcomer(wanted.by)
    keep_text = isinstance(wanted, Naming) and wanted.keep_text
    return planned(
        draft,
        swaps(_parts(draft, wanted), by, keep_text=keep_text),
        newcomer=by if isinstance(by, Person) else None,
    )


@transaction.atomic
def replace(*, event: Event, wanted: Replacement | Naming, fingerprint: str) -> Plan:
    """Do what `plan` showed under this fingerprint, and answer what was done.

    Somebody who is new gets a row, with a key and a name in lists made from the name. Roles and
    the order of people stay. Raises RowsChanged, writing nothing, if the plan is another now.
    """
    lock(event)
    found = plan(event, wanted)
    first = None
    if isinstance(wanted.by, NewPerson) and found.newcomer is not None:
        first = _row(found.newcomer, wanted.by)
    carry_out(found, fingerprint, first=first)
    return found


def seats(draft: Agenda) -> tuple[tuple[Part, UUID], ...]:
    """The places whose names are to be confirmed, each with the UID of its row. One query."""
    waiting = [part for part in parts(draft) if part.who.stands_for == TO_BE_CONFIRMED]
    rows = queries.appearances_by_holder({part.holder.uid for part in waiting})
    return tuple((part, rows[part.holder.uid][part.index].uid) for part in waiting)


def _parts(draft: Agenda, wanted: Replacement | Naming) -> tuple[Part, ...]:
    if isinstance(wanted, Naming):
        return tuple(part for part, uid in seats(draft) if uid == wanted.seat)
    return tuple(
        part
        for part in parts(draft)
        if part.who.person == wanted.former and part.place in wanted.places
    )


def _newcomer(by: UUID | NewPerson | Seat) -> Person | Seat:
    if isinstance(by, Seat):
        return by
    if isinstance(by, NewPerson):
        return _value(by)
    known = queries.get_person(by)
    if known is None:
        raise RowsChanged
    return known


def _value(typed: NewPerson) -> Person:
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


def _row(value: Person, typed: NewPerson) -> people.Person:
    return people.Person(
        uid=value.uid,
        key=value.key,
        sort_name=value.sort_name,
        country=typed.country,
        zone=typed.zone,
        email=typed.email,
        **texts(
            full_name=value.full_name,
            honorific=value.honorific,
            position=value.position,
            organisation=value.organisation,
        ),
    )
