"""Publishing from the desk: readers see a change once published, and never an error."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.models import Release, Session
from tests.browser.conftest import OpenPage

DESK = "/desk/odsc-laos-2021/"
TITLE = "Leadership that Opens One Door"


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(signed_in=(live_server.url, organiser))
    page.goto(live_server.url + DESK)
    return page


@pytest.fixture
def reader(event_url: str, open_page: OpenPage) -> Page:
    page = open_page(timezone="Asia/Baku")
    page.goto(f"{event_url}/")
    return page


def title(reader: Page) -> str:
    reader.reload()
    return reader.locator("#session-1 h4").inner_text()


def test_readers_see_a_change_once_it_is_published(desk: Page, reader: Page) -> None:
    old = title(reader)
    session = Session.objects.get(key="session-1")
    session.title_en = TITLE
    session.save()
    desk.reload()
    desk.get_by_role("link", name="1 change since release 1").click()
    expect(desk.locator(".differences td").get_by_text(TITLE).first).to_be_visible()
    assert title(reader) == old

    desk.get_by_label("A note").click()
    desk.keyboard.type("Asked for by the minister")
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Release 2 is published")
    assert title(reader) == TITLE
    assert Release.objects.newest("odsc-laos-2021").note == "Asked for by the minister"
    assert "Asked for by the minister" not in reader.content()


def test_publishing_is_refused_with_the_reason_and_readers_see_no_change(
    desk: Page, reader: Page
) -> None:
    public = reader.locator("main").inner_text()
    desk.get_by_role("link", name="Review and publish").click()
    desk.get_by_label("A note").click()
    desk.keyboard.type("Typed with care")
    closing = Session.objects.get(key="closing-remarks")
    closing.title_en, closing.ends_at = "Farewell", closing.ends_at + timedelta(hours=1)
    closing.save()  # while the page is open

    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("Not published")
    expect(desk.locator("main")).to_contain_text(
        "“Farewell” is at 13:10–14:15, but its workshop is announced for 08:30–13:15. "
        "Move it, or change the announced hours."
    )
    expect(desk.get_by_label("A note")).to_have_value("Typed with care")
    expect(desk.get_by_role("button", name="Publish", exact=True)).to_be_disabled()
    reader.reload()
    assert reader.locator("main").inner_text() == public
    assert Release.objects.count() == 1
