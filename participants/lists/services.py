"""Services for one person on a workshop's list: add, take off, put back."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from participants.lists.matching import KnownPeople, KnownPerson, get_known_people
from participants.lists.parsing.cell_values import normalise_email
from participants.models import Participation, Person
from sessions_app.agenda.types import Workshop as AgendaWorkshop
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from workshop.models import Event, Workshop

State = Participation.State


class CannotAdd(Exception):
    """Refusal to add a person; `args[0]` is the message for the organiser."""


class ConfirmationNeeded(Exception):
    """Raised where an organiser must confirm a match with a stored person without e-mail."""

    def __init__(self, known_person: KnownPerson) -> None:
        super().__init__(known_person.name)
        self.known_person = known_person


@dataclass(frozen=True, slots=True)
class AddResult:
    """An added person; `is_new`: on the list, `was_known`: as a person before."""

    participation: Participation
    is_new: bool
    was_known: bool


@transaction.atomic
def add_participant(
    *, workshop: Workshop, name: str, email: str, role: str, is_same: bool | None, **columns: str
) -> AddResult:
    """Add a person to a workshop's list, matched by e-mail; a person who exists is not changed.

    `columns` are for a new person. `is_same` answers whether this is the only stored person of this
    name without an e-mail. Raises ConfirmationNeeded where there is such a person and `is_same` is
    None, CannotAdd where two people share the e-mail, or its person was taken off this list.
    """
    list(Event.objects.select_for_update().filter(pk=workshop.event_id))
    known = get_known_people(workshop.event, [normalise_email(email)], [name], locked=True)
    match = _match(known, name, normalise_email(email), is_same)
    person = known.people[match.uid] if match else Person(full_name_en=name, **columns)
    if not person.email:
        person.email = email
        person.save()
    row = known.participations.get((person.pk, workshop.pk))
    if row is not None and row.state == State.WITHDRAWN:
        message = _("%(name)s was taken off this list. Put them back there.")
        raise CannotAdd(message % {"name": person})
    is_new = row is None
    if row is None:
        row = Participation.objects.create(workshop=workshop, person=person, role=role)
    return AddResult(row, is_new, was_known=match is not None)


def _match(known: KnownPeople, name: str, email: str, is_same: bool | None) -> KnownPerson | None:
    people = known.with_email(email)
    if len(people) > 1:
        message = _("%(names)s have the same e-mail address. Correct one of them first.")
        raise CannotAdd(message % {"names": labels.join_list([person.name for person in people])})
    possible_match = None if people else known.only_one_without_email(name)
    if possible_match is not None and is_same is None:
        raise ConfirmationNeeded(possible_match)
    return people[0] if people else possible_match if is_same else None


@transaction.atomic
def take_off(participation: Participation) -> bool:
    """Take a person off a list, keeping their reply; False if they were off it already."""
    row = Participation.objects.select_for_update().get(pk=participation.pk)
    if row.state == State.WITHDRAWN:
        return False
    row.state = State.WITHDRAWN
    row.save()
    return True


@transaction.atomic
def put_back(participation: Participation) -> bool:
    """Put a person back on a list with their former reply; False if they are on it."""
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
def add_programme_people(*, event: Event) -> int:
    """Add all people of the draft programme to the lists of their workshops; return how many.

    People who moderate are added as moderators, others as panelists. People who are on the list
    already are not changed, also those who were taken off it.
    """
    existing = set(
        Participation.objects.filter(workshop__event=event).values_list("workshop", "person")
    )
    new = [
        (workshop.uid, person, role)
        for workshop in get_draft(event).workshops
        for person, role in _roles(workshop).items()
        if (workshop.uid, person) not in existing
    ]
    for workshop_uid, person, role in new:
        Participation(workshop_id=workshop_uid, person_id=person, role=role).save()
    return len(new)


def _roles(workshop: AgendaWorkshop) -> dict[UUID, str]:
    appearances = [
        *workshop.people,
        *(appearance for session in workshop.sessions for appearance in session.everybody),
    ]
    leads = {appearance.person for appearance in appearances if appearance.behaviour.leads}
    Role = Participation.Role
    return {
        appearance.person: Role.MODERATOR if appearance.person in leads else Role.PANELIST
        for appearance in appearances
        if appearance.person is not None
    }
