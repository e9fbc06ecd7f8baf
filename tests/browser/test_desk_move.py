"""Move a session in a browser: preview, latest end, shorter breaks, move, undo."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import find_problems
from workshop.models import Event

MOVE = "/desk/odsc-laos-2021/sessions/opening-remarks/move/"
LATE = "Closing Remarks would end at {}, after 13:15."


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(timezone="Asia/Baku", signed_in=(live_server.url, organiser))
    page.goto(live_server.url + MOVE)
    return page


def retype(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def morning() -> list[str]:
    rows = Session.objects.current().filter(workshop__key="international")
    return [f"{make.LAO.local(row.starts_at):%H:%M}" for row in rows]


def test_opening_grows_by_ten_minutes(desk: Page, event_url: str, open_page: OpenPage) -> None:
    event, before = Event.objects.get(), morning()
    draft = get_draft(event)
    reader = open_page()
    reader.goto(f"{event_url}/")
    public = reader.locator("main").inner_text()
    rows, problems = desk.locator("tbody tr"), desk.locator(".finding.error")
    button = desk.get_by_role("button", name="Move 15 sessions")

    retype(desk, "Ends", "09:00")
    retype(desk, "Latest end", "13:15")
    desk.keyboard.press("Enter")
    expect(rows).to_have_count(15)
    expect(problems).to_have_text([LATE.format("13:25")])
    expect(button).to_have_count(0)

    desk.get_by_label("Shorten breaks").check()
    desk.get_by_role("button", name="Preview").click()
    expect(problems).to_have_text([LATE.format("13:20")])
    assert get_draft(event) == draft

    retype(desk, "Latest end", "")
    desk.get_by_role("button", name="Preview").click()
    expect(problems).to_have_count(0)
    expect(rows.nth(6).locator("td")).to_have_text(["10:45–\u206010:55", "10:55–\u206011:00"])
    button.click()
    desk.wait_for_url(f"**/desk/{event.slug}/")
    expect(desk.get_by_role("status").first).to_have_text(
        "15 sessions moved. Readers see it once you publish."
    )
    after = morning()
    assert (len(after), before[:2], after[:2]) == (15, ["08:30", "08:50"], ["08:30", "09:00"])
    assert (before[6:8], after[6:8]) == (["10:45", "10:55"], ["10:55", "11:00"])
    reader.reload()
    assert reader.locator("main").inner_text() == public

    desk.get_by_role("button", name="15 sessions moved: undo").click()
    expect(desk.get_by_role("status").first).to_have_text(
        "15 sessions are back at their old times."
    )
    assert get_draft(event) == draft


def test_form_with_errors_keeps_what_was_typed(desk: Page) -> None:
    retype(desk, "Starts", "quarter to nine")
    retype(desk, "Ends", "9.10")
    desk.get_by_label("Shorten breaks").check()
    desk.keyboard.press("Enter")
    starts = desk.get_by_label("Starts", exact=True)
    expect(starts).to_have_attribute("aria-invalid", "true")
    expect(starts).to_have_value("quarter to nine")
    expect(desk.get_by_label("Ends", exact=True)).to_have_value("9.10")
    expect(desk.get_by_label("Shorten breaks")).to_be_checked()
    expect(desk.locator(".finding.error")).to_have_text(
        ["Type the time as hours and minutes, such as 13:05."]
    )


def test_pages_are_accessible_and_fit_their_window(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    page = open_page(signed_in=(live_server.url, organiser), bypass_csp=True)
    problems = []
    for query in ("", "?starts_on=2021-08-04&starts=08:30&ends=09:00&end_by=13:15", "?ends=noon"):
        page.goto(live_server.url + MOVE + query)
        problems += find_problems(page)
    assert problems == []
