"""What is kept for one person: for them alone, on this browser, and gone when anything changes."""

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
from tests.participants.access.test_permissions_of_people import came_in
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

MORNING = make.at(8)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Half an hour before the workshop, and it stays that: the page knows the minute."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return iter(())


@pytest.fixture
def james(programme: str) -> Person:
    return Person.objects.get(key="james-buyekane")


@pytest.fixture
def place(james: Person) -> Participation:
    international = Workshop.objects.get(key="international")
    return make.participation_row(james, international, "accepted")


@pytest.mark.parametrize("path", ["/me/", "/{slug}/", "/{slug}/agenda.ics", "/{slug}/agenda.json"])
def test_second_answer_is_the_first_without_drawing_it(
    path: str, programme: str, place: Participation, django_assert_num_queries: Any
) -> None:
    client = came_in(place.person)
    client.get("/me/")  # from which the browser has its cookies
    first = client.get(path.format(slug=programme))
    with django_assert_num_queries(10):
        second = client.get(path.format(slug=programme))
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert second["Cache-Control"] == "private, no-store"


def replies(place: Participation) -> None:
    place.state = Participation.State.DECLINED
    place.save()


def gets_a_join_link(place: Participation) -> None:
    place.workshop.join_url = "https://example.org/join/8"
    place.workshop.save()


def is_renamed(place: Participation) -> None:
    place.person.full_name_en = "Mr. James M. Buyekane"
    place.person.save()


def chooses_a_clock(place: Participation) -> None:
    place.person.own_clock = "Asia/Tokyo"
    place.person.save()


def has_a_new_release(place: Participation) -> None:
    session = Session.objects.filter(appearances__person=place.person).first()
    assert session is not None
    session.title_en = "Handover"
    session.save()
    services.publish(event=session.event, now=MORNING)


def says_no_to_every_session(place: Participation) -> None:
    for session in Session.objects.filter(appearances__person=place.person):
        place.session_replies.create(session=session, takes_part=False)


def has_a_new_calendar(place: Participation) -> None:
    personal_links.renew_calendar(person=place.person, now=MORNING)


@pytest.mark.parametrize(
    "happens",
    [
        *(replies, gets_a_join_link, is_renamed, chooses_a_clock),
        *(has_a_new_release, says_no_to_every_session, has_a_new_calendar),
    ],
)
def test_own_page_says_at_once_what_changed(
    happens: Callable[[Participation], None], place: Participation
) -> None:
    client = came_in(place.person)
    before = plain(client.get("/me/").content)
    assert plain(client.get("/me/").content) == before
    happens(place)
    assert plain(client.get("/me/").content) != before


def plain(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


@pytest.mark.parametrize("state", ["withdrawn", "declined", "listed"])
def test_whoever_is_no_longer_let_in_reads_it_no_more(programme: str, state: str) -> None:
    person = make.person_row("Dara Phommachanh")
    row = make.participation_row(person, Workshop.objects.get(key="national"), "accepted")
    client = came_in(person)
    assert b"Keopanya" in client.get(f"/{programme}/").content
    Participation.objects.filter(pk=row.pk).update(state=state)
    assert b"Keopanya" not in client.get(f"/{programme}/").content


def test_closed_link_opens_nothing_that_was_kept(place: Participation) -> None:
    client = came_in(place.person)
    assert b"Buyekane" in client.get("/me/").content
    personal_links.revoke(person=place.person, now=MORNING)
    assert client.get("/me/").status_code == 404


def test_nobody_gets_what_was_drawn_for_another(place: Participation) -> None:
    juny = came_in(Person.objects.get(key="juny-kim"))
    james = came_in(place.person)
    for _time in range(2):
        assert b"<h1>Mr. James" in james.get("/me/").content
        assert b"<h1>Mr. James" not in juny.get("/me/").content


def test_next_part_follows_the_time(place: Participation, monkeypatch: Any) -> None:
    client = came_in(place.person)
    assert b"Your next part" in client.get("/me/").content
    evening: datetime = MORNING + timedelta(hours=12)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    assert b"Your next part" not in client.get("/me/").content


def test_form_of_a_kept_page_is_good_for_every_browser_that_gets_it(place: Participation) -> None:
    browsers = [came_in(place.person) for _number in range(3)]
    for browser in (browsers[0], *browsers):
        page = browser.get("/me/").content
        token = re.findall(rb'csrfmiddlewaretoken" value="(\w+)"', page)[0]
        browser.handler.enforce_csrf_checks = True
        sent = {"zone": "Asia/Tokyo", "csrfmiddlewaretoken": token.decode()}
        assert browser.post("/me/clock/", sent).status_code == 302
        browser.get("/me/")  # on which the message is said


def test_message_is_said_once(place: Participation) -> None:
    client = came_in(place.person)
    client.get("/me/")
    client.post("/me/clock/", {"zone": "Asia/Tokyo"})
    said = [b"Times are those of Tokyo now." in client.get("/me/").content for _time in range(3)]
    assert said == [True, False, False]


def test_calendar_counts_a_change_of_mind_that_leads_back(place: Participation) -> None:
    person = make.person_row("Dara Phommachanh")
    row = make.participation_row(person, place.workshop, "accepted")
    token = tokens.token_of(personal_links.renew_calendar(person=person, now=MORNING))
    client = Client()
    before = client.get(f"/me/calendar/{token}.ics").content
    assert client.get(f"/me/calendar/{token}.ics").content == before
    for state in ("declined", "accepted"):
        row.state = state
        row.save()
    assert client.get(f"/me/calendar/{token}.ics").content != before


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", ""), ("br", "br")]
)
def test_own_calendar_comes_in_the_coding_asked_for(
    james: Person, accepted: str, coding: str
) -> None:
    token = tokens.token_of(personal_links.renew_calendar(person=james, now=MORNING))
    for _time in range(2):
        answer = Client().get(f"/me/calendar/{token}.ics", headers={"accept-encoding": accepted})
        assert answer.headers.get("Content-Encoding", "") == coding
        held = {"accept-encoding": accepted, "if-none-match": answer["ETag"]}
        assert Client().get(f"/me/calendar/{token}.ics", headers=held).status_code == 304


def test_cookie_that_no_database_can_hold_is_nobodys(programme: str) -> None:
    client = Client()
    client.cookies.load('sessionid="aaaaaaaaaaaa\\000"')
    assert client.get(f"/{programme}/").status_code == 200


def test_organisers_page_is_not_kept(organiser_client: Client, programme: str) -> None:
    Workshop.objects.filter(key="national").update(title_en="Renamed", title="Renamed")
    event = Event.objects.get(slug=programme)
    assert b"Renamed" not in organiser_client.get(f"/{programme}/").content
    services.publish(event=event, now=MORNING)
    assert b"Renamed" in organiser_client.get(f"/{programme}/").content
