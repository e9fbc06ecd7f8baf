"""Costs that stay the same as a site gets older: query counts at 1 and 200 events and edits."""

from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session as WebSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participants.lists import pending_uploads
from participants.lists.importer import ImportRequest
from participants.lists.parsing.tables import Table
from participants.models import Person
from sessions_app.agenda import serialization
from sessions_app.models import Appearance, Release, Session
from sessions_app.publishing import services
from tests import make
from workshop.config.session_store import SessionStore
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

PAGES = (
    *("/", "/event/", "/desk/", "/desk/event/", "/desk/event/review/", "/desk/event/people/"),
    *("/desk/event/people/juny-kim/replace/", "/desk/event/people/juny-kim/merge/"),
)


@pytest.fixture
def event(db: None) -> Event:
    """A published event with a panelist who was entered twice."""
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    for person in (make.person_row(), make.person_row("Kim Juny")):
        make.appearance_row(person, session=session)
    services.publish(event=event, now=make.at(6))
    return event


def add_events(slug: str, count: int) -> None:
    """Published events, each with a workshop, a session and a panelist."""
    events = [Event(slug=f"{slug}-{number}", zone=make.LAO.key) for number in range(count)]
    hours = {"starts_at": make.at(9), "ends_at": make.at(10)}
    workshops = [Workshop(event=event, key="day", **hours) for event in events]
    sessions = [Session(event=row.event, workshop=row, key="a", **hours) for row in workshops]
    people = [Person(key=event.slug, full_name_en=event.slug) for event in events]
    Event.objects.bulk_create(events)
    Workshop.objects.bulk_create(workshops)
    Session.objects.bulk_create(sessions)
    Person.objects.bulk_create(people)
    Appearance.objects.bulk_create(
        Appearance(session=session, person=person, role="panelist")
        for session, person in zip(sessions, people, strict=True)
    )
    Release.objects.bulk_create(_release(event) for event in events)


def _release(event: Event) -> Release:
    agenda = serialization.encode(make.agenda(make.workshop(make.session()), slug=event.slug))
    summary = serialization.encode_summary(agenda)
    return Release(event=event, number=1, made_at=make.at(6), agenda=agenda, summary=summary)


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_pages_take_the_same_queries_with_200_events_more(
    organiser_client: Client, event: Event
) -> None:
    add_events("first", 1)
    before = {path: queries(organiser_client, path) for path in PAGES}
    add_events("other", 200)
    assert {path: queries(organiser_client, path) for path in PAGES} == before


def test_history_page_takes_the_same_queries_with_200_edits_more(
    organiser_client: Client, event: Event
) -> None:
    """Edits that name other people, half of whom are deleted."""
    appearance = Appearance.objects.filter(session__event=event)[0]
    path = f"/admin/sessions_app/session/{appearance.session_id}/history/"
    before = queries(organiser_client, path)
    people = [Person(key=f"p-{number}", full_name_en=f"P {number}") for number in range(200)]
    Person.objects.bulk_create(people[::2])
    history: Any = Appearance.history  # type: ignore[attr-defined]
    first = history.filter(uid=appearance.uid).values().get()
    edit = {**first, "history_id": None, "history_type": "~", "history_date": timezone.now()}
    history.bulk_create(history.model(**edit | {"person_id": person.uid}) for person in people)
    assert queries(organiser_client, path) == before
    edits = organiser_client.get(path).context["edits"]
    assert [str(edit) for edit in edits[:2]] == [
        "Appearance “a person”: Person: “P 198” → a deleted entry",
        "Appearance “P 198”: Person: a deleted entry → “P 198”",
    ]


def test_uploaded_lists_are_deleted_without_reading_web_sessions() -> None:
    upload = ImportRequest(Table((), ()), make.uid("workshop"), "delegate")
    session: SessionBase = SessionStore()
    pending_uploads.save_upload(session, make.event_row(), "list.csv", upload)
    row = {"session_data": "of no list", "expire_date": timezone.now()}
    WebSession.objects.bulk_create(WebSession(f"key{number}", **row) for number in range(200))
    with CaptureQueriesContext(connection) as captured:
        pending_uploads.delete_all_uploads()
    assert (len(captured), WebSession.objects.count()) == (1, 200)
    assert pending_uploads.get_upload(session, Event.objects.get()) is None
