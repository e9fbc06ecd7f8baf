"""Edit page of a session in a browser: people and questions, errors, concurrent edits."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Locator, Page, expect

from participants.models import Person
from sessions_app import models
from tests.browser.conftest import OpenPage

BOARD = "/desk/odsc-laos-2021/"


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    """The board, on the screen of somebody in New York."""
    page = open_page(timezone="America/New_York", signed_in=(live_server.url, organiser))
    page.goto(live_server.url + BOARD)
    return page


def rows(page: Page, prefix: str) -> Locator:
    return page.locator(f'[id="{prefix}-data"] > .form-group:not(.empty-form)')


def add(page: Page, prefix: str) -> Locator:
    page.locator(f'[id="{prefix}-data"] > .form-actions a.add-row').click()
    return rows(page, prefix).last


def choose(row: Locator, column: str, *typed: str) -> None:
    """Type into a search box and select the match."""
    page = row.page
    row.locator(f".field-{column} .select2-selection").first.click()
    for text in typed:
        page.keyboard.type(text)
        expect(page.locator(".select2-results__option--highlighted")).to_contain_text(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def add_panelist(page: Page, typed: str) -> None:
    row = add(page, "appearances")
    row.get_by_label("Role").select_option("panelist")
    choose(row, "person", typed)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def open_row(page: Page) -> None:
    page.locator("#session-1 .session-cell > a").click()
    expect(page.locator("output")).to_contain_text("20 min")


def test_panel_with_two_panelists_and_three_questions_in_one_save(desk: Page) -> None:
    desk.locator("#session-2").get_by_role("link", name="Add after").click()
    line = desk.locator("output")
    expect(line).to_have_text("The end is not after the start.")
    desk.locator("[name=ends_at_1]").fill("11:00")
    expect(line).to_have_text(
        "30 min KST Wed 4 Aug 12:30–13:00 EST Tue 3 Aug 23:30–Wed 4 Aug 00:00"
    )
    desk.get_by_label("Title (English)").first.fill("Doors <b>and</b> desks")
    desk.get_by_label("Kind").select_option("panel")
    add_panelist(desk, "Juny")
    add_panelist(desk, "Buyekane")
    block = add(desk, "question_blocks")
    choose(block, "countries", "Republic of Korea", "Kenya")
    block.get_by_label("Minutes", exact=True).fill("5")
    for number in (1, 2, 3):
        question = add(desk, "question_blocks-0-questions")
        question.get_by_label("Question (English)").fill(f"What opens door {number}?")
    save(desk)
    # It is not said if the minutes are per country or in total: nothing is saved, nothing is lost.
    expect(desk.get_by_text("Say with the minutes whether")).to_be_visible()
    expect(rows(desk, "appearances")).to_have_count(2)
    expect(desk.locator(".field-person .select2-selection__rendered").first).to_contain_text("Juny")
    expect(desk.locator("[name=question_blocks-0-countries] option:checked")).to_have_text(
        ["Republic of Korea", "Kenya"]
    )
    assert models.Session.objects.filter(title_en__startswith="Doors").count() == 0
    desk.get_by_label("Minutes are").first.select_option("per_country")
    save(desk)

    desk.wait_for_url("**/desk/odsc-laos-2021/#*")
    expect(desk.locator("table a").get_by_text("Doors <b>and</b> desks").first).to_be_visible()
    session = models.Session.objects.get(title_en="Doors <b>and</b> desks")
    block_row = session.question_blocks.get()
    assert [str(appearance.person) for appearance in session.appearances.all()] == [
        "Ms. Juny Kim",
        "Mr. James Buyekane",
    ]
    assert ([c.code for c in block_row.countries], block_row.minutes) == (["KR", "KE"], 5)
    assert [question.text_en for question in block_row.questions.all()] == [
        f"What opens door {number}?" for number in (1, 2, 3)
    ]


def test_person_is_added_without_leaving_the_page(desk: Page) -> None:
    open_row(desk)
    desk.get_by_label("Title (Lao)").first.fill("ຫົວຂໍ້")
    row = add(desk, "appearances")
    row.get_by_label("Role").select_option("panelist")
    with desk.expect_popup() as opened:
        row.get_by_role("link", name="Somebody new").click()
    popup = opened.value
    popup.get_by_label("Form of address (English)").fill("Ms.")
    popup.get_by_label("Full name (English)").fill("Dara Phommachanh")
    popup.get_by_role("button", name="Save", exact=True).click()
    expect(row.locator(".field-person .select2-selection__rendered")).to_contain_text("Dara")
    save(desk)
    desk.wait_for_url("**/desk/odsc-laos-2021/#session-1")
    session = models.Session.objects.get(key="session-1")
    assert (session.title_lo, str(session.appearances.last())) == ("ຫົວຂໍ້", "Ms. Dara Phommachanh")
    person = Person.objects.get(full_name_en="Dara Phommachanh")
    assert (person.key, person.sort_name) == ("dara-phommachanh", "Phommachanh, Dara")


def test_people_are_reordered_by_mouse(desk: Page) -> None:
    open_row(desk)
    grips = desk.locator('[id="appearances-data"] .cursor-move')
    names = [
        str(appearance)
        for appearance in models.Session.objects.get(key="session-1").appearances.all()
    ]
    desk.wait_for_function("window.Alpine && document.querySelector('.cursor-move')")
    grips.nth(3).drag_to(grips.nth(0), target_position={"x": 10, "y": 2})
    expect(rows(desk, "appearances").first).to_contain_text("Vu Thi Kim Chi")
    save(desk)
    desk.wait_for_url("**/desk/odsc-laos-2021/#session-1")
    after = [
        str(appearance)
        for appearance in models.Session.objects.get(key="session-1").appearances.all()
    ]
    assert after == [names[3], *names[:3]]


def test_people_are_reordered_by_keyboard(desk: Page) -> None:
    open_row(desk)
    names = [
        str(appearance)
        for appearance in models.Session.objects.get(key="session-1").appearances.all()
    ]
    desk.locator('[id="appearances-data"] .cursor-move').nth(3).focus()
    for _ in range(3):
        desk.keyboard.press("ArrowUp")
    expect(rows(desk, "appearances").first).to_contain_text("Vu Thi Kim Chi")
    save(desk)
    desk.wait_for_url("**/desk/odsc-laos-2021/#session-1")
    after = [
        str(appearance)
        for appearance in models.Session.objects.get(key="session-1").appearances.all()
    ]
    assert after == [names[3], *names[:3]]


def test_concurrent_edits_of_two_organisers(
    desk: Page, live_server: Any, open_page: OpenPage
) -> None:
    bob = User.objects.create_superuser("bob", first_name="Bob")
    other = open_page(signed_in=(live_server.url, bob))
    other.goto(live_server.url + BOARD)
    for page in (desk, other):
        open_row(page)
    other.get_by_text("Place, notes and more").click()
    other.get_by_label("Place (English)").first.fill("Hall 2")
    save(other)
    other.wait_for_url("**/desk/odsc-laos-2021/#session-1")

    desk.get_by_label("Title (English)").first.fill("Leadership")
    save(desk)
    notice = desk.get_by_role("region", name="What others changed meanwhile")
    expect(notice.locator("li")).to_contain_text("Bob")
    expect(notice.locator("li")).to_contain_text("Place (English): nothing → “Hall 2”")
    expect(desk.get_by_label("Title (English)").first).to_have_value("Leadership")
    save(desk)
    desk.wait_for_url("**/desk/odsc-laos-2021/#session-1")
    session = models.Session.objects.get(key="session-1")
    assert (session.title_en, session.place_en) == ("Leadership", "Hall 2")


def test_rows_expand_by_keyboard(desk: Page) -> None:
    open_row(desk)
    heading = rows(desk, "appearances").first.locator("h3")
    role = rows(desk, "appearances").first.get_by_label("Role")
    expect(role).to_be_hidden()
    heading.focus()
    desk.keyboard.press("Enter")
    expect(role).to_be_visible()
    expect(heading).to_have_attribute("aria-expanded", "true")
