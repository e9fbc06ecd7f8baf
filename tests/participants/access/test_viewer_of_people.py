"""Tests of access at every URL: registered, withdrawn and presenters of one closed item."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from participants.access import tokens
from participants.access.viewer import LINK_SESSION_KEY
from participants.models import Participation, Person, PersonalLink
from tests import make
from tests.participants.access.test_viewer import (
    AFTERNOON_WORDS,
    INTERNAL,
    get_all,
    response_text,
    two_releases,
)
from workshop.models import Workshop

__all__ = ["two_releases"]
pytestmark = pytest.mark.django_db

State = Participation.State
# Text of Mr. Debashis Nag's own item, and nothing else of the afternoon.
OWN_ITEM = {"Checklist", "Debashis", "Nag"}


def signed_in(person: Person) -> Client:
    link = tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    client = Client()
    session = client.session
    session[LINK_SESSION_KEY] = str(link.pk)
    session.save()
    return client


def listed_as(state: State) -> Client:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, Workshop.objects.get(key="national"), state)
    return signed_in(person)


def presenter() -> Client:
    return signed_in(Person.objects.get(key="debashis-nag"))


def withdrawn_presenter() -> Client:
    person = Person.objects.get(key="debashis-nag")
    client = signed_in(person)
    make.participation_row(person, Workshop.objects.get(key="national"), State.WITHDRAWN)
    return client


def revoked_link() -> Client:
    client = listed_as(State.ACCEPTED)
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
        (lambda: listed_as(State.LISTED), set()),
        (lambda: listed_as(State.ACCEPTED), set(AFTERNOON_WORDS)),
        (lambda: listed_as(State.DECLINED), set()),
        (lambda: listed_as(State.WITHDRAWN), set()),
        (presenter, OWN_ITEM),
        (withdrawn_presenter, set()),
        (revoked_link, set()),
        (staff_in_no_group, set()),
    ],
    ids=[
        *("stranger", "listed", "accepted", "declined", "withdrawn", "presenter"),
        *("withdrawn presenter", "link revoked", "staff in no group"),
    ],
)
def test_each_reader_sees_only_their_content_at_every_url(
    reader: Callable[[], Client], sees: set[str], two_releases: str
) -> None:
    client = reader()
    responses = get_all(client, two_releases)
    texts = {path: response_text(answer) for path, answer in responses.items()}
    assert {word for word in AFTERNOON_WORDS for text in texts.values() if word in text} == sees
    assert {word for word in INTERNAL for text in texts.values() if word in text} == set()
    desk = [path for path in texts if path.startswith("/desk/{slug}/")]
    assert {responses[path].status_code for path in desk} <= {200, 403}
    assert all(word not in texts[path] for path in desk for word in AFTERNOON_WORDS)
