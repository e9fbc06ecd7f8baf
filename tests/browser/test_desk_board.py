"""Board in a browser: sessions reordered by mouse, touch and keys, and the move undone."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.agenda.types import Agenda
from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import OVERFLOWING
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
    """Drag a session's handle to `by` pixels below the middle of another row, without dropping."""
    page.mouse.move(*middle(page, HANDLE.format(key)))
    page.mouse.down()
    x, y = middle(page, f"#{over}")
    page.mouse.move(x, y + by, steps=5)


def row_boxes(page: Page) -> list[dict[str, float]]:
    boxes: list[dict[str, float]] = page.locator(".board tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().toJSON())"
    )
    return boxes


def starts(*keys: str) -> list[str]:
    rows = {row.key: row for row in Session.objects.current()}
    return [f"{make.LAO.local(rows[key].starts_at):%H:%M}" for key in keys]


def test_session_is_dragged_previewed_moved_and_undone(board: Page) -> None:
    before, boxes = draft(), row_boxes(board)
    drag(board, "session-5", over="session-3", by=-8)
    expect(board.locator(".drop-before")).to_have_id("session-3")
    expect(board.locator("[id='page:drag-status']")).to_have_text("Session 5 before Session 3.")
    assert row_boxes(board) == boxes
    board.mouse.up()
    board.wait_for_url("**/sessions/session-5/reorder/?before=session-3")
    rows = board.locator("tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.first.locator("td")).to_have_text(["12:25–\u206012:45", "10:55–\u206011:15"])
    expect(rows.first).to_contain_text("KST 12:55–\u206013:15")
    assert draft() == before

    board.get_by_role("button", name="Move 5 sessions").click()
    board.wait_for_url(f"**{BOARD}")
    expect(board.get_by_role("status").first).to_have_text(
        "5 sessions moved. Readers see it once you publish."
    )
    assert starts(*FIVE) == ["10:55", "11:15", "12:00", "12:15", "12:35"]
    expect(board.locator("#session-5 .change")).to_contain_text(
        "moved from Wed 4 Aug 12:25–12:45 to Wed 4 Aug 10:55–11:15"
    )
    expect(board.locator("#session-5 .last-edit")).to_contain_text("last edited by organiser, ")

    board.get_by_role("button", name="5 sessions moved: undo").click()
    expect(board.get_by_role("status").first).to_have_text(
        "5 sessions are back at their old times."
    )
    assert draft() == before


def test_cancelled_drag_changes_nothing(board: Page) -> None:
    address = board.url
    drag(board, "session-5", over="session-3", by=-8)
    board.keyboard.press("Escape")
    expect(board.locator(".drop-before, .dragged")).to_have_count(0)
    board.mouse.up()
    drag(board, "session-5", over="session-5", by=2)
    expect(board.locator(".dragged")).to_have_id("session-5")
    board.mouse.up()
    drag(board, "session-5", over="welcome", by=0)
    expect(board.locator("[id='page:drag-status']")).to_have_text(
        "Session 5 stays in its own workshop and day."
    )
    expect(board.locator(".drop-before, .drop-after")).to_have_count(0)
    board.mouse.up()
    expect(board.locator("[id='page:drag-status']")).to_have_text("")
    assert board.url == address


def test_session_is_reordered_by_keys(board: Page) -> None:
    board.locator(HANDLE.format("break")).focus()
    board.keyboard.press("ArrowUp")
    expect(board.locator("[id='page:drag-status']")).to_have_text(
        "Break before Q & A for Session 2. Press Enter to preview this, Escape to cancel."
    )
    board.keyboard.press("Escape")
    expect(board.locator(".drop-before")).to_have_count(0)
    board.keyboard.press("End")
    expect(board.locator(".drop-after")).to_have_id("closing-remarks")
    board.keyboard.press("ArrowUp")
    expect(board.locator(".drop-before")).to_have_id("closing-remarks")
    board.keyboard.press("Enter")
    board.wait_for_url("**/sessions/break/reorder/?before=closing-remarks")
    board.get_by_role("button", name="Move 8 sessions").press("Enter")
    board.wait_for_url(f"**{BOARD}")
    assert starts("session-3", "break", "closing-remarks") == ["10:45", "13:00", "13:10"]
    board.get_by_role("button", name="8 sessions moved: undo").press("Enter")
    expect(board.get_by_role("status").first).to_have_text(
        "8 sessions are back at their old times."
    )


def test_session_is_dragged_by_touch_on_a_phone(
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
    expect(page.locator(".drop-before")).to_have_id("session-4")
    assert page.evaluate("scrollY") == scrolled
    touch("touchEnd")
    page.wait_for_url("**/sessions/q-and-a-session-4/reorder/?before=session-4")
    expect(page.locator("tbody tr")).to_have_count(2)


def test_session_is_reordered_without_scripts(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(live_server.url + BOARD)
    page.get_by_role("link", name="Reorder Break").click()
    page.get_by_label("Move before").select_option("End of the day")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Move 9 sessions").click()
    assert starts("session-3", "closing-remarks", "break") == ["10:45", "13:00", "13:05"]
    page.get_by_role("button", name="9 sessions moved: undo").click()
    assert starts("session-3", "closing-remarks", "break") == ["10:55", "13:10", "10:45"]


def test_filter_shows_sessions_with_issues_and_none_can_be_dragged(board: Page) -> None:
    board.get_by_role("link", name="2 notes").click()
    assert board.url.endswith("#session-3")
    board.get_by_role("link", name="With issues").click()
    rows = board.locator(".board tbody tr")
    expect(rows).to_have_count(6)
    expect(board.locator(".handle")).to_have_count(0)
    board.get_by_role("link", name="Changed").click()
    expect(board.locator(".empty")).to_have_text(["No session has changed."] * 2)


def test_board_and_reorder_page_fit_the_window_with_a_long_title(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage
) -> None:
    row = Session.objects.get(key="session-4")
    row.title_en, row.ends_at = "W" * 500, make.at(14)
    row.save()
    page = open_page(signed_in=(live_server.url, organiser))
    overflowing = {}
    for path in ("", "?show=changes", "sessions/break/reorder/?before=session-5"):
        page.goto(live_server.url + BOARD + path)
        for width in (320, 360, 768, 1024, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            overflowing[path, width] = page.evaluate(OVERFLOWING)
    assert {page: boxes for page, boxes in overflowing.items() if boxes} == {}
