"""Who sees what, at every address: those let in, those no longer, those of one closed item."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from participants.access import permissions, tokens
from participants.models import Participation, Person, PersonalLink
from tests import make
from tests.participants.access.test_permissions import (
    INTERNAL,
    SECRETS,
    answers,
    said,
    two_releases,
)
from workshop.models import Workshop

__all__ = ["two_releases"]
pytestmark = pytest.mark.django_db

State = Participation.State
# What Mr. Debashis Nag's own item says, and no more of the afternoon.
OWN_ITEM = {"Checklist", "Debashis", "Nag"}


def came_in(person: Person) -> Client:
    link = tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    client = Client()
    session = client.session
    session[permissions.LINK] = str(link.pk)
    session.save()
    return client


def on_the_list(state: State) -> Client:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, Workshop.objects.get(key="national"), state)
    return came_in(person)


def presenter() -> Client:
    return came_in(Person.objects.get(key="debashis-nag"))


def presenter_taken_off() -> Client:
    person = Person.objects.get(key="debashis-nag")
    client = came_in(person)
    make.participation_row(person, Workshop.objects.get(key="national"), State.WITHDRAWN)
    return client


def revoked() -> Client:
    client = on_the_list(State.ACCEPTED)
    PersonalLink.objects.update(revoked_at=timezone.now())
    return client


def staff_in_no_group() -> Client:
    client = Client()
    client.force_login(make.account("nobody"))
    return client


@pytest.mark.parametrize(
    ("reader", "sees"),
    [
        (Client, set()),
        (lambda: on_the_list(State.LISTED), set()),
        (lambda: on_the_list(State.ACCEPTED), set(SECRETS)),
        (lambda: on_the_list(State.DECLINED), set()),
        (lambda: on_the_list(State.WITHDRAWN), set()),
        (presenter, OWN_ITEM),
        (presenter_taken_off, set()),
        (revoked, set()),
        (staff_in_no_group, set()),
    ],
    ids=[
        *("stranger", "listed", "accepted", "declined", "taken off", "presenter"),
        *("presenter taken off", "link revoked", "staff in no group"),
    ],
)
def test_each_reader_sees_what_is_theirs_at_every_address(
    reader: Callable[[], Client], sees: set[str], two_releases: str
) -> None:
    client = reader()
    found = answers(client, two_releases)
    texts = {path: said(answer) for path, answer in found.items()}
    assert {word for word in SECRETS for text in texts.values() if word in text} == sees
    assert {word for word in INTERNAL for text in texts.values() if word in text} == set()
    desk = [path for path in texts if path.startswith("/desk/{slug}/")]
    assert {found[path].status_code for path in desk} <= {200, 403}
    assert all(word not in texts[path] for path in desk for word in SECRETS)
