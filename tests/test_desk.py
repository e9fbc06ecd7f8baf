"""The desk: the board shows what stands, what is wrong and what changes; the review publishes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app import models
from sessions_app.selectors import get_draft
from tests import make
from tests.test_views import text_of
from workshop.models import Event

pytestmark = pytest.mark.django_db


def row(page: str, key: str) -> str:
    """The board's row of one session, without tags."""
    start = page.index(f'<tr id="{key}"')
    return page[start : page.index("</tr>", start)]


@pytest.fixture
def desk(organiser_client: Client, programme: str) -> Any:
    """The desk's pages and buttons for the real programme."""

    def go(name: str, *arguments: object, **data: Any) -> Any:
        address = reverse(name, args=[programme, *arguments])
        if "post" in data:
            return organiser_client.post(address, data["post"], follow=True)
        return organiser_client.get(address, data)

    return go


def test_board_shows_rows_minutes_findings_and_that_nothing_changed(desk: Any) -> None:
    page = desk("board").content.decode()
    assert page.count("<tr id=") == 20
    third = text_of_row(page, "session-3")
    assert "Wed 4 Aug 10:55–11:40 45 min Session 3: Structural Organization" in third
    assert "Mr. Jonas Rabinovitch (moderator), 6 panelists" in third
    assert "42 of 45" in third
    assert "Note: " in third
    assert "Warning: " in text_of_row(page, "lessons-learned")
    assert "Readers see these rows: release 1." in page
    assert "0 errors" in page.replace("&nbsp;", " ")


def text_of_row(page: str, key: str) -> str:
    class Answer:
        content = row(page, key).encode()

    return text_of(Answer).replace("\N{NO-BREAK SPACE}", " ")


def test_board_says_what_publishing_would_change(desk: Any) -> None:
    session = models.Session.objects.get(key="session-3")
    session.ends_at += timedelta(minutes=5)
    session.save()
    page = desk("board").content.decode()
    assert "1 change since release 1" in page
    assert "moved from Wed 4 Aug 10:55–11:40 to Wed 4 Aug 10:55–11:45" in text_of_row(
        page, "session-3"
    )


def test_board_of_nothing_says_what_to_do_first(organiser_client: Client) -> None:
    event = make.event_row()
    assert "Add the first one" in organiser_client.get("/desk/event/").content.decode()
    make.workshop_row(event)
    assert "No sessions yet" in organiser_client.get("/desk/event/").content.decode()


def test_cancelling_is_taken_back_by_the_same_button(desk: Any) -> None:
    desk("cancel", "break", post={})
    assert models.Session.objects.get(key="break").status == "cancelled"
    desk("cancel", "break", post={})
    assert models.Session.objects.get(key="break").status == "confirmed"


def test_duplicate_copies_people_and_questions_under_new_uids(desk: Any, programme: str) -> None:
    desk("duplicate", "session-3", post={})
    sessions = {each.key: each for each in get_draft(Event.objects.get()).sessions()}
    old = sessions["session-3"]
    copy = next(each for key, each in sessions.items() if each.title == old.title and each != old)
    assert (copy.starts_at, copy.minutes, copy.number) == (old.ends_at, old.minutes, None)
    assert copy.people == old.people
    texts = [
        [(block.countries, block.minutes, [q.text for q in block.questions]) for block in blocks]
        for blocks in (old.question_blocks, copy.question_blocks)
    ]
    assert texts[0] == texts[1]
    assert {b.uid for b in old.question_blocks}.isdisjoint(b.uid for b in copy.question_blocks)


def test_add_after_begins_where_the_row_ends(organiser_client: Client, programme: str) -> None:
    session = models.Session.objects.get(key="session-3")
    page = organiser_client.get(f"/admin/sessions_app/session/add/?after={session.pk}")
    assert page.content.decode().count('value="11:40:00"') == 2
    assert organiser_client.get("/admin/sessions_app/session/add/?after=x").status_code == 200


def test_review_shows_old_and_new_and_publishing_shows_readers_the_new(
    desk: Any, client: Client, programme: str
) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="A better title")
    page = desk("review").content.decode()
    assert "<span>Critical Role of Leadership for Effective" in page
    assert "<span>A better title</span></td>" in page
    assert b"A better title" not in client.get(f"/{programme}/").content
    said = desk("review", post={"note": "Asked by the minister"}).content.decode()
    assert "Release 2 is published" in said
    assert "Asked by the minister" in said
    assert b"A better title" in client.get(f"/{programme}/").content
    release = models.Release.objects.newest(programme)
    assert (release.number, str(release.made_by)) == (2, "organiser")  # type: ignore[union-attr]


def test_review_of_one_workshop_leaves_the_other_as_released(
    desk: Any, client: Client, organiser_client: Client, programme: str
) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="Morning edit")
    models.Session.objects.filter(key="welcome").update(title_en="Afternoon edit")
    page = desk("review", workshop="international").content.decode()
    assert ("Morning edit" in page, "Afternoon edit" in page) == (True, False)
    desk("review", post={"workshop": "international"})
    seen = organiser_client.get(f"/{programme}/").content.decode()
    assert ("Morning edit" in seen, "Afternoon edit" in seen) == (True, False)


def test_review_refuses_with_the_reason_and_keeps_the_note(desk: Any, programme: str) -> None:
    session = models.Session.objects.get(key="closing-remarks")
    session.ends_at += timedelta(hours=1)
    session.save()
    page = desk("review", post={"note": "Typed with care"}).content.decode()
    assert "Not published: 1 to mend first." in page
    assert "These stand in the way:" in page
    assert "Closing Remarks" in page
    assert "Typed with care" in page
    assert models.Release.objects.count() == 1


def test_restore_brings_an_older_release_back(desk: Any, programme: str) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="Edited")
    desk("review", post={})
    page = desk("restore", 1, post={}).content.decode()
    assert "Release 1 is back, as release 3." in page
    assert models.Session.objects.get(key="session-1").title_en.startswith("Critical Role")


def test_desk_is_for_organisers_alone(client: Client, programme: str) -> None:
    for name, *arguments in (
        ("board",),
        ("review",),
        ("awake",),
        ("move", "break"),
        ("cancel", "break"),
        ("duplicate", "break"),
        ("restore", 1),
        ("draft",),
        ("draft-pdf",),
        ("compare",),
        ("releases",),
        ("released", 1),
        ("undo-move",),
    ):
        address = reverse(name, args=[programme, *arguments])
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (302, 405)
            assert "login" in answer.headers.get("Location", "login")
    assert models.Session.objects.get(key="break").status == "confirmed"
    assert client.get("/desk/nowhere/").status_code == 302
