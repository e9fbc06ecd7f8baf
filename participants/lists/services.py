"""Writes for one person on a list: put on, taken off, put back."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from participants.lists.matching import Known, Somebody, get_known
from participants.lists.parsing.cell_values import same_address
from participants.models import Participation, Person
from sessions_app.agenda.types import Workshop as Programme
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from workshop.models import Event, Workshop

State = Participation.State


class CannotAdd(Exception):
    """Nobody was put on the list; `args[0]` is a sentence that says why."""


class MustAsk(Exception):
    """Only an organiser can tell whether they are `somebody`, who is known without an e-mail."""

    def __init__(self, somebody: Somebody) -> None:
        super().__init__(somebody.name)
        self.somebody = somebody


@dataclass(frozen=True, slots=True)
class Added:
    """Who is on the list now; `is_new` on it, `was_known` as a person before."""

    participation: Participation
    is_new: bool
    was_known: bool


@transaction.atomic
def add(
    *, workshop: Workshop, name: str, email: str, role: str, same: bool | None, **facts: str
) -> Added:
    """Put somebody on a workshop's list, by their address; who is known stays as they are.

    `facts` are columns of a person who is not known yet. `same` says whether they are the only one
    of this name who is known without an address: raises MustAsk where there is one and it is None,
    CannotAdd where two people share the address, or who has it was taken off this list.
    """
    list(Event.objects.select_for_update().filter(pk=workshop.event_id))
    known = get_known(workshop.event, [same_address(email)], [name], locked=True)
    found = _found(known, name, same_address(email), same)
    person = known.people[found.uid] if found else Person(full_name_en=name, **facts)
    if not person.email:
        person.email = email
        person.save()
    listed = known.listed.get((person.pk, workshop.pk))
    if listed is not None and listed.state == State.WITHDRAWN:
        said = _("%(name)s was taken off this list. Put them back there.")
        raise CannotAdd(said % {"name": person})
    is_new = listed is None
    if listed is None:
        listed = Participation.objects.create(workshop=workshop, person=person, role=role)
    return Added(listed, is_new, was_known=found is not None)


def _found(known: Known, name: str, address: str, same: bool | None) -> Somebody | None:
    people = known.at(address)
    if len(people) > 1:
        said = _("%(names)s have the same address here. Correct one of them first.")
        raise CannotAdd(said % {"names": labels.listed([each.name for each in people])})
    nameless = None if people else known.only_one_without_address(name)
    if nameless is not None and same is None:
        raise MustAsk(nameless)
    return people[0] if people else nameless if same else None


@transaction.atomic
def take_off(participation: Participation) -> bool:
    """Take somebody off a list; what was on it for them stays, to be put back. False if off."""
    row = Participation.objects.select_for_update().get(pk=participation.pk)
    if row.state == State.WITHDRAWN:
        return False
    row.state = State.WITHDRAWN
    row.save()
    return True


@transaction.atomic
def put_back(participation: Participation) -> bool:
    """Put somebody back, with the reply they had before. False where they are on the list."""
    row = Participation.objects.select_for_update().get(pk=participation.pk)
    if row.state != State.WITHDRAWN:
        return False
    history = Participation.history  # type: ignore[attr-defined]  # simple-history has no types
    past = history.filter(uid=row.pk).exclude(state=State.WITHDRAWN)
    before = past.order_by("-history_id").values_list("state", flat=True).first()
    row.state = before or State.LISTED
    row.save()
    return True


@transaction.atomic
def list_programme(*, event: Event) -> int:
    """Put everybody who has a part, as the rows stand, on the list of its workshop; how many.

    Whoever moderates is listed as a moderator, others as panelists. Those who are on the list
    already stay as they are, also when they were taken off it.
    """
    there = set(
        Participation.objects.filter(workshop__event=event).values_list("workshop", "person")
    )
    new = [
        (workshop.uid, person, role)
        for workshop in get_draft(event).workshops
        for person, role in _roles(workshop).items()
        if (workshop.uid, person) not in there
    ]
    for workshop_uid, person, role in new:
        Participation(workshop_id=workshop_uid, person_id=person, role=role).save()
    return len(new)


def _roles(workshop: Programme) -> dict[UUID, str]:
    everybody = [*workshop.people, *(who for each in workshop.sessions for who in each.everybody)]
    leads = {who.person for who in everybody if who.role in ("moderator", "facilitator")}
    Role = Participation.Role
    return {
        who.person: Role.MODERATOR if who.person in leads else Role.PANELIST
        for who in everybody
        if who.person is not None
    }
