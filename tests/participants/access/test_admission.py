"""Tests of access to closed workshops by participation and personal link."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participants.access import tokens
from participants.access.viewer import LINK_SESSION_KEY, recipient_viewer
from participants.models import Participation, Person, PersonalLink
from sessions_app.people_changes import merge
from tests import make
from workshop.models import Workshop

pytestmark = pytest.mark.django_db

PAGE = PersonalLink.Purpose.PAGE
State = Participation.State


@pytest.fixture
def national(programme: str) -> Workshop:
    """The afternoon, which only registered participants may read."""
    return Workshop.objects.get(event__slug=programme, key="national")


def signed_in(person: Person, **columns: Any) -> Client:
    """Client of a person who opened their personal link."""
    link = tokens.make_link(person=person, purpose=PAGE, now=timezone.now(), **columns)
    client = Client()
    session = client.session
    session[LINK_SESSION_KEY] = str(link.pk)
    session.save()
    return client


def count_sessions(client: Client, slug: str) -> int:
    document = json.loads(client.get(f"/{slug}/agenda.json").content)
    return len(document["workshops"][1]["sessions"])


@pytest.mark.parametrize(
    ("state", "sessions"),
    [
        (State.LISTED, 0),
        (State.INVITED, 5),
        (State.ACCEPTED, 5),
        (State.TENTATIVE, 5),
        (State.DECLINED, 0),
        (State.WITHDRAWN, 0),
    ],
)
def test_state_decides_about_access(
    national: Workshop, programme: str, state: State, sessions: int
) -> None:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, national, state)
    client = signed_in(person)
    answer = client.get(f"/{programme}/")
    assert (count_sessions(client, programme), answer["Cache-Control"]) == (
        sessions,
        "private, no-store",
    )


def test_presenter_of_a_closed_item_reads_that_item_until_withdrawn(
    national: Workshop, programme: str
) -> None:
    person = Person.objects.get(key="debashis-nag")
    client = signed_in(person)
    assert count_sessions(client, programme) == 1
    make.participation_row(person, national, State.WITHDRAWN)
    assert count_sessions(client, programme) == 0
    assert client.get(f"/{programme}/people/debashis-nag/").status_code == 404


def test_revoked_and_expired_links_give_no_access(national: Workshop, programme: str) -> None:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, national)
    client = signed_in(person)
    late = signed_in(person, expires_at=timezone.now() - timedelta(seconds=1))
    assert [count_sessions(visitor, programme) for visitor in (client, late)] == [5, 0]
    PersonalLink.objects.update(revoked_at=timezone.now())
    assert count_sessions(client, programme) == 0


def test_delegation_reads_what_all_members_may_read(national: Workshop, programme: str) -> None:
    one, two = make.person_row("One"), make.person_row("Two")
    make.participation_row(one, national)
    both = frozenset({one.pk, two.pk})
    assert national.pk not in recipient_viewer(programme, both).readable_workshops
    make.participation_row(two, national, State.ACCEPTED)
    assert national.pk in recipient_viewer(programme, both).readable_workshops


def test_token_opens_only_its_own_purpose_and_is_not_stored(db: None) -> None:
    person, now = make.person_row(), timezone.now()
    link = tokens.make_link(person=person, purpose=PAGE, now=now)
    token = tokens.token_of(link)
    assert token
    assert (len(token), tokens.find_link(token, PAGE, now)) == (tokens.LENGTH, link)
    assert tokens.find_link(token, PersonalLink.Purpose.CALENDAR, now) is None
    assert tokens.find_link(token[:-1], PAGE, now) is None
    row = PersonalLink.objects.values().get()
    assert not [column for column, value in row.items() if token in str(value)]


def test_sent_token_stays_valid_with_another_secret_key(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tokens.make_link(person=make.person_row(), purpose=PAGE, now=timezone.now())
    token = tokens.token_of(link)
    assert token
    monkeypatch.setattr(site, "SECRET_KEY", "another")
    assert tokens.find_link(token, PAGE, timezone.now()) == link
    assert tokens.token_of(link) is None


def test_changed_join_information_is_a_new_version(db: None) -> None:
    workshop = make.workshop_row(make.event_row())
    workshop.title_en = "Renamed"
    workshop.save()
    assert workshop.join_version == 1
    workshop.join_url = "https://example.org/join"
    workshop.save()
    assert workshop.join_version == 2


def test_merge_moves_all_related_rows_of_a_duplicate(db: None) -> None:
    morning = make.workshop_row(make.event_row())
    afternoon = make.workshop_row(morning.event, key="national")
    kept, duplicate = make.person_row("Dara"), make.person_row("Dara Phommachanh")
    make.participation_row(kept, morning, State.LISTED)
    make.participation_row(duplicate, morning, State.ACCEPTED, office="", attends_by="online")
    make.participation_row(duplicate, afternoon, State.DECLINED)
    client = signed_in(duplicate)
    plan = merge.plan(kept_person=kept.pk, duplicate=duplicate.pk)
    merge.apply(kept_person=kept.pk, duplicate=duplicate.pk, fingerprint=plan.fingerprint)
    assert [(row.workshop, row.state) for row in kept.participations.all()] == [
        (morning, State.ACCEPTED),
        (afternoon, State.DECLINED),
    ]
    assert PersonalLink.objects.get().person == kept
    assert client.session[LINK_SESSION_KEY] == str(PersonalLink.objects.get().pk)


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
    assert [tokens.find_link(text, PAGE, now) for text in (guess, near, token + "A")] == [None] * 3
    assert tokens.find_link(token, PAGE, now) == one
