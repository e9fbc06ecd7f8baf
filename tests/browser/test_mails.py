"""E-mails in a browser: narrow screens, dark mode, extreme texts."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from participants.models import OutgoingMail, Person
from sessions_app.models import Session
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import OVERFLOWING, VIOLATIONS
from tests.browser.test_accessibility import KOREAN, LONG, MARKUP
from tests.mails import JOIN, add_delegate, add_panelists, draft_for, publish, send
from workshop.models import Event

# Mail programs show an e-mail within a page that has its own landmarks.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
KINDS = ("invitation", "reminder", "change", "joining", "cancellation")


@pytest.fixture
def event(live_server: Any, programme: str) -> Event:
    """An event with changed times, people and join link after invitations and joining e-mails."""
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    add_delegate(event)
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


def show(page: Page, event: Event, kind: str, key: str = "juny-kim") -> Page:
    page.set_content(draft_for(event, kind, key).rendered.html)
    return page


def test_mail_fits_every_screen(event: Event, open_page: OpenPage) -> None:
    Session.objects.filter(key="session-3").update(title_en=LONG[:300], note_en=f"{LONG}\n{KOREAN}")
    Person.objects.filter(key="abdul-aliyev").update(full_name_en=MARKUP, position_en=LONG[:400])
    Event.objects.update(title_en=LONG[:2000], office_name_en=KOREAN)
    publish(event, hour=11)
    page = open_page()
    findings = {}
    for kind in KINDS:
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            findings[kind, width] = show(page, event, kind).evaluate(OVERFLOWING)
    assert {case: elements for case, elements in findings.items() if elements} == {}
    assert page.locator("img").count() == 0


def test_axe_finds_nothing_in_a_mail(event: Event, open_page: OpenPage) -> None:
    page = open_page(width=360)
    findings = []
    for kind in KINDS:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            show(page, event, kind).evaluate(Axe().axe_script)
            findings += [
                f"{kind} {scheme} {violation}" for violation in page.evaluate(VIOLATIONS, RULES)
            ]
    assert findings == []


def test_organiser_previews_a_mail_and_sends_it_to_selected_people(
    live_server: Any, event: Event, organiser: User, open_page: OpenPage
) -> None:
    """Without scripts."""
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/{event.slug}/mails/")
    page.get_by_role("link", name="Notice of change").click()
    page.get_by_role("link", name="Preview Ms. Juny Kim").click()
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="What has changed")).to_be_visible()
    expect(mail.get_by_text("This replaces what you were sent before.")).to_be_visible()

    page.get_by_role("link", name="Notice of change: all recipients").click()
    page.get_by_role("link", name="Deselect all").click()
    page.get_by_role("checkbox", name="Ms. Juny Kim").check()
    page.get_by_role("button", name="Send to selected people").click()
    expect(page.get_by_role("status")).to_have_text(
        "1 e-mail is in the outbox and will be sent automatically."
    )
    assert OutgoingMail.objects.get(kind="change").to == "juny-kim@example.org"
