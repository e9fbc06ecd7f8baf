"""Data protection: what is held can be handed over, erased everywhere, and forgotten in time."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from participants.access import tokens
from participants.models import Letter, Participation, Person, PersonalLink
from participants.privacy import erasure
from sessions_app.models import Release
from sessions_app.people_changes import merge
from sessions_app.publishing import services
from tests import make
from workshop.config import cache_url
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db
NAME = "James Buyekane"


@pytest.fixture
def james(programme: str) -> Person:
    """A panelist of two releases, invited, with a link and with his name in another's mail."""
    event, person = Event.objects.get(), Person.objects.get(key="james-buyekane")
    person.email, person.position_en = "james@example.org", "Chief Executive"
    person.save()
    services.publish(event=event, now=make.at(9))
    morning = Workshop.objects.get(key="international")
    make.participation_row(person, morning, note="Vegetarian", substitute_name="Grace")
    tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    for whom, to in ((person, person.email), (Person.objects.get(key="juny-kim"), "j@example.org")):
        letter(event, whom, to)
    return person


def letter(event: Event, person: Person, to: str) -> Letter:
    return Letter.objects.create(
        event=event,
        person=person,
        kind="invitation",
        batch=uuid4(),
        to=to,
        subject="You are invited",
        text=f"Beside you: Mr. {NAME}",
        message_id=f"<{uuid4()}@example.org>",
        made_at=timezone.now(),
    )


def everything() -> str:
    """All that the database holds, as one text."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return "\n".join(
            f"{table} {row}"
            for table in tables
            for row in cursor.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
        )


def test_erasing_leaves_the_name_nowhere(james: Person, client: Client) -> None:
    private = (NAME, "Buyekane", "buyekane", "james@example.org", "Vegetarian", "Grace")
    assert [word for word in private if word not in everything()] == []
    assert erasure.erase(person=james) == ()
    assert [word for word in private if word in everything()] == []
    page = client.get("/odsc-laos-2021/sessions/session-1/").content.decode()
    james.refresh_from_db()
    assert (james.full_name in page, "Kenya" in page) == (True, True)
    assert client.get("/odsc-laos-2021/releases/1/").status_code == 200
    assert b"Buyekane" not in client.get("/odsc-laos-2021/agenda.ics").content


def test_erasing_keeps_the_programme_and_makes_no_new_release(james: Person) -> None:
    event, before = Event.objects.get(), Release.objects.count()
    erasure.erase(person=james)
    release, is_new = services.publish(event=event, now=make.at(10))
    assert (is_new, Release.objects.count()) == (False, before)
    assert release.number == before


def test_texts_that_name_somebody_among_other_words_are_told(james: Person) -> None:
    session = Event.objects.get().sessions.get(key="session-1")
    session.note_en = f"Opened by {NAME}"  # type: ignore[attr-defined]
    session.save()
    services.publish(event=Event.objects.get(), now=make.at(10))
    assert erasure.erase(person=james) == (f"Opened by {NAME}",)


def test_what_is_held_is_handed_over_as_data(james: Person, organiser_client: Client) -> None:
    path = "/desk/odsc-laos-2021/participants/james-buyekane/data.json"
    held = json.loads(organiser_client.get(path).content)
    assert held["person"]["email"] == "james@example.org"
    assert [place["note"] for place in held["participations"]] == ["Vegetarian"]
    assert len(held["letters"]) == 1
    assert [each["release"] for each in held["releases"]] == [2, 1]


def test_erasing_at_the_desk_asks_for_the_name(
    james: Person, organiser_client: Client, client: Client
) -> None:
    path = "/desk/odsc-laos-2021/participants/james-buyekane/data/"
    assert client.post(path, {"name": NAME}).status_code == 302
    assert b"That is not the name" in organiser_client.post(path, {"name": "James"}).content
    assert Person.objects.filter(key="james-buyekane").exists()
    list_in = "/desk/odsc-laos-2021/participants/import/"
    text = f"Name,E-mail\n{NAME},james@example.org\n".encode()
    organiser_client.post(
        list_in,
        {
            "file": SimpleUploadedFile("a.csv", text),
            "workshop": "international",
            "role": "delegate",
        },
    )
    assert NAME in organiser_client.get(f"{list_in}preview/").content.decode()
    assert organiser_client.post(path, {"name": NAME}).status_code == 302
    answer = organiser_client.get(f"{list_in}preview/", follow=True)
    assert NAME not in answer.content.decode()
    assert not Person.objects.filter(key="james-buyekane").exists()


@pytest.mark.parametrize(("before", "left"), [("2021-08-04", 1), ("2021-08-05", 0)])
def test_replies_are_forgotten_after_their_time(james: Person, before: str, left: int) -> None:
    history: Any = Participation.history  # type: ignore[attr-defined]
    call_command("forget_participants", "--before", before, verbosity=0)
    assert Participation.objects.count() == history.count() == left
    assert (Letter.objects.count(), PersonalLink.objects.count()) == (2 * left, left)
    assert Person.objects.filter(key="james-buyekane").exists()


def test_forgetting_leaves_links_of_those_who_come_again(james: Person) -> None:
    later = make.workshop_row(
        make.event_row("next"), starts_at=make.at(1, day=20), ends_at=make.at(2, day=20)
    )
    make.participation_row(james, later)
    erasure.forget_replies(before=date(2021, 8, 5))
    assert PersonalLink.objects.count() == 1


def test_erasing_reaches_rows_that_were_merged_and_all_former_names(
    james: Person, client: Client
) -> None:
    event = Event.objects.get()
    twin = make.person_row("Jimmy Quux", email="quux@example.org")
    session = event.sessions.get(key="session-4")
    make.appearance_row(twin, session=session)
    make.participation_row(twin, Workshop.objects.get(key="national"), note="Allergic")
    other = Person.objects.get(key="juny-kim")
    place = make.participation_row(other, Workshop.objects.get(key="national"))
    place.substitute_name, place.substitute_email = "Jimmy Quux", "quux@example.org"
    place.save()
    services.publish(event=event, now=make.at(10))
    found = merge.plan(stays=james.pk, goes=twin.pk)
    merge.merge(stays=james.pk, goes=twin.pk, fingerprint=found.fingerprint)
    james.refresh_from_db()
    assert erasure.erase(person=james) == ()
    private = ("Quux", "quux@example.org", "Allergic", NAME)
    assert [word for word in private if word in everything()] == []
    assert b"Quux" not in client.get("/odsc-laos-2021/releases/3/").content


def test_two_rows_that_were_written_to_at_once_can_be_merged(james: Person) -> None:
    event, twin = Event.objects.get(), make.person_row("Jimmy Quux")
    for person in (james, twin):
        Letter.objects.filter(person=person).delete()
        row = letter(event, person, "q@example.org")
        Letter.objects.filter(pk=row.pk).update(batch=make.uid("batch"))
    found = merge.plan(stays=james.pk, goes=twin.pk)
    merge.merge(stays=james.pk, goes=twin.pk, fingerprint=found.fingerprint)
    assert sorted(Letter.objects.filter(person=james).values_list("state", flat=True)) == [
        "stopped",
        "waiting",
    ]


def test_somebody_is_erased_while_the_cache_is_away(
    programme: str, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CACHES = cache_url.read("redis://127.0.0.1:1/0", folder=Path("unused"), site="x")
    person = Person.objects.get(key="juny-kim")
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(person=person)
    person.refresh_from_db()
    assert person.full_name.startswith("Participant ")
