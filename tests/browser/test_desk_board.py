"""The board at work: rows dragged, by mouse, finger and keys; previewed, moved and put back."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.agenda.types import Agenda
from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import STICKING_OUT
from workshop.models import Event

BOARD = "/desk/odsc-laos-2021/"
FIVE = ["session-5", "session-3", "q-and-a-session-3", "session-4", "q-and-a-session-4"]
HANDLE = "#{} .handle"


@pytest.fixture
def board(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(timezone="Asia/Baku", height=1400, signed_in=(live_server.url, organiser))
    page.goto(live_server.url + BOARD)
    return page


def draft() -> Agenda:
    return get_draft(Event.objects.get())


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, key: str, over: str, *, by: float) -> None:
    """Take a row's handle and hold it `by` pixels below the middle of another row."""
    page.mouse.move(*middle(page, HANDLE.format(key)))
    page.mouse.down()
    x, y = middle(page, f"#{over}")
    page.mouse.move(x, y + by, steps=5)


def places(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.locator(".board tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().toJSON())"
    )
    return found


def starts(*keys: str) -> list[str]:
    rows = {row.key: row for row in Session.objects.current()}
    return [f"{make.LAO.local(rows[key].starts_at):%H:%M}" for key in keys]


def test_row_is_dragged_previewed_moved_and_put_back(board: Page) -> None:
    before, standing = draft(), places(board)
    drag(board, "session-5", over="session-3", by=-8)
    expect(board.locator(".put-before")).to_have_id("session-3")
    expect(board.locator("[id='page:placing']")).to_have_text("Session 5 before Session 3.")
    assert places(board) == standing
    board.mouse.up()
    board.wait_for_url("**/sessions/session-5/reorder/?before=session-3")
    rows = board.locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first.locator("td")).to_have_text(["12:25–\u206012:45", "10:55–\u206011:15"])
    expect(rows.first).to_contain_text("KST 12:55–\u206013:15")
    assert draft() == before

    board.get_by_role("button", name="Move these 5 rows").click()
    board.wait_for_url(f"**{BOARD}")
    expect(board.get_by_role("status").first).to_have_text(
        "5 rows moved. Readers see it once you publish."
    )
    assert starts(*FIVE) == ["10:55", "11:15", "12:00", "12:15", "12:35"]
    expect(board.locator("#session-5 .change")).to_contain_text(
        "moved from Wed 4 Aug 12:25–12:45 to Wed 4 Aug 10:55–11:15"
    )
    expect(board.locator("#session-5 .edited")).to_contain_text("last edited by organiser, ")

    board.get_by_role("button", name="5 rows moved: undo").click()
    expect(board.get_by_role("status").first).to_have_text("5 rows are back at their old times.")
    assert draft() == before


def test_drag_that_is_left_or_leads_nowhere_changes_nothing(board: Page) -> None:
    address = board.url
    drag(board, "session-5", over="session-3", by=-8)
    board.keyboard.press("Escape")
    expect(board.locator(".put-before, .held")).to_have_count(0)
    board.mouse.up()
    drag(board, "session-5", over="session-5", by=2)
    expect(board.locator(".held")).to_have_id("session-5")
    board.mouse.up()
    drag(board, "session-5", over="welcome", by=0)
    expect(board.locator("[id='page:placing']")).to_have_text(
        "Session 5 stays in its own workshop and day."
    )
    expect(board.locator(".put-before, .put-after")).to_have_count(0)
    board.mouse.up()
    expect(board.locator("[id='page:placing']")).to_have_text("")
    assert board.url == address


def test_row_is_reordered_by_keys_alone(board: Page) -> None:
    board.locator(HANDLE.format("break")).focus()
    board.keyboard.press("ArrowUp")
    expect(board.locator("[id='page:placing']")).to_have_text(
        "Break before Q & A for Session 2. Enter shows what that changes, Escape leaves it."
    )
    board.keyboard.press("Escape")
    expect(board.locator(".put-before")).to_have_count(0)
    board.keyboard.press("End")
    expect(board.locator(".put-after")).to_have_id("closing-remarks")
    board.keyboard.press("ArrowUp")
    expect(board.locator(".put-before")).to_have_id("closing-remarks")
    board.keyboard.press("Enter")
    board.wait_for_url("**/sessions/break/reorder/?before=closing-remarks")
    board.get_by_role("button", name="Move these 8 rows").press("Enter")
    board.wait_for_url(f"**{BOARD}")
    assert starts("session-3", "break", "closing-remarks") == ["10:45", "13:00", "13:10"]
    board.get_by_role("button", name="8 rows moved: undo").press("Enter")
    expect(board.get_by_role("status").first).to_have_text("8 rows are back at their old times.")


def test_row_is_dragged_by_a_finger_on_a_phone(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    page = open_page(
        width=360,
        signed_in=(live_server.url, organiser),
        has_touch=True,
        reduced_motion="reduce",
    )
    page.goto(f"{live_server.url}{BOARD}#session-4")
    touches = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    scrolled = page.evaluate("scrollY")
    touch("touchStart", middle(page, HANDLE.format("q-and-a-session-4")))
    x, y = middle(page, "#session-4")
    for step in (40, 20, 0, -8):
        touch("touchMove", (x, y + step))
    expect(page.locator(".put-before")).to_have_id("session-4")
    assert page.evaluate("scrollY") == scrolled
    touch("touchEnd")
    page.wait_for_url("**/sessions/q-and-a-session-4/reorder/?before=session-4")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_row_is_reordered_without_scripts(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(live_server.url + BOARD)
    page.get_by_role("link", name="Reorder Break").click()
    page.get_by_label("Put it before").select_option("Nothing: at the end of the day")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Move these 9 rows").click()
    assert starts("session-3", "closing-remarks", "break") == ["10:45", "13:00", "13:05"]
    page.get_by_role("button", name="9 rows moved: undo").click()
    assert starts("session-3", "closing-remarks", "break") == ["10:55", "13:10", "10:45"]


def test_filter_leaves_rows_with_findings_and_they_stay_where_they_are(board: Page) -> None:
    board.get_by_role("link", name="2 notes").click()
    assert board.url.endswith("#session-3")
    board.get_by_role("link", name="With findings").click()
    rows = board.locator(".board tbody tr")
    expect(rows).to_have_count(6)
    expect(board.locator(".handle")).to_have_count(0)
    board.get_by_role("link", name="Changed").click()
    expect(board.locator(".empty")).to_have_text(["No row has changed."] * 2)


def test_board_and_places_fit_their_window_whatever_is_typed(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    row = Session.objects.get(key="session-4")
    row.title_en, row.ends_at = "W" * 500, make.at(14)
    row.save()
    page = open_page(signed_in=(live_server.url, organiser))
    found = {}
    for path in ("", "?show=changes", "sessions/break/reorder/?before=session-5"):
        page.goto(live_server.url + BOARD + path)
        for width in (320, 360, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            found[path, width] = page.evaluate(STICKING_OUT)
    assert {where: what for where, what in found.items() if what} == {}
