"""Mails as programs show them: on a telephone, in the dark, with text that nobody would write."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from participants.models import Letter, Person
from sessions_app.models import Session
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import KOREAN, LONG, MARKUP, STICKING_OUT, VIOLATIONS
from tests.mails import JOIN, delegate, made, on_list, publish, send
from workshop.models import Event

# A mail is shown within a page that has landmarks of its own.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
KINDS = ("invitation", "reminder", "change", "joining", "cancellation")


@pytest.fixture
def event(live_server: Any, programme: str) -> Event:
    """Everybody was invited and told how to join, then times, people and the link changed."""
    event = Event.objects.get(slug=programme)
    on_list(event)
    delegate(event)
    send(event, "invitation")
    morning = event.workshops.get(key="international")
    morning.join_url = JOIN
    morning.save()
    send(event, "joining")
    session = Session.objects.get(key="session-5")
    session.ends_at, session.status = make.at(12, 40), "tentative"
    session.save()
    session.appearances.filter(person__key="ruslan-akbarov").get().delete()
    morning.join_code = "48151623"
    morning.save()
    publish(event)
    return event


def shown(page: Page, event: Event, kind: str, key: str = "juny-kim") -> Page:
    page.set_content(made(event, kind, key).written.html)
    return page


def test_mail_fits_every_screen(event: Event, open_page: OpenPage) -> None:
    Session.objects.filter(key="session-3").update(title_en=LONG[:300], note_en=f"{LONG}\n{KOREAN}")
    Person.objects.filter(key="abdul-aliyev").update(full_name_en=MARKUP, position_en=LONG[:400])
    Event.objects.update(title_en=LONG[:2000], office_name_en=KOREAN)
    publish(event, hour=11)
    page = open_page()
    found = {}
    for kind in KINDS:
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found[kind, width] = shown(page, event, kind).evaluate(STICKING_OUT)
    assert {where: what for where, what in found.items() if what} == {}
    assert page.locator("img").count() == 0


def test_axe_finds_nothing_in_a_mail(event: Event, open_page: OpenPage) -> None:
    page = open_page(width=360)
    found = []
    for kind in KINDS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            shown(page, event, kind).evaluate(Axe().axe_script)
            found += [f"{kind} {scheme} {each}" for each in page.evaluate(VIOLATIONS, RULES)]
    assert found == []


def test_organiser_looks_at_a_mail_and_sends_it_to_some(
    live_server: Any, event: Event, organiser: User, open_page: OpenPage
) -> None:
    """Without scripts."""
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/{event.slug}/letters/")
    page.get_by_role("link", name="Notice of change").click()
    page.get_by_role("link", name="Preview Ms. Juny Kim").click()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="What has changed")).to_be_visible()
    expect(mail.get_by_text("This replaces what you were sent before.")).to_be_visible()

    page.get_by_role("link", name="Notice of change: everybody").click()
    page.get_by_role("link", name="Untick all").click()
    page.get_by_role("checkbox", name="Ms. Juny Kim").check()
    page.get_by_role("button", name="Send to those ticked").click()
    expect(page.get_by_role("status")).to_have_text(
        "1 mail is in the outbox and goes out by itself."
    )
    assert Letter.objects.get(kind="change").to == "juny-kim@example.org"
