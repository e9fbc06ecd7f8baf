"""A person's own page on a telephone: the link, the clock, the reply; without scripts too."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from participants.access import tokens
from participants.models import Letter, Participation, Person, PersonalLink
from participants.personal.reply import Reply
from participants.replies import reply
from sessions_app.models import Session
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import LONG, OPEN_QUESTIONS, STICKING_OUT, VIOLATIONS
from workshop.models import Event, Workshop

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def invited(programme: str) -> Participation:
    """James Buyekane of Kenya, a panelist, invited to the morning, which has a join link."""
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


def come_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url(re.compile(r"/me/$"))


def in_sight(page: Page, name: str) -> bool:
    """Whether a button can be pressed without scrolling."""
    box = page.get_by_role("button", name=name).first.bounding_box()
    assert box
    assert page.viewport_size
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def test_phone_opens_the_link_and_replies_in_two_presses(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(timezone="Africa/Nairobi", **PHONE)
    come_in(page, link)
    expect(page.locator(".next-when")).to_have_text("05:25–05:45 Wed 4 Aug 2021")
    assert all(in_sight(page, name) for name in ("Accept", "Tentative", "Decline"))
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status")).to_have_text(
        "You accepted. A confirmation goes to james@example.org."
    )
    invited.refresh_from_db()
    assert (invited.state, Letter.objects.count()) == ("accepted", 1)
    # Every session is proposed with a yes: one more press says so.
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("status")).to_contain_text("You accepted.")
    assert list(invited.session_replies.values_list("takes_part", flat=True)) == [True] * 5
    page.get_by_role("link", name="Back to your page").click()
    join = page.get_by_role("link", name="Join online")
    expect(join).to_have_attribute("href", "https://example.org/join/7")
    expect(page.get_by_text("Passcode Door-7")).to_be_visible()


def test_device_offers_its_clock_and_it_is_asked_once(open_page: OpenPage, link: str) -> None:
    page = open_page(timezone="Asia/Kathmandu", **PHONE)
    come_in(page, link)
    assert all(in_sight(page, name) for name in ("Accept", "Tentative", "Decline"))
    expect(page.get_by_role("button", name="Nairobi")).to_be_visible()
    page.get_by_role("button", name="This device’s clock").click()
    expect(page.locator(".next-when")).to_have_text("08:10–08:30 Wed 4 Aug 2021")
    expect(page.get_by_text("Which clock do you live by?")).to_have_count(0)
    page.get_by_text("Kathmandu UTC+5:45").first.click()
    page.get_by_label("Show times in").select_option("Asia/Baku")
    page.get_by_role("button", name="Remember it").click()
    expect(page.locator(".next-when")).to_have_text("06:25–06:45 Wed 4 Aug 2021")


def test_everything_works_without_scripts(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(java_script_enabled=False, **PHONE)
    come_in(page, link)
    page.get_by_text("Another", exact=True).click()
    page.get_by_label("Show times in").select_option("Asia/Baku")
    page.get_by_role("button", name="Remember it").click()
    expect(page.locator(".next-when")).to_have_text("06:25–06:45 Wed 4 Aug 2021")
    page.get_by_role("link", name="Reply in full").click()
    page.get_by_label("Tentative").check()
    page.get_by_label("From an own office").check()
    page.get_by_label("Which office").fill("Huduma Centre, Nairobi")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("status")).to_contain_text(
        "You accepted tentatively, from an own office (Huduma Centre, Nairobi)."
    )
    page.get_by_role("link", name="Back to your page").click()
    page.get_by_role("button", name="Leave this device").click()
    expect(page.get_by_role("heading")).to_have_text("This device has left your page")
    page.goto(link.partition("/me/")[0] + "/me/")
    expect(page.get_by_role("heading")).to_have_text("This link opens no page")


def test_form_asks_for_what_goes_with_the_answer(
    open_page: OpenPage, link: str, invited: Participation
) -> None:
    page = open_page(**PHONE)
    come_in(page, link)
    page.get_by_role("link", name="Reply in full").click()
    substitute, office = (
        page.get_by_label(name) for name in ("Who could come instead of you", "Which office")
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
    expect(page.get_by_text("Give their e-mail too")).to_be_visible()
    expect(substitute).to_have_value("Amina Otieno")
    page.get_by_label("Their e-mail").fill("amina@example.org")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_text("Instead of you: Amina Otieno, amina@example.org.")).to_be_visible()
    invited.refresh_from_db()
    assert (invited.state, invited.substitute_name) == ("declined", "Amina Otieno")


def test_address_of_the_link_reaches_nobody(open_page: OpenPage, link: str) -> None:
    """In no Referer, and in no history entry of the page that one stays on."""
    page = open_page(**PHONE)
    token = link.rstrip("/").rpartition("/")[2]
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.all_headers().get("referer", "")))
    come_in(page, link)
    assert [each for each in heard if token in each] == []
    assert (page.url.partition("/me/")[2], token in page.content()) == ("", False)


def test_pages_are_accessible_quiet_and_no_wider_than_a_phone(
    open_page: OpenPage, link: str, invited: Participation, organiser: User
) -> None:
    """Also with texts that nobody would write."""
    site = link.partition("/me/")[0]
    workshop = Workshop.objects.get(key="national")
    other = make.participation_row(invited.person, workshop)
    hostile = make.person_row(LONG[:300], key="long", country="GS")
    long = make.participation_row(hostile, workshop)
    answer = Reply("accepted", "office", LONG[:300], "en", LONG)
    reply(participation=long, answer=answer, now=timezone.now())
    reply(participation=other, answer=answer, now=timezone.now())
    no = ((Session.objects.get(key="session-1").uid, False),)
    reply(participation=invited, answer=Reply("tentative", sessions=no), now=timezone.now())
    page = open_page(bypass_csp=True)
    quiet = open_page(**PHONE)
    heard: list[str] = []
    quiet.on("console", lambda message: heard.append(message.text))
    for each in (page, quiet):
        come_in(each, link)
    make.participation_row(invited.person, make_third(invited))
    signed_in = open_page(signed_in=(site, organiser), bypass_csp=True)
    replies = f"{site}/me/replies/"
    found = []
    for where, paths in (
        (page, (link, f"{site}/me/", f"{replies}{invited.pk}/", f"{replies}{other.pk}/")),
        (signed_in, (f"{site}/desk/odsc-laos-2021/replies/",)),
    ):
        for path in paths:
            where.goto(path)
            found += faults(where, path)
    page.goto(f"{replies}{invited.pk}/")
    page.get_by_label("From an own office").check()
    page.get_by_role("button", name="Send reply").click()
    found += faults(page, "with a mistake")
    signed_in.get_by_role("button", name="Make a link").first.click()
    found += faults(signed_in, "link")
    for path in (link, f"{site}/me/", f"{replies}{invited.pk}/"):
        quiet.goto(path)
    assert (found, heard) == ([], [])


def make_third(invited: Participation) -> Workshop:
    """A workshop that still waits for a reply, in an event of its own."""
    from sessions_app.publishing import services

    workshop: Workshop = make.workshop_row(make.event_row("third", title_en=LONG))
    services.publish(event=workshop.event, now=timezone.now())
    return workshop


def faults(page: Page, where: str) -> list[str]:
    """What axe finds in light and dark, and what sticks out of a narrow window."""
    page.evaluate(OPEN_QUESTIONS)
    page.evaluate(Axe().axe_script)
    found = []
    for width in (320, 360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{where} {width}: {each}" for each in page.evaluate(STICKING_OUT)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            violations = page.evaluate(VIOLATIONS, {"resultTypes": ["violations"]})
            found += [f"{where} {scheme} {width}: {each}" for each in violations]
    return found
