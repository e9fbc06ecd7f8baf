"""Browser tests of personal pages on a phone, with and without JavaScript."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.access import tokens
from participants.models import OutgoingMail, Participation, Person, PersonalLink
from participants.personal.reply import Reply
from sessions_app.models import Session
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import find_problems
from tests.browser.test_accessibility import LONG
from tests.participants.test_replies import save_reply
from workshop.models import Event, Workshop

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def invited(programme: str) -> Participation:
    """James Buyekane of Kenya, panelist, invited to the morning, which has a join link."""
    workshop = Workshop.objects.get(key="international")
    workshop.join_url, workshop.room = "https://example.org/join/7", "MOHA, 2nd floor"
    workshop.join_code = "Door-7"
    workshop.save()
    Event.objects.update(languages="en,lo")
    james = Person.objects.get(key="james-buyekane")
    james.email = "james@example.org"
    james.save()
    return make.participation_row(james, workshop, role="panelist")


@pytest.fixture
def link(live_server: Any, invited: Participation) -> str:
    made = tokens.make_link(
        person=invited.person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now()
    )
    return f"{live_server.url}/me/{tokens.token_of(made)}/"


def sign_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url(re.compile(r"/me/$"))


def is_in_viewport(page: Page, name: str) -> bool:
    """True if a button is visible without scrolling."""
    box = page.get_by_role("button", name=name).first.bounding_box()
    assert box
    assert page.viewport_size
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def test_reply_takes_two_clicks_on_a_phone(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(timezone="Africa/Nairobi", **PHONE)
    sign_in(page, link)
    expect(page.locator(".next-when")).to_have_text("05:25–05:45 Wed 4 Aug 2021")
    assert all(is_in_viewport(page, name) for name in ("Accept", "Tentative", "Decline"))
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_have_text(
        "You accepted. A confirmation will be sent to james@example.org."
    )
    invited.refresh_from_db()
    assert (invited.state, OutgoingMail.objects.count()) == ("accepted", 1)
    # Every session is preset to yes; one more click confirms them.
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("status")).to_contain_text("You accepted.")
    assert list(invited.session_replies.values_list("takes_part", flat=True)) == [True] * 5
    page.get_by_role("link", name="Back to your page").click()
    join = page.get_by_role("link", name="Join online")
    expect(join).to_have_attribute("href", "https://example.org/join/7")
    expect(page.get_by_text("Passcode Door-7")).to_be_visible()


def test_device_zone_is_offered_once(open_page: OpenPage, link: str) -> None:
    page = open_page(timezone="Asia/Kathmandu", **PHONE)
    sign_in(page, link)
    assert all(is_in_viewport(page, name) for name in ("Accept", "Tentative", "Decline"))
    expect(page.get_by_role("button", name="Nairobi")).to_be_visible()
    page.get_by_role("button", name="Time zone of this device").click()
    expect(page.locator(".next-when")).to_have_text("08:10–08:30 Wed 4 Aug 2021")
    expect(page.locator(".choose-zone")).to_have_count(0)
    page.get_by_text("Kathmandu UTC+5:45").first.click()
    page.get_by_label("Show times in").select_option("Asia/Baku")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".next-when")).to_have_text("06:25–06:45 Wed 4 Aug 2021")


def test_everything_works_without_scripts(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(java_script_enabled=False, **PHONE)
    sign_in(page, link)
    page.get_by_text("Another time zone", exact=True).click()
    page.get_by_label("Show times in").select_option("Asia/Baku")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".next-when")).to_have_text("06:25–06:45 Wed 4 Aug 2021")
    page.get_by_role("link", name="Reply with details").click()
    page.get_by_label("Tentative").check()
    page.get_by_label("From an own office").check()
    page.get_by_label("Which office").fill("Huduma Centre, Nairobi")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("status")).to_contain_text(
        "You accepted tentatively, from an own office (Huduma Centre, Nairobi)."
    )
    page.get_by_role("link", name="Back to your page").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading")).to_have_text("You are signed out")
    page.goto(link.partition("/me/")[0] + "/me/")
    expect(page.get_by_role("heading")).to_have_text("This link is not valid")


def test_form_shows_only_fields_that_fit_the_state(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(**PHONE)
    sign_in(page, link)
    page.get_by_role("link", name="Reply with details").click()
    substitute, office = (
        page.get_by_label(name) for name in ("Who could attend instead of you", "Which office")
    )
    page.get_by_label("Accept").check()
    expect(substitute).to_be_hidden()
    expect(office).to_be_hidden()
    page.get_by_label("From an own office").check()
    expect(office).to_be_visible()
    page.get_by_label("Decline").check()
    expect(office).to_be_hidden()
    expect(page.get_by_label("Yes, I take part").first).to_be_hidden()
    substitute.fill("Amina Otieno")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Enter their e-mail too")).to_be_visible()
    expect(substitute).to_have_value("Amina Otieno")
    page.get_by_label("Their e-mail").fill("amina@example.org")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Instead of you: Amina Otieno, amina@example.org.")).to_be_visible()
    invited.refresh_from_db()
    assert (invited.state, invited.substitute_name) == ("declined", "Amina Otieno")


def test_link_url_is_not_disclosed(open_page: OpenPage, link: str) -> None:
    """Neither in a Referer nor in the URL or content of the page."""
    page = open_page(**PHONE)
    token = link.rstrip("/").rpartition("/")[2]
    referers: list[str] = []
    page.on("request", lambda request: referers.append(request.all_headers().get("referer", "")))
    sign_in(page, link)
    assert [referer for referer in referers if token in referer] == []
    assert (page.url.partition("/me/")[2], token in page.content()) == ("", False)


def test_pages_are_accessible_without_console_messages_and_fit_a_phone(
    open_page: OpenPage, link: str, invited: Participation, organiser: User
) -> None:
    """Includes extreme texts."""
    site = link.partition("/me/")[0]
    workshop = Workshop.objects.get(key="national")
    other = make.participation_row(invited.person, workshop)
    hostile = make.person_row(LONG[:300], key="long", country="GS")
    long = make.participation_row(hostile, workshop)
    answer = Reply("accepted", "office", LONG[:300], "en", LONG)
    save_reply(participation=long, answer=answer, now=timezone.now())
    save_reply(participation=other, answer=answer, now=timezone.now())
    no = ((Session.objects.get(key="session-1").uid, False),)
    save_reply(participation=invited, answer=Reply("tentative", sessions=no), now=timezone.now())
    page = open_page(bypass_csp=True)
    quiet = open_page(**PHONE)
    console: list[str] = []
    quiet.on("console", lambda message: console.append(message.text))
    for tab in (page, quiet):
        sign_in(tab, link)
    make.participation_row(invited.person, make_third(invited))
    signed_in = open_page(signed_in=(site, organiser), bypass_csp=True)
    replies = f"{site}/me/replies/"
    problems = []
    for tab, paths in (
        (page, (link, f"{site}/me/", f"{replies}{invited.pk}/", f"{replies}{other.pk}/")),
        (signed_in, (f"{site}/desk/odsc-laos-2021/replies/",)),
    ):
        for path in paths:
            tab.goto(path)
            problems += find_problems(tab)
    page.goto(f"{replies}{invited.pk}/")
    page.get_by_label("From an own office").check()
    page.get_by_role("button", name="Send reply").click()
    problems += find_problems(page)
    signed_in.get_by_role("button", name="Make a link").first.click()
    problems += find_problems(signed_in)
    for path in (link, f"{site}/me/", f"{replies}{invited.pk}/"):
        quiet.goto(path)
    assert (problems, console) == ([], [])


def make_third(invited: Participation) -> Workshop:
    """Workshop without a reply, in an event of its own."""
    from sessions_app.publishing import services

    workshop: Workshop = make.workshop_row(make.event_row("third", title_en=LONG))
    services.publish(event=workshop.event, now=timezone.now())
    return workshop
