"""Draft and releases in a browser: the draft banner stays visible and covers nothing."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.models import Session
from tests.browser.conftest import OpenPage
from tests.browser.problems import OVERFLOWING
from tests.browser.test_accessibility import _tab_until

DESK = "/desk/odsc-laos-2021/"
PAGES = (
    *("draft/", "draft/?as=juny-kim&tz=Asia/Seoul", "compare/", "compare/?old=9"),
    *("releases/", "releases/1/", "releases/2/", "review/"),
)


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    """The desk after a second release, which was published there, and a further edit."""
    page = open_page(
        timezone="Asia/Baku", signed_in=(live_server.url, organiser), reduced_motion="reduce"
    )
    _retitle("Structural Organization of One Stop Shops")
    page.goto(f"{live_server.url}{DESK}review/")
    page.get_by_label("A note for colleagues").fill("Shorter")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Release 2 is published")
    _retitle("Structural Organization of One Stop Shops and their Financing")
    return page


def _retitle(title: str) -> None:
    session = Session.objects.get(key="session-3")
    session.title_en = title
    session.save()


def test_draft_is_seen_as_everybody_and_compared(desk: Page) -> None:
    desk.get_by_role("link", name="Draft", exact=True).click()
    heading = desk.get_by_role("heading", name="of One Stop Shops and their Financing")
    expect(heading).to_have_count(1)
    expect(desk.get_by_role("heading", name="Presentation on ODSC Roadmap")).to_have_count(1)
    desk.get_by_label("View as").select_option("everybody")
    desk.locator(".draft-ways").get_by_role("button", name="Show").click()
    expect(heading).to_have_count(1)
    expect(desk.get_by_role("heading", name="Presentation on ODSC Roadmap")).to_have_count(0)

    desk.get_by_role("link", name="Compare").click()
    expect(desk.locator("ins")).to_have_text(["[added: and their Financing]"])
    desk.get_by_role("link", name="Swap").click()
    expect(desk.locator("del")).to_have_text(["[removed: and their Financing]"])
    desk.get_by_label("From", exact=True).select_option("1")
    desk.get_by_label("To", exact=True).select_option("2")
    desk.get_by_role("button", name="Compare").click()
    expect(desk.locator("main h2")).to_have_text("From release 1 to release 2: 1 change")


def test_draft_banner_stays_visible_and_covers_no_focus(desk: Page) -> None:
    for width in (360, 1440):
        desk.set_viewport_size({"width": width, "height": 600})
        desk.goto(f"{desk.url.partition('/desk/')[0]}{DESK}draft/")
        desk.locator("summary").last.focus()
        stops = _tab_until(desk, "[id='page:tz']", key="Shift+Tab")
        assert [stop["name"] for stop in stops if not stop["seen"]] == []
        desk.evaluate("scrollTo(0, 3000)")
        expect(desk.locator(".draft-band")).to_be_in_viewport(ratio=1)


def test_no_page_of_the_desk_is_wider_than_its_window(desk: Page) -> None:
    site = desk.url.partition("/desk/")[0]
    overflowing = {}
    for path in PAGES:
        desk.goto(f"{site}{DESK}{path}")
        for width in (320, 360, 768, 1440):
            desk.set_viewport_size({"width": width, "height": 900})
            overflowing[path, width] = desk.evaluate(OVERFLOWING)
    assert {page: boxes for page, boxes in overflowing.items() if boxes} == {}
