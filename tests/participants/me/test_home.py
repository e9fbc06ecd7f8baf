"""Tests of personal links and of the personal page."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone

from participants.access import guess_limits, personal_links, tokens
from participants.access.viewer import LINK_SESSION_KEY
from participants.models import Participation, Person, PersonalLink
from participants.personal.self_service_history import SELF_SERVICE_REASON
from sessions_app.publishing import services
from tests import make
from tests.sessions_app.public.test_views import text_of
from workshop.models import Event, Workshop
from workshop.ops.client_network import client_network
from workshop.ops.logs import PersonalLinkFilter
from workshop.ops.rate_limit import RateLimit

pytestmark = pytest.mark.django_db

PAGE, CALENDAR = PersonalLink.Purpose
WRONG = "w" * tokens.LENGTH
JOIN = {"join_url": "https://example.org/join/7", "join_code": "Door-7"}


@pytest.fixture
def james(programme: str) -> Person:
    """Panelist of the morning, from Nairobi."""
    return Person.objects.get(key="james-buyekane")


@pytest.fixture
def national(programme: str) -> Workshop:
    return Workshop.objects.get(key="national")


def link_of(person: Person, **columns: Any) -> str:
    columns = {"purpose": PAGE, "now": timezone.now()} | columns
    return f"/me/{tokens.token_of(tokens.make_link(person=person, **columns))}/"


def signed_in(person: Person) -> Client:
    client = Client()
    assert client.post(link_of(person)).headers["Location"] == "/me/"
    return client


def without_form_token(answer: Any) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", answer.content)


# The link


def test_link_shows_the_same_page_for_every_token_and_is_not_used_up(james: Person) -> None:
    old = link_of(james)
    PersonalLink.objects.update(revoked_at=timezone.now())
    paths = (link_of(james), old, f"/me/{WRONG}/", "/me/x/")
    answers = [Client().get(path) for path in paths]
    assert len({without_form_token(answer) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    page = answers[0].content.decode()
    assert "Buyekane" not in page
    assert "One-Door" not in page
    assert "<title>Your page</title>" in page
    assert '<meta name="robots" content="noindex">' in page
    assert answers[0]["Referrer-Policy"] == "no-referrer"
    assert answers[0]["Cache-Control"] == "private, no-store"
    assert list(answers[0].cookies) == ["csrftoken"]
    assert not PersonalLink.objects.exclude(opened_at=None)


def test_button_exchanges_the_link_for_a_session_of_ninety_days(james: Person) -> None:
    client, path = Client(), link_of(james)
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    answer = client.post(path)
    link = PersonalLink.objects.get(purpose=PAGE)
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.session[LINK_SESSION_KEY] == str(link.pk)
    assert client.session.session_key != key
    assert client.session.get_expiry_age() == 90 * 24 * 3600
    assert link.opened_at is not None
    assert client.get("/me/").status_code == 200


def test_session_lasts_from_the_last_day_on_which_the_page_was_seen(james: Person) -> None:
    client = signed_in(james)
    session = client.session
    session["personal_page_seen"] = "2021-08-01"
    session.set_expiry(60)
    session.save()
    client.get("/me/")
    assert client.session.get_expiry_age() > 60
    with_nothing_to_write = client.get("/me/")
    assert "sessionid" not in with_nothing_to_write.cookies


def test_organisers_session_lasts_no_longer_for_a_personal_link(
    organiser_client: Client, james: Person
) -> None:
    before = organiser_client.session.get_expiry_age()
    organiser_client.post(link_of(james))
    assert organiser_client.session.get_expiry_age() == before
    assert "Buyekane" in text_of(organiser_client.get("/me/"))
    organiser_client.post("/me/leave/")
    assert organiser_client.get("/me/").status_code == 404
    assert organiser_client.get("/desk/odsc-laos-2021/").status_code == 200


@pytest.mark.parametrize("secure", [False, True])
def test_form_token_is_required_and_sufficient_without_origin_and_referer(
    james: Person, secure: bool
) -> None:
    client, path = Client(enforce_csrf_checks=True), link_of(james)
    client.get(path, secure=secure)
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}

    def status(data: dict[str, str], **headers: str) -> int:
        return client.post(path, data, secure=secure, headers=headers).status_code

    assert status({}, origin="null") == 403
    assert status({"csrfmiddlewaretoken": "y" * 64}, origin="null") == 403
    assert status(sent, origin="https://elsewhere.example") == 403
    assert not PersonalLink.objects.exclude(opened_at=None)
    assert status(sent) == 302
    assert status(sent, origin="null") == 302


def test_unknown_expired_and_revoked_links_get_the_same_response(james: Person) -> None:
    revoked = link_of(james)
    PersonalLink.objects.update(revoked_at=timezone.now())
    paths = (
        revoked,
        link_of(james, expires_at=timezone.now() - timedelta(seconds=1)),
        link_of(james, purpose=CALENDAR),
        f"/me/{WRONG}/",
    )
    answers = [Client().post(path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in (*answers, Client().get("/me/"))}) == 1
    assert answers[0]["Referrer-Policy"] == "no-referrer"
    assert not any("sessionid" in answer.cookies for answer in answers)


def test_rate_limit_stops_one_network_and_reveals_nothing(james: Person) -> None:
    client, right = Client(), link_of(james)
    limit = guess_limits.LIMITS[PAGE][0].maximum
    tried = [client.post(f"/me/{number:043}/") for number in range(limit)]
    assert {answer.status_code for answer in tried} == {404}
    stopped = [client.post(path) for path in (f"/me/{WRONG}/", right)]
    assert {answer.status_code for answer in stopped} == {429}
    assert stopped[0].content == stopped[1].content
    assert 0 < int(stopped[0]["Retry-After"]) <= 600
    assert "Try again in" in text_of(stopped[0])
    assert client.get(right).status_code == 200
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.post(right).status_code == 302


def test_rate_limit_stops_all_networks_until_the_window_ends(
    settings: Any, monkeypatch: Any
) -> None:
    limits = RateLimit("page", 2), RateLimit("pages", 3)
    monkeypatch.setitem(guess_limits.LIMITS, PAGE, limits)
    now = make.at(8)

    def request_from(address: str) -> Any:
        return RequestFactory().get("/", REMOTE_ADDR=address)

    for address in ("2001:db8::1", "2001:db8::2", "203.0.113.9"):
        assert guess_limits.seconds_to_wait(request_from(address), PAGE, now) == 0
        guess_limits.count_failure(request_from(address), PAGE, now)
    # An IPv6 /64 is one network, and the overall limit is reached.
    for address in ("2001:db8::3", "198.51.100.1"):
        assert guess_limits.seconds_to_wait(request_from(address), PAGE, now) == 600
    assert guess_limits.seconds_to_wait(request_from("198.51.100.1"), CALENDAR, now) == 0
    later = now + timedelta(seconds=600)
    assert guess_limits.seconds_to_wait(request_from("2001:db8::3"), PAGE, later) == 0


def test_network_is_read_from_the_proxy_header_only_behind_a_proxy(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "10.0.0.1, 203.0.113.9"})
    assert client_network(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True
    assert client_network(request) == "203.0.113.9"


def test_tokens_stay_out_of_logs(caplog: Any, james: Person) -> None:
    caplog.set_level(logging.WARNING, "django.request")
    client = Client(enforce_csrf_checks=True)
    client.post(f"/me/{WRONG}/")
    client = Client()
    for number in range(guess_limits.LIMITS[PAGE][0].maximum + 1):
        client.post(f"/me/{number:043}/")
    client.get(f"/me/calendar/{WRONG}.ics")
    assert "Not Found: /me/…" in caplog.text
    assert "Too Many Requests: /me/…" in caplog.text
    assert "Forbidden (CSRF cookie not set.): /me/…" in caplog.text
    assert WRONG not in caplog.text
    assert f"{3:043}" not in caplog.text


def test_log_line_of_the_development_server_has_no_token(caplog: Any) -> None:
    filters = logging.getLogger("django.server").filters
    assert [type(item) for item in filters] == [PersonalLinkFilter]
    line = '"%s" %s %s', (f"GET /me/{WRONG}/?a=1 HTTP/1.1", "200", "-")
    record = logging.LogRecord("django.server", logging.INFO, "", 0, *line, None)
    assert filters[0].filter(record)
    assert record.getMessage() == '"GET /me/… HTTP/1.1" 200 -'
    plain = logging.LogRecord("x", logging.INFO, "", 0, "GET /me/ HTTP/1.1", (), None)
    assert filters[0].filter(plain)
    assert plain.getMessage() == "GET /me/ HTTP/1.1"


def test_revoked_link_is_refused_everywhere_at_once(james: Person) -> None:
    client = signed_in(james)
    row = make.participation_row(james, Workshop.objects.get(key="international"))
    token = personal_links.calendar_token(james, timezone.now())
    personal_links.revoke(person=james, now=timezone.now())
    status_codes = {
        *(client.get(path).status_code for path in ("/me/", f"/me/replies/{row.pk}/")),
        client.post(f"/me/replies/{row.pk}/", {"quick": "accepted"}).status_code,
        client.post("/me/clock/", {"zone": "Asia/Baku"}).status_code,
        client.post("/me/calendar/").status_code,
        client.get(f"/me/calendar/{token}.ics").status_code,
    }
    assert status_codes == {404}
    row.refresh_from_db()
    assert row.state == "invited"


def test_sign_out_forgets_the_person_on_this_device(james: Person) -> None:
    client = signed_in(james)
    assert "You are signed out" in text_of(client.post("/me/leave/"))
    assert dict(client.session) == {}
    assert client.get("/me/").status_code == 404
    assert client.get("/me/leave/").status_code == 405


# The page


def test_page_shows_own_sessions_questions_and_times_in_the_persons_zone(james: Person) -> None:
    answer = signed_in(james).get("/me/")
    text = text_of(answer)
    assert answer["Cache-Control"] == "private, no-store"
    assert "Your first session 05:25 – 05:45 Wed 4 Aug 2021 Session 1: Critical Role" in text
    assert "Panelist · 3 questions, 5 min per country" in text
    assert "times in Nairobi · EAT, UTC+3" in text
    assert "Nairobi , Wed 4 Aug 06:05 – 06:30 Lao Time , Wed 4 Aug 10:05 – 10:30 Session 2" in text
    assert "Ms. Juny Kim" in text
    assert "Azerbaijan, Kenya and Vietnam 5 min per country" in text
    # Questions to others and sessions of others are not shown.
    assert "Azerbaijan and Bangladesh" not in text
    assert "Session 4" not in text
    assert "Keopanya" not in text
    links_out = re.findall(r'href="(/odsc[^"]*)"', answer.content.decode())
    assert "/odsc-laos-2021/people/james-buyekane/briefing.pdf" in links_out
    assert "/odsc-laos-2021/?tz=Africa/Nairobi" in links_out


def test_briefing_of_the_own_page_opens(james: Person) -> None:
    client = signed_in(james)
    assert (
        client.get("/odsc-laos-2021/people/james-buyekane/briefing.pdf")["Content-Type"]
        == "application/pdf"
    )
    assert client.get("/odsc-laos-2021/people/juny-kim/briefing.pdf").status_code == 404


@pytest.mark.parametrize(
    ("state", "sees_link", "is_asked"),
    [
        ("listed", False, False),
        ("invited", True, True),
        ("accepted", True, False),
        ("tentative", True, False),
        ("declined", False, False),
        ("withdrawn", False, False),
    ],
)
def test_join_link_is_for_registered_participants(
    national: Workshop, state: str, sees_link: bool, is_asked: bool
) -> None:
    for name, value in JOIN.items():
        setattr(national, name, value)
    national.save()
    person = make.person_row("Dara Phommachanh", country="LA")
    make.participation_row(person, national, state)
    page = signed_in(person).get("/me/").content.decode()
    assert all((value in page) == sees_link for value in JOIN.values())
    assert ("Will you attend?" in page) == is_asked
    assert ("nothing here for you" in page) == (state in ("listed", "withdrawn"))


def test_presenter_of_one_closed_item_sees_no_join_link(national: Workshop) -> None:
    Workshop.objects.filter(pk=national.pk).update(**JOIN)
    page = signed_in(Person.objects.get(key="debashis-nag")).get("/me/").content.decode()
    assert "Debashis Nag" in page
    assert [value for value in JOIN.values() if value in page] == []
    assert "Roadmap" not in page


def test_page_has_every_event_the_next_one_first(james: Person) -> None:
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for slug, days in (("later", 20), ("soon", 2)):
        workshop = make.workshop_row(
            make.event_row(slug, title_en=slug.capitalize()),
            starts_at=now + timedelta(days=days),
            ends_at=now + timedelta(days=days, hours=3),
        )
        session = make.session_row(
            workshop, starts_at=workshop.starts_at, ends_at=workshop.ends_at, title_en=f"In {slug}"
        )
        make.appearance_row(james, session=session)
        services.publish(event=workshop.event, now=now)
    page = signed_in(james).get("/me/").content.decode()
    titles = re.findall(r'class="me-title"><a [^>]*>([^<]*)<', page)
    assert [title.split()[0] for title in titles] == ["Soon", "Later", "Peer-to-Peer"]
    assert re.findall(r'class="next-name">([^<]*)<', page) == [
        *("Your next session", "Your next session", "Your first session")
    ]
    names = re.findall(r'\bid="([^"]+)"', page)
    assert len(names) == len(set(names))


def test_page_takes_as_few_queries_for_sixty_people_as_for_one(
    james: Person, django_assert_max_num_queries: Any
) -> None:
    workshop = Workshop.objects.get(key="international")
    make.participation_row(james, workshop)
    client = signed_in(james)
    for _without_and_with_the_cookie_of_forms in range(2):
        with django_assert_max_num_queries(20):
            client.get("/me/")
    with django_assert_max_num_queries(10):
        client.get("/me/")
    for number in range(60):
        make.participation_row(make.person_row(f"Delegate {number}"), workshop)
    with django_assert_max_num_queries(19):
        client.get("/me/")


# The time zone


def test_zone_is_chosen_once_and_used_on_every_device(james: Person) -> None:
    client = signed_in(james)
    assert 'id="me:choose-zone"' in client.get("/me/").content.decode()
    answer = client.post("/me/clock/", {"zone": "Asia/Kathmandu"}, follow=True)
    assert "Your time zone is now Kathmandu." in text_of(answer)
    assert "Your first session 08:10 – 08:30" in text_of(answer)
    assert 'id="me:choose-zone"' not in answer.content.decode()
    assert "Kathmandu UTC+5:45" in text_of(signed_in(james).get("/me/"))
    history = Person.history.filter(uid=james.pk).latest()  # type: ignore[attr-defined]
    assert (history.own_clock, history.history_user, history.history_change_reason) == (
        *("Asia/Kathmandu", None),
        SELF_SERVICE_REASON,
    )
    # The public page of the person still uses the country's zone.
    assert b"Kathmandu" not in Client().get("/odsc-laos-2021/people/james-buyekane/").content[:9000]


@pytest.mark.parametrize("zone", ["", "EST", "Mars/Phobos", "Etc/GMT+5", "<b>x", "x" * 5000])
def test_unknown_zone_is_refused_by_name(james: Person, zone: str) -> None:
    client = signed_in(james)
    answer = client.post("/me/clock/", {"zone": zone}, follow=True)
    assert "is not a known time zone" in text_of(answer)
    james.refresh_from_db()
    assert james.own_clock == ""


def test_person_without_a_country_sees_the_events_zone(national: Workshop) -> None:
    person = make.person_row("Dara Phommachanh")
    make.participation_row(person, national)
    assert "Vientiane UTC+7" in text_of(signed_in(person).get("/me/"))


# The organiser


def test_organiser_creates_renews_and_revokes_a_link(
    organiser: User, organiser_client: Client, james: Person
) -> None:
    path = "/desk/odsc-laos-2021/participants/james-buyekane/link/"

    def post(action: str) -> str:
        answer = organiser_client.post(path, {"do": action})
        assert answer["Cache-Control"] == "private, no-store"
        match = re.search(r'value="http://testserver(/me/[\w-]+/)"', answer.content.decode())
        return match[1] if match else text_of(answer)

    first = post("make")
    client = Client()
    assert client.post(first).status_code == 302
    assert PersonalLink.objects.get(purpose=PAGE).made_by == organiser
    board = text_of(organiser_client.get("/desk/odsc-laos-2021/replies/"))
    assert f"opened {timezone.localtime(timezone.now(), make.LAO.info):%a}" in board
    second = post("renew")
    assert second != first
    assert client.get("/me/").status_code == 404
    assert [Client().post(path).status_code for path in (first, second)] == [404, 302]
    assert "All links of Mr. James Buyekane are closed" in post("revoke")
    assert Client().post(second).status_code == 404
    assert "has no link to revoke" in post("revoke")
    assert organiser_client.post(path, {"do": "?"}).status_code == 404
    assert organiser_client.get(path).status_code == 405


def test_links_are_created_only_with_permission_and_for_people_of_this_event(james: Person) -> None:
    path = "/desk/odsc-laos-2021/participants/{}/link/"
    staff = User.objects.create_user("reader", is_staff=True)
    client = Client()
    assert client.post(path.format("james-buyekane"), {"do": "make"}).status_code == 302
    client.force_login(staff)
    assert client.post(path.format("james-buyekane"), {"do": "make"}).status_code == 403
    stranger = make.person_row("Somebody Else")
    client.force_login(make.account("editor", "Editor"))
    assert client.post(path.format("james-buyekane"), {"do": "make"}).status_code == 403
    client.force_login(make.account("organiser", "Organiser"))
    assert client.post(path.format(stranger.key), {"do": "make"}).status_code == 404
    assert not PersonalLink.objects.exists()


def test_person_in_an_unpublished_event_sees_nothing_of_it(db: None) -> None:
    workshop = make.workshop_row(make.event_row(title_en="Secret plan"))
    person = make.person_row()
    row: Participation = make.participation_row(person, workshop)
    client = signed_in(person)
    assert "nothing here for you" in text_of(client.get("/me/"))
    answer = client.post(f"/me/replies/{row.pk}/", {"quick": "accepted"}, follow=True)
    assert "the programme is not published" in text_of(answer)
    assert "Secret plan" not in answer.content.decode()
    assert Event.objects.count() == 1
