"""Copy an event and change its time zone, in a browser without scripts."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app import models
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import find_problems
from workshop.models import Event

DESK = "/desk/odsc-laos-2021/"


@pytest.fixture
def board(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(live_server.url + DESK)
    return page


def test_event_is_copied_to_november(board: Page) -> None:
    board.get_by_role("link", name="Copy to a new date").click()
    board.get_by_label("First day").fill("2021-11-10")
    board.get_by_role("button", name="Preview").click()
    changed = board.locator("tr.changes")
    expect(changed).to_contain_text(["1 hour earlier"] * 2)
    expect(board.get_by_label("Address")).to_have_value("odsc-laos-2021-11")

    board.get_by_label("Address").fill("desk")
    board.get_by_label("Title", exact=True).fill("Follow-up")
    board.get_by_role("button", name="Copy the event").click()
    expect(board.locator(".finding.error")).to_have_text(
        ["The site itself uses the address “desk”. Choose another."]
    )
    board.get_by_label("Address").fill("follow-up")
    board.get_by_role("button", name="Copy the event").click()
    board.wait_for_url("**/desk/follow-up/")
    expect(board.locator(".message")).to_contain_text("This is the copy, on Wednesday 10 Nov")
    expect(board.locator(".handle")).to_have_count(20)
    expect(board.locator(".desk-event a").last).to_have_text("Follow-up")


def test_timezone_is_changed_with_the_moments_kept(board: Page) -> None:
    board.get_by_role("link", name="Change time zone").click()
    expect(board.get_by_label("Keep the clock times")).to_be_checked()
    board.get_by_label("New time zone", exact=True).fill("kst")
    board.get_by_label("Keep the actual moments").check()
    board.get_by_role("button", name="Preview").click()
    cells = board.locator("tbody tr").first.locator("td")
    expect(cells).to_have_text(["08:30–\u206013:15", "10:30–\u206015:15"])
    board.get_by_role("button", name="Change time zone").click()
    board.wait_for_url(f"**{DESK}")
    expect(board.locator(".totals strong").first).to_have_text("Wed 4 Aug 10:30–15:15")
    assert models.Session.objects.get(key="opening-remarks").starts_at == make.at(8, 30)
    assert Event.objects.get().zone == "Asia/Seoul"


def test_pages_are_accessible_and_fit_their_window(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    page = open_page(signed_in=(live_server.url, organiser), bypass_csp=True)
    problems = []
    for path in (
        *("copy/", "copy/?starts_on=2021-11-10", "timezone/?zone=x"),
        *("timezone/?zone=KST&keep=clock", "timezone/?zone=America/New_York&keep=moments"),
    ):
        page.goto(live_server.url + DESK + path)
        problems += find_problems(page)
    assert problems == []
