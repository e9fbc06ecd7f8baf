"""Changes of people in a browser without scripts: choice, preview, change."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.models import Appearance
from sessions_app.publishing.queries import get_draft
from tests.browser.conftest import OpenPage
from workshop.models import Event


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(f"{live_server.url}/desk/{programme}/people/")
    return page


def test_new_person_replaces_another_in_two_of_five_sessions(desk: Page) -> None:
    before = get_draft(Event.objects.get())
    desk.get_by_role("link", name="Replace Mr. James Buyekane").click()
    name, person = desk.get_by_label("Full name"), desk.get_by_label("Person", exact=True)
    expect(name).to_be_hidden()
    desk.get_by_label("A new person").check()
    expect(name).to_be_visible()
    expect(person).to_be_hidden()
    name.fill("Grace Wanjiku")
    desk.get_by_label("Country").select_option("Kenya")
    for box in ("Session 1", "Session 2", "Session 3"):
        desk.get_by_role("checkbox", name=box).uncheck()
    desk.get_by_role("button", name="Preview").click()

    expect(desk.locator(".reassignments tbody tr")).to_have_count(2)
    expect(desk.get_by_role("heading", name="2 roles change")).to_be_in_viewport()
    assert get_draft(Event.objects.get()) == before
    desk.get_by_label("e-mail address").fill("grace@example.org")
    desk.get_by_role("button", name="Change 2 roles").click()

    expect(desk.get_by_role("status")).to_contain_text(
        "Grace Wanjiku replaces Mr. James Buyekane in 2 roles."
    )
    expect(desk.locator("[id='person:grace-wanjiku'] .roles")).to_contain_text("Session 5")
    assert Appearance.objects.filter(person__key="james-buyekane").count() == 3


def test_country_withdraws_and_its_placeholder_gets_a_name(desk: Page) -> None:
    desk.get_by_role("link", name="To be confirmed Ms. Lee Mui Ling").click()
    expect(desk.get_by_label("A name to be confirmed")).to_be_checked()
    desk.get_by_role("textbox", name="Organisation").fill("Public Service Division")
    desk.get_by_role("button", name="Preview").click()
    desk.get_by_role("button", name="Change 3 roles").click()
    desk.get_by_role("link", name="Withdraw Singapore").click()
    expect(desk.get_by_text("17 min of speaking time become free.")).to_be_visible()
    desk.get_by_role("button", name="Withdraw Singapore").click()
    expect(desk.get_by_role("heading", name="Singapore")).to_have_count(0)

    desk.get_by_role("link", name="Enter the name Panelist, Session 4").click()
    desk.get_by_label("A person on the list").check()
    desk.get_by_label("Person", exact=True).select_option("keping-yao")
    desk.get_by_label("Keep the text").check()
    desk.get_by_role("button", name="Preview").click()
    expect(desk.locator(".reassignments td")).to_contain_text("Public Service Division")
    desk.get_by_role("button", name="Change 1 role").click()
    row = Appearance.objects.get(person__key="keping-yao", session__key="session-4")
    assert (row.role, row.organisation) == ("panelist", "Public Service Division")
    expect(desk.get_by_role("link", name="Enter the name")).to_have_count(2)
