"""Tests of data protection: export, erasure and deletion of old replies."""

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
from participants.models import OutgoingMail, Participation, Person, PersonalLink
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
    """Panelist of two releases, invited, with a link and named in an e-mail to another person."""
    event, person = Event.objects.get(), Person.objects.get(key="james-buyekane")
    person.email, person.position_en = "james@example.org", "Chief Executive"
    person.save()
    services.publish(event=event, now=make.at(9))
    morning = Workshop.objects.get(key="international")
    make.participation_row(person, morning, note="Vegetarian", substitute_name="Grace")
    tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    juny = Person.objects.get(key="juny-kim")
    for addressee, address in ((person, person.email), (juny, "j@example.org")):
        queue_mail(event, addressee, address)
    return person


def queue_mail(event: Event, person: Person, address: str) -> OutgoingMail:
    return OutgoingMail.objects.create(
        event=event,
        person=person,
        kind="invitation",
        batch=uuid4(),
        to=address,
        subject="You are invited",
        text=f"Beside you: Mr. {NAME}",
        message_id=f"<{uuid4()}@example.org>",
        made_at=timezone.now(),
    )


def database_text() -> str:
    """Content of all tables, as one text."""
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return "\n".join(
            f"{table} {row}"
            for table in tables
            for row in cursor.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608
        )


def test_erasure_removes_the_name_everywhere(james: Person, client: Client) -> None:
    private = (NAME, "Buyekane", "buyekane", "james@example.org", "Vegetarian", "Grace")
    assert [word for word in private if word not in database_text()] == []
    assert erasure.erase(person=james) == ()
    assert [word for word in private if word in database_text()] == []
    page = client.get("/odsc-laos-2021/sessions/session-1/").content.decode()
    james.refresh_from_db()
    assert (james.full_name in page, "Kenya" in page) == (True, True)
    assert client.get("/odsc-laos-2021/releases/1/").status_code == 200
    assert b"Buyekane" not in client.get("/odsc-laos-2021/agenda.ics").content


def test_erasure_ends_the_web_sessions_of_the_person(james: Person) -> None:
    clients = []
    for person in (james, Person.objects.get(key="juny-kim")):
        purpose, client = PersonalLink.Purpose.PAGE, Client()
        link = tokens.make_link(person=person, purpose=purpose, now=timezone.now())
        client.post(f"/me/{tokens.token_of(link)}/")
        clients.append(client)
    assert [client.get("/me/").status_code for client in clients] == [200, 200]
    erasure.erase(person=james)
    assert [client.get("/me/").status_code for client in clients] == [404, 200]


def test_erasure_keeps_the_programme_and_creates_no_release(james: Person) -> None:
    event, before = Event.objects.get(), Release.objects.count()
    erasure.erase(person=james)
    release, is_new = services.publish(event=event, now=make.at(10))
    assert (is_new, Release.objects.count()) == (False, before)
    assert release.number == before


def test_erasure_returns_texts_that_still_contain_the_name(james: Person) -> None:
    session = Event.objects.get().sessions.get(key="session-1")
    session.note_en = f"Opened by {NAME}"  # type: ignore[attr-defined]
    session.save()
    services.publish(event=Event.objects.get(), now=make.at(10))
    assert erasure.erase(person=james) == (f"Opened by {NAME}",)


def test_data_of_a_person_is_exported_as_json(james: Person, organiser_client: Client) -> None:
    path = "/desk/odsc-laos-2021/participants/james-buyekane/data.json"
    data = json.loads(organiser_client.get(path).content)
    assert data["person"]["email"] == "james@example.org"
    assert [row["note"] for row in data["participations"]] == ["Vegetarian"]
    assert len(data["letters"]) == 1
    assert [release["release"] for release in data["releases"]] == [2, 1]


def test_erasure_at_the_desk_requires_the_name(
    james: Person, organiser_client: Client, client: Client
) -> None:
    path = "/desk/odsc-laos-2021/participants/james-buyekane/data/"
    assert client.post(path, {"name": NAME}).status_code == 302
    assert b"The name does not match" in organiser_client.post(path, {"name": "James"}).content
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
def test_old_replies_are_deleted(james: Person, before: str, left: int) -> None:
    history: Any = Participation.history  # type: ignore[attr-defined]
    call_command("forget_participants", "--before", before, verbosity=0)
    assert Participation.objects.count() == history.count() == left
    assert (OutgoingMail.objects.count(), PersonalLink.objects.count()) == (2 * left, left)
    assert Person.objects.filter(key="james-buyekane").exists()


def test_deletion_keeps_links_of_people_in_later_events(james: Person) -> None:
    later = make.workshop_row(
        make.event_row("next"), starts_at=make.at(1, day=20), ends_at=make.at(2, day=20)
    )
    make.participation_row(james, later)
    erasure.delete_old_participations(before=date(2021, 8, 5))
    assert PersonalLink.objects.count() == 1


def test_erasure_includes_merged_rows_and_former_names(james: Person, client: Client) -> None:
    event = Event.objects.get()
    duplicate = make.person_row("Jimmy Quux", email="quux@example.org")
    session = event.sessions.get(key="session-4")
    make.appearance_row(duplicate, session=session)
    make.participation_row(duplicate, Workshop.objects.get(key="national"), note="Allergic")
    other = Person.objects.get(key="juny-kim")
    substituted = make.participation_row(other, Workshop.objects.get(key="national"))
    substituted.substitute_name, substituted.substitute_email = "Jimmy Quux", "quux@example.org"
    substituted.save()
    services.publish(event=event, now=make.at(10))
    plan = merge.plan(kept_person=james.pk, duplicate=duplicate.pk)
    merge.apply(kept_person=james.pk, duplicate=duplicate.pk, fingerprint=plan.fingerprint)
    james.refresh_from_db()
    assert erasure.erase(person=james) == ()
    private = ("Quux", "quux@example.org", "Allergic", NAME)
    assert [word for word in private if word in database_text()] == []
    assert b"Quux" not in client.get("/odsc-laos-2021/releases/3/").content


def test_rows_with_mails_of_one_batch_can_be_merged(james: Person) -> None:
    event, duplicate = Event.objects.get(), make.person_row("Jimmy Quux")
    for person in (james, duplicate):
        OutgoingMail.objects.filter(person=person).delete()
        row = queue_mail(event, person, "q@example.org")
        OutgoingMail.objects.filter(pk=row.pk).update(batch=make.uid("batch"))
    plan = merge.plan(kept_person=james.pk, duplicate=duplicate.pk)
    merge.apply(kept_person=james.pk, duplicate=duplicate.pk, fingerprint=plan.fingerprint)
    assert sorted(OutgoingMail.objects.filter(person=james).values_list("state", flat=True)) == [
        "stopped",
        "waiting",
    ]


def test_erasure_works_without_the_cache(
    programme: str, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.CACHES = cache_url.parse("redis://127.0.0.1:1/0", folder=Path("unused"), site="x")
    person = Person.objects.get(key="juny-kim")
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(person=person)
    person.refresh_from_db()
    assert person.full_name.startswith("Participant ")
