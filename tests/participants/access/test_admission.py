"""Who is let into what: by the organisers' list, by a personal link, and no longer."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.access import permissions, tokens
from participants.models import Participation, Person, PersonalLink
from sessions_app.people_changes import merge
from tests import make
from workshop.models import Workshop

pytestmark = pytest.mark.django_db

PAGE = PersonalLink.Purpose.PAGE
State = Participation.State


@pytest.fixture
def national(programme: str) -> Workshop:
    """The afternoon, which only those let in may read."""
    return Workshop.objects.get(event__slug=programme, key="national")


def came_in(person: Person, **columns: Any) -> Client:
    """Somebody who opened their personal link."""
    link = tokens.make_link(person=person, purpose=PAGE, now=timezone.now(), **columns)
    client = Client()
    session = client.session
    session[permissions.LINK] = str(link.pk)
    session.save()
    return client


def sessions_read(client: Client, slug: str) -> int:
    document = json.loads(client.get(f"/{slug}/agenda.json").content)
    return len(document["workshops"][1]["sessions"])


@pytest.mark.parametrize(
    ("state", "read"),
    [
        (State.LISTED, 0),
        (State.INVITED, 5),
        (State.ACCEPTED, 5),
        (State.TENTATIVE, 5),
        (State.DECLINED, 0),
        (State.WITHDRAWN, 0),
    ],
)
def test_state_lets_in(national: Workshop, programme: str, state: State, read: int) -> None:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, national, state)
    client = came_in(person)
    answer = client.get(f"/{programme}/")
    assert (sessions_read(client, programme), answer["Cache-Control"]) == (
        read,
        "private, no-store",
    )


def test_presenter_of_a_closed_item_reads_that_item_until_taken_off(
    national: Workshop, programme: str
) -> None:
    person = Person.objects.get(key="debashis-nag")
    client = came_in(person)
    assert sessions_read(client, programme) == 1
    make.participation_row(person, national, State.WITHDRAWN)
    assert sessions_read(client, programme) == 0
    assert client.get(f"/{programme}/people/debashis-nag/").status_code == 404


def test_revoked_and_expired_links_let_nobody_in(national: Workshop, programme: str) -> None:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, national)
    client = came_in(person)
    late = came_in(person, expires_at=timezone.now() - timedelta(seconds=1))
    assert [sessions_read(each, programme) for each in (client, late)] == [5, 0]
    PersonalLink.objects.update(revoked_at=timezone.now())
    assert sessions_read(client, programme) == 0


def test_delegation_reads_what_every_one_of_it_may_read(national: Workshop, programme: str) -> None:
    one, two = make.person_row("One"), make.person_row("Two")
    make.participation_row(one, national)
    both = frozenset({one.pk, two.pk})
    assert national.pk not in permissions.recipient(programme, both).reads
    make.participation_row(two, national, State.ACCEPTED)
    assert national.pk in permissions.recipient(programme, both).reads


def test_token_opens_only_its_own_purpose_and_is_not_kept(db: None) -> None:
    person, now = make.person_row(), timezone.now()
    link = tokens.make_link(person=person, purpose=PAGE, now=now)
    token = tokens.token_of(link)
    assert token
    assert (len(token), tokens.find_link(token, PAGE, now)) == (tokens.LENGTH, link)
    assert tokens.find_link(token, PersonalLink.Purpose.CALENDAR, now) is None
    assert tokens.find_link(token[:-1], PAGE, now) is None
    row = PersonalLink.objects.values().get()
    assert not [column for column, value in row.items() if token in str(value)]


def test_token_that_was_sent_outlives_the_secret_key(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tokens.make_link(person=make.person_row(), purpose=PAGE, now=timezone.now())
    token = tokens.token_of(link)
    assert token
    monkeypatch.setattr(site, "SECRET_KEY", "another")
    assert tokens.find_link(token, PAGE, timezone.now()) == link
    assert tokens.token_of(link) is None


def test_new_joining_information_is_a_new_version(db: None) -> None:
    workshop = make.workshop_row(make.event_row())
    workshop.title_en = "Renamed"
    workshop.save()
    assert workshop.join_version == 1
    workshop.join_url = "https://example.org/join"
    workshop.save()
    assert workshop.join_version == 2


def test_two_rows_of_one_person_become_one_with_all_that_hangs_on_them(db: None) -> None:
    morning = make.workshop_row(make.event_row())
    afternoon = make.workshop_row(morning.event, key="national")
    kept, gone = make.person_row("Dara"), make.person_row("Dara Phommachanh")
    make.participation_row(kept, morning, State.LISTED)
    make.participation_row(gone, morning, State.ACCEPTED, office="", attends_by="online")
    make.participation_row(gone, afternoon, State.DECLINED)
    client = came_in(gone)
    found = merge.plan(stays=kept.pk, goes=gone.pk)
    merge.merge(stays=kept.pk, goes=gone.pk, fingerprint=found.fingerprint)
    assert [(each.workshop, each.state) for each in kept.participations.all()] == [
        (morning, State.ACCEPTED),
        (afternoon, State.DECLINED),
    ]
    assert PersonalLink.objects.get().person == kept
    assert client.session[permissions.LINK] == str(PersonalLink.objects.get().pk)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(guess=st.text(max_size=90), place=st.integers(0, tokens.LENGTH - 1))
def test_no_other_text_opens_a_link(db: None, guess: str, place: int) -> None:
    person = Person.objects.filter(key="juny-kim").first() or make.person_row()
    now = timezone.now()
    one, two = (tokens.make_link(person=person, purpose=PAGE, now=now) for _ in range(2))
    token = tokens.token_of(one) or ""
    assert token != tokens.token_of(two)
    near = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    assert [tokens.find_link(each, PAGE, now) for each in (guess, near, token + "A")] == [None] * 3
    assert tokens.find_link(token, PAGE, now) == one
