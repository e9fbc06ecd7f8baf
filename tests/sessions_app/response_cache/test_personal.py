"""Per-person response cache: own data only, always up to date, forms valid in each browser."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participants.access import personal_links, tokens
from participants.models import Participation, Person
from sessions_app.models import Session
from sessions_app.publishing import services
from tests import make
from tests.participants.access.test_viewer_of_people import signed_in
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

MORNING = make.at(8)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fixed time, half an hour before the workshop: the version contains the minute."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return iter(())


@pytest.fixture
def james(programme: str) -> Person:
    return Person.objects.get(key="james-buyekane")


@pytest.fixture
def participation(james: Person) -> Participation:
    international = Workshop.objects.get(key="international")
    return make.participation_row(james, international, "accepted")


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/me/", 3), *((f"/{{slug}}/{name}", 4) for name in ("", "agenda.ics", "agenda.json"))],
)
def test_second_response_equals_the_first_from_the_cache(
    path: str,
    queries: int,
    programme: str,
    participation: Participation,
    django_assert_num_queries: Any,
) -> None:
    client = signed_in(participation.person)
    client.get("/me/")  # sets the cookies
    first = client.get(path.format(slug=programme))
    with django_assert_num_queries(queries):
        second = client.get(path.format(slug=programme))
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert second["Cache-Control"] == "private, no-store"


def decline(participation: Participation) -> None:
    participation.state = Participation.State.DECLINED
    participation.save()


def set_join_link(participation: Participation) -> None:
    participation.workshop.join_url = "https://example.org/join/8"
    participation.workshop.save()


def rename(participation: Participation) -> None:
    participation.person.full_name_en = "Mr. James M. Buyekane"
    participation.person.save()


def choose_time_zone(participation: Participation) -> None:
    participation.person.own_clock = "Asia/Tokyo"
    participation.person.save()


def publish_release(participation: Participation) -> None:
    session = Session.objects.filter(appearances__person=participation.person).first()
    assert session is not None
    session.title_en = "Handover"
    session.save()
    services.publish(event=session.event, now=MORNING)


def decline_all_sessions(participation: Participation) -> None:
    for session in Session.objects.filter(appearances__person=participation.person):
        participation.session_replies.create(session=session, takes_part=False)


def renew_calendar(participation: Participation) -> None:
    personal_links.renew_calendar(person=participation.person, now=MORNING)


@pytest.mark.parametrize(
    "change",
    [
        *(decline, set_join_link, rename, choose_time_zone),
        *(publish_release, decline_all_sessions, renew_calendar),
    ],
)
def test_personal_page_shows_a_change_at_once(
    change: Callable[[Participation], None], participation: Participation
) -> None:
    client = signed_in(participation.person)
    before = without_token(client.get("/me/").content)
    assert without_token(client.get("/me/").content) == before
    change(participation)
    assert without_token(client.get("/me/").content) != before


def without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


@pytest.mark.parametrize("state", ["withdrawn", "declined", "listed"])
def test_former_participant_cannot_read_the_programme(programme: str, state: str) -> None:
    person = make.person_row("Dara Phommachanh")
    row = make.participation_row(person, Workshop.objects.get(key="national"), "accepted")
    client = signed_in(person)
    assert b"Keopanya" in client.get(f"/{programme}/").content
    Participation.objects.filter(pk=row.pk).update(state=state)
    assert b"Keopanya" not in client.get(f"/{programme}/").content


def test_revoked_link_gets_no_cached_page(participation: Participation) -> None:
    client = signed_in(participation.person)
    assert b"Buyekane" in client.get("/me/").content
    personal_links.revoke(person=participation.person, now=MORNING)
    assert client.get("/me/").status_code == 404


def test_nobody_gets_the_page_of_another_person(participation: Participation) -> None:
    juny = signed_in(Person.objects.get(key="juny-kim"))
    james = signed_in(participation.person)
    for _attempt in range(2):
        assert b"<h1>Mr. James" in james.get("/me/").content
        assert b"<h1>Mr. James" not in juny.get("/me/").content


def test_next_part_follows_the_time(participation: Participation, monkeypatch: Any) -> None:
    client = signed_in(participation.person)
    assert b"Your next session" in client.get("/me/").content
    evening: datetime = MORNING + timedelta(hours=12)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    assert b"Your next session" not in client.get("/me/").content


def test_form_of_a_cached_page_is_valid_in_every_browser(participation: Participation) -> None:
    browsers = [signed_in(participation.person) for _browser in range(3)]
    for browser in (browsers[0], *browsers):
        page = browser.get("/me/").content
        token = re.findall(rb'csrfmiddlewaretoken" value="(\w+)"', page)[0]
        browser.handler.enforce_csrf_checks = True
        data = {"zone": "Asia/Tokyo", "csrfmiddlewaretoken": token.decode()}
        assert browser.post("/me/clock/", data).status_code == 302
        browser.get("/me/")  # shows the message


def test_message_is_shown_once(participation: Participation) -> None:
    client = signed_in(participation.person)
    client.get("/me/")
    client.post("/me/clock/", {"zone": "Asia/Tokyo"})
    shown = [b"Your time zone is now Tokyo." in client.get("/me/").content for _attempt in range(3)]
    assert shown == [True, False, False]


def test_calendar_changes_with_a_reply_and_its_reversal(participation: Participation) -> None:
    person = make.person_row("Dara Phommachanh")
    row = make.participation_row(person, participation.workshop, "accepted")
    token = tokens.token_of(personal_links.renew_calendar(person=person, now=MORNING))
    client = Client()
    before = client.get(f"/me/calendar/{token}.ics").content
    assert client.get(f"/me/calendar/{token}.ics").content == before
    for state in ("declined", "accepted"):
        row.state = state
        row.save()
    assert client.get(f"/me/calendar/{token}.ics").content != before


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", ""), ("br", "br")]
)
def test_personal_calendar_has_the_accepted_encoding(
    james: Person, accepted: str, encoding: str
) -> None:
    token = tokens.token_of(personal_links.renew_calendar(person=james, now=MORNING))
    for _attempt in range(2):
        response = Client().get(f"/me/calendar/{token}.ics", headers={"accept-encoding": accepted})
        assert response.headers.get("Content-Encoding", "") == encoding
        conditional = {"accept-encoding": accepted, "if-none-match": response["ETag"]}
        assert Client().get(f"/me/calendar/{token}.ics", headers=conditional).status_code == 304


def test_cookie_with_nul_is_anonymous(programme: str) -> None:
    client = Client()
    client.cookies.load('sessionid="aaaaaaaaaaaa\\000"')
    assert client.get(f"/{programme}/").status_code == 200


def test_organisers_page_is_not_cached(organiser_client: Client, programme: str) -> None:
    Workshop.objects.filter(key="national").update(title_en="Renamed", title="Renamed")
    event = Event.objects.get(slug=programme)
    assert b"Renamed" not in organiser_client.get(f"/{programme}/").content
    services.publish(event=event, now=MORNING)
    assert b"Renamed" in organiser_client.get(f"/{programme}/").content
