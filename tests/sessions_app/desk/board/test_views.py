"""Board and review: sessions, issues and changes on the board; publishing and restoring."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sessions_app import models
from sessions_app.publishing import services
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.sessions_app.public.test_views import text_of
from workshop.models import Event

pytestmark = pytest.mark.django_db


def row(page: str, key: str) -> str:
    """Markup of one session's row on the board."""
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


def test_board_shows_sessions_speaking_time_issues_and_no_changes(desk: Any) -> None:
    page = desk("board").content.decode()
    assert page.count("<tr id=") == 22  # two of them gaps
    third = text_of_row(page, "session-3")
    assert "10:55–11:40 45 min Session 3: Structural Organization" in third
    assert "Mr. Jonas Rabinovitch (moderator), 6 panelists" in third
    assert "42 of 45 min" in third
    assert "1 warning Early for Mr. James Buyekane in Session 3: 06:55–07:40 in Nairobi" in third
    assert "1 note Session 3 (10:55–11:40)" in third
    assert "No unpublished changes since release 1." in page
    assert "0 errors" in page.replace("&nbsp;", " ")


def text_of_row(page: str, key: str) -> str:
    class Answer:
        content = row(page, key).encode()

    return text_of(Answer).replace("\N{NO-BREAK SPACE}", " ")


def test_board_shows_what_publishing_would_change(desk: Any) -> None:
    session = models.Session.objects.get(key="session-3")
    session.ends_at += timedelta(minutes=5)
    session.save()
    page = desk("board").content.decode()
    assert "1 change since release 1" in page
    assert "moved from Wed 4 Aug 10:55–11:40 to Wed 4 Aug 10:55–11:45" in text_of_row(
        page, "session-3"
    )


def test_board_names_the_last_editor_of_a_change(desk: Any, organiser: User) -> None:
    ann = User.objects.create_user("ann", first_name="Ann", last_name="Lee")

    def edit(row: Any, by: User | None) -> None:
        row._history_user = by
        row.save()

    break_, third = (models.Session.objects.get(key=key) for key in ("break", "session-3"))
    break_.title_en = "Coffee"
    edit(break_, ann)
    edit(break_, organiser)
    break_.history.filter(history_user=ann).update(history_date=make.at(6))
    break_.history.filter(history_user=organiser).update(history_date=make.at(14, 5))
    question = models.Question.objects.filter(block__session=third)[0]
    question.text_en = "How so?"
    edit(question, None)
    question.history.update(history_date=make.at(9))
    page = desk("board").content.decode()
    assert "is now “Coffee”. last edited by organiser, Wed 4 Aug 14:05" in (
        text_of_row(page, "break")
    )
    assert "or their minutes changed. last edited Wed 4 Aug 09:00" in (
        text_of_row(page, "session-3")
    )


def test_board_names_who_deleted_a_session_but_no_edit_before_the_release(
    desk: Any, organiser: User
) -> None:
    row = models.Session.objects.get(key="break")
    row._history_user, row.dropped_at = organiser, make.at(9)
    row.save()
    row.history.update(history_date=make.at(9))
    page = desk("board").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Break is no longer on the programme (it was Wed 4 Aug 10:45–10:55 Lao Time)." in page
    assert "last edited by organiser, Wed 4 Aug 09:00" in page
    row.history.update(history_date=make.at(5, day=1))  # the release is of 06:00
    assert "last edited" not in desk("board").content.decode()


def test_board_shows_a_gap_as_a_row_of_its_own(desk: Any) -> None:
    page = desk("board").content.decode()
    gap = text_of_row(page, "gap:international:1")
    assert "09:45–10:05 20 min nothing planned Add a session here" in gap
    session = models.Session.objects.get(key="session-1")
    assert f"/admin/sessions_app/session/add/?after={session.pk}" in (
        row(page, "gap:international:1")
    )
    assert "Nothing is planned" not in page
    assert "4\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}45\N{NO-BREAK SPACE}min announced" in page
    assert "4\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}25\N{NO-BREAK SPACE}min planned" in page
    assert "20\N{NO-BREAK SPACE}min free" in page


def test_board_filters_sessions_with_issues_or_changes(desk: Any) -> None:
    models.Session.objects.filter(key="break").update(title_en="Coffee")

    def rows(**query: str) -> list[str]:
        return re.findall('<tr id="(.*?)"', desk("board", **query).content.decode())

    assert rows(show="changes") == ["break"]
    assert rows(show="findings") == [
        *("session-1", "gap:international:1", "session-2", "session-3", "lessons-learned"),
        "gap:national:1",
    ]
    assert len(rows(show="nonsense")) == 22
    everything, with_issues, changed = desk("board").context["filter_links"]
    assert (everything.count, with_issues.count, changed.count) == (20, 6, 1)


def test_board_counts_link_to_the_first_issue_of_their_level(desk: Any) -> None:
    counts = [(count.text, count.href) for count in desk("board").context["level_counts"]]
    assert counts == [("0 errors", ""), ("10 warnings", "#page:event"), ("2 notes", "#session-3")]
    models.Session.objects.filter(key="closing-remarks").update(ends_at=make.at(14))
    assert desk("board").context["level_counts"][0].href == "#closing-remarks"
    first = desk("board", show="changes").context["level_counts"][0]
    assert first.href == "?show=findings#closing-remarks"


def test_board_totals_time_outside_the_announced_hours(desk: Any) -> None:
    models.Session.objects.filter(key="closing-remarks").update(ends_at=make.at(14))
    page = desk("board").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "45 min outside the announced hours" in page


def test_board_of_several_days_has_a_heading_per_day(organiser_client: Client) -> None:
    workshop = make.workshop_row(make.event_row(), ends_at=make.at(18, day=5))
    make.session_row(workshop, key="first")
    make.session_row(
        *(workshop,), key="second", starts_at=make.at(9, day=5), ends_at=make.at(10, day=5)
    )
    page = organiser_client.get("/desk/event/").content.decode()
    assert re.findall('<th scope="rowgroup" colspan="6">(.*?)</th>', page) == [
        *("Wednesday 4 August 2021", "Thursday 5 August 2021"),
    ]


def test_sessions_that_cannot_be_reordered_have_no_handle(
    organiser_client: Client, programme: str
) -> None:
    models.Session.objects.filter(key="break").update(status="cancelled")
    page = organiser_client.get(f"/desk/{programme}/").content.decode()
    assert page.count('class="handle"') == 19
    assert 'class="handle"' not in row(page, "break")
    assert 'data-day="international-1" data-block="7" data-before="session-3"' in (
        row(page, "session-3")
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_board_takes_a_fixed_number_of_queries(
    organiser_client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    for hour in range(9, 9 + rows):
        make.session_row(
            workshop, key=f"row-{hour}", starts_at=make.at(hour), ends_at=make.at(hour, 30)
        )
    services.publish(event=event, now=make.at(6), checked=False)
    for session in models.Session.objects.all():
        session.title_en = "Changed"
        session.save()
    with django_assert_num_queries(18):
        page = organiser_client.get("/desk/event/").content.decode()
    assert page.count("last edited") == rows


def test_board_of_an_empty_event_shows_first_steps(organiser_client: Client) -> None:
    event = make.event_row()
    page = organiser_client.get("/desk/event/").content.decode()
    assert "This event has no workshop yet. First steps:" in page
    assert f"/admin/workshop/workshop/add/?event={event.pk}" in page
    workshop = make.workshop_row(event)
    page = organiser_client.get("/desk/event/").content.decode()
    assert "No sessions yet." in page
    assert f"/admin/sessions_app/session/add/?workshop={workshop.pk}" in page
    assert "Nothing is planned at 08:30–13:15" in page
    assert (
        organiser_client.get(f"/admin/workshop/workshop/add/?event={event.pk}").status_code == 200
    )


def test_cancelling_is_undone_by_the_same_button(desk: Any) -> None:
    desk("cancel", "break", post={})
    assert models.Session.objects.get(key="break").status == "cancelled"
    desk("cancel", "break", post={})
    assert models.Session.objects.get(key="break").status == "confirmed"


def test_duplicate_copies_people_and_questions_under_new_uids(desk: Any, programme: str) -> None:
    desk("duplicate", "session-3", post={})
    sessions = {session.key: session for session in get_draft(Event.objects.get()).sessions()}
    old = sessions["session-3"]
    titled = [session for session in sessions.values() if session.title == old.title]
    copy = next(session for session in titled if session != old)
    assert (copy.starts_at, copy.minutes, copy.number) == (old.ends_at, old.minutes, None)
    assert copy.people == old.people
    texts = [
        [(block.countries, block.minutes, [q.text for q in block.questions]) for block in blocks]
        for blocks in (old.question_blocks, copy.question_blocks)
    ]
    assert texts[0] == texts[1]
    assert {b.uid for b in old.question_blocks}.isdisjoint(b.uid for b in copy.question_blocks)


def test_add_after_starts_at_the_end_of_the_session(
    organiser_client: Client, programme: str
) -> None:
    session = models.Session.objects.get(key="session-3")
    page = organiser_client.get(f"/admin/sessions_app/session/add/?after={session.pk}")
    assert page.content.decode().count('value="11:40"') == 2
    assert organiser_client.get("/admin/sessions_app/session/add/?after=x").status_code == 200


def test_review_shows_changes_and_readers_see_them_once_published(
    desk: Any, client: Client, programme: str
) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="A better title")
    page = desk("review").content.decode()
    assert "<span>Critical Role of Leadership for Effective" in page
    assert "<span>A better title</span></td>" in page
    assert b"A better title" not in client.get(f"/{programme}/").content
    published = desk("review", post={"note": "Asked by the minister"}).content.decode()
    assert "Release 2 is published" in published
    assert "Asked by the minister" in published
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


def test_review_names_the_error_and_keeps_the_note(desk: Any, programme: str) -> None:
    session = models.Session.objects.get(key="closing-remarks")
    session.ends_at += timedelta(hours=1)
    session.save()
    page = desk("review", post={"note": "Typed with care"}).content.decode()
    assert "Not published. 1 error has to be corrected first." in page
    assert "These errors have to be corrected first:" in page
    assert "Closing Remarks" in page
    assert "Typed with care" in page
    assert models.Release.objects.count() == 1


def test_review_of_all_or_a_part_and_a_refusal_read_the_draft_once(
    desk: Any, programme: str
) -> None:
    session = models.Session.objects.get(key="closing-remarks")
    session.ends_at += timedelta(hours=1)
    session.save()
    part = {"workshop": "international"}
    for arguments in ({}, part, {"post": {}}, {"post": part}):
        with CaptureQueriesContext(connection) as captured:
            assert (
                "These errors have to be corrected" in desk("review", **arguments).content.decode()
            )
        drafts = [
            query for query in captured if 'FROM "sessions_app_questionblock"' in query["sql"]
        ]
        assert len(drafts) == 1


def test_restore_publishes_an_older_release_again(desk: Any, programme: str) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="Edited")
    desk("review", post={})
    page = desk("restore", 1, post={}).content.decode()
    assert "Release 1 was restored as release 3." in page
    assert models.Session.objects.get(key="session-1").title_en.startswith("Critical Role")


def test_desk_is_for_organisers_only(client: Client, programme: str) -> None:
    for name, *arguments in (
        ("board",),
        ("review",),
        ("awake",),
        ("move", "break"),
        ("reorder", "break"),
        ("cancel", "break"),
        ("duplicate", "break"),
        ("restore", 1),
        ("draft",),
        ("draft-pdf",),
        ("compare",),
        ("releases",),
        ("released", 1),
        ("undo-move",),
        ("copy",),
        ("timezone",),
    ):
        address = reverse(name, args=[programme, *arguments])
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code in (302, 405)
            assert "login" in answer.headers.get("Location", "login")
    assert models.Session.objects.get(key="break").status == "confirmed"
    assert client.get("/desk/nowhere/").status_code == 302
