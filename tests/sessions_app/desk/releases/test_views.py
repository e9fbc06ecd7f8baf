"""Releases at the desk: list, comparison, and the effects of each release."""

from datetime import timedelta
from html import escape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sessions_app import models
from sessions_app.publishing import services
from tests import make
from tests.sessions_app.public.test_views import text_of
from workshop.models import Event

pytestmark = pytest.mark.django_db

DESK = "/desk/odsc-laos-2021/"


def page_text(answer: Any) -> str:
    return text_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def edit(key: str, **columns: Any) -> None:
    session = models.Session.objects.get(key=key)
    for name, value in columns.items():
        setattr(session, name, value)
    session.save()


def publish(**options: Any) -> models.Release:
    event = Event.objects.get(slug="odsc-laos-2021")
    release, is_new = services.publish(event=event, now=make.at(9), checked=False, **options)
    assert is_new
    return release


@pytest.fixture
def desk(organiser_client: Client, programme: str) -> Any:
    """Desk of an event with three releases and a draft; each changed one session.

    2 extends session 3 by five minutes, 3 retitles the afternoon's welcome, the draft drops the
    closing remarks.
    """
    end = models.Session.objects.get(key="session-3").ends_at
    edit("session-3", ends_at=end + timedelta(minutes=5))
    publish(note="Asked by the minister")
    edit("welcome", title_en="Words of welcome")
    publish(user=User.objects.get(username="organiser"))
    edit("closing-remarks", dropped_at=make.at(10))

    def go(path: str, **query: Any) -> Any:
        return organiser_client.get(f"{DESK}{path}", query)

    return go


MOVED = "Session 3 moved from Wed 4 Aug 10:55–11:40 to Wed 4 Aug 10:55–11:45 Lao Time."
RETITLED = "Words of welcome: “Welcome” is now “Words of welcome”."
DROPPED = "Closing Remarks is no longer on the programme (it was Wed 4 Aug 13:10–13:15 Lao Time)."
SENTENCES = (MOVED, RETITLED, DROPPED)


@pytest.mark.parametrize(
    ("query", "title", "sentences"),
    [
        ({}, "From release 2 to release 3: 1 change", [RETITLED]),
        ({"new": 2}, "From release 1 to release 2: 1 change", [MOVED]),
        ({"old": 1, "new": 3}, "From release 1 to release 3: 2 changes", [MOVED, RETITLED]),
        ({"old": 1, "new": "draft"}, "From release 1 to the draft: 3 changes", [*SENTENCES]),
        ({"old": 3}, "From release 3 to the draft: 1 change", [DROPPED]),
        ({"new": "draft"}, "From release 3 to the draft: 1 change", [DROPPED]),
        (
            {"old": 1, "new": "draft", "workshop": "national"},
            "From release 1 to the draft: 1 change in National Workshop",
            [RETITLED],
        ),
        (
            {"old": 1, "new": 2, "workshop": "national"},
            "No differences between release 1 and release 2 in National Workshop",
            [],
        ),
        ({"old": 2, "new": 2}, "This compares release 2 with itself. Choose another.", []),
        ({"new": 1}, "This compares release 1 with itself. Choose another.", []),
    ],
)
def test_compare_shows_the_differences(desk: Any, query: Any, title: str, sentences: Any) -> None:
    answer = desk("compare/", **query)
    page = page_text(answer)
    assert (answer.status_code, title in page) == (200, True)
    assert [sentence for sentence in SENTENCES if sentence in page] == sentences


def test_compare_links_to_its_reverse_and_to_restoring(desk: Any) -> None:
    page = desk("compare/", old=1, new="draft", workshop="national").content.decode()
    assert 'href="?old=draft&amp;new=1&amp;workshop=national"' in page
    assert f'action="{DESK}releases/1/restore/"' in page
    back = page_text(desk("compare/", old="draft", new=1, workshop="national"))
    assert "Words of welcome: “Words of welcome” is now “Welcome”." not in back
    assert "Welcome: “Words of welcome” is now “Welcome”." in back
    newest = desk("compare/", old=3, new="draft").content.decode()
    assert "restore/" not in newest


def test_compare_marks_the_words_that_changed(desk: Any) -> None:
    title = str(models.Session.objects.get(key="session-1").title_en)
    edit("session-1", title_en=title.replace("Critical Role", "Decisive <b>Role</b>"))
    page = desk("compare/", old=3, new="draft").content.decode()
    assert '<del><span class="hidden">[removed: </span>Critical Role<' in page
    assert "[added: </span>Decisive &lt;b&gt;Role&lt;/b&gt;<" in page


@pytest.mark.parametrize("name", ["9", "0", "01", "-1", "first", "9" * 40, "<b>"])
@pytest.mark.parametrize("side", ["old", "new"])
def test_compare_of_an_unknown_release_names_the_newest(desk: Any, side: str, name: str) -> None:
    answer = desk("compare/", **{side: name})
    assert answer.status_code == 404
    assert f"There is no release “{escape(name)}”. The newest is release 3." in page_text(answer)
    assert '<select id="page:old"' in answer.content.decode()


def test_desk_of_an_unpublished_event_says_so(organiser_client: Client) -> None:
    make.workshop_row(make.event_row())
    for path in ("compare/", "releases/"):
        answer = organiser_client.get(f"/desk/event/{path}")
        assert (answer.status_code, "Nothing has been published yet" in page_text(answer)) == (
            200,
            True,
        )
    assert organiser_client.get("/desk/event/compare/?old=1").status_code == 404
    assert organiser_client.get("/desk/event/releases/1/").status_code == 404


def test_list_links_each_release_to_its_changes(desk: Any) -> None:
    answer = desk("releases/")
    page = answer.content.decode()
    assert "Readers see release 3." in page_text(answer)
    assert "Asked by the minister" in page_text(answer)
    assert "4 Aug 2021, 09:00" in page_text(answer)
    for former, number in ((2, 3), (1, 2)):
        assert f'href="{DESK}compare/?old={former}&amp;new={number}"' in page
        assert f'href="{DESK}releases/{number}/"' in page
        assert f'action="{DESK}releases/{former}/restore/"' in page
    assert page.count("Undo all unpublished changes") == 1


def test_list_has_pages(desk: Any) -> None:
    for number in range(4, 25):
        edit("welcome", title_en=f"Welcome {number}")
        assert publish().number == number
    first = desk("releases/").content.decode()
    assert (first.count("<tr>"), 'href="?before=5"' in first) == (21, True)
    second = desk("releases/", before=5).content.decode()
    assert (second.count("<tr>"), "?before=" in second) == (5, False)
    refused = desk("releases/", before="x")
    assert refused.status_code == 400
    assert "“x” is not a release number." in page_text(refused)


def test_release_shows_its_effects(desk: Any) -> None:
    page = page_text(desk("releases/2/"))
    assert "Release 2, replaced by release 3" in page
    assert "1 session changed" in page
    assert f"{MOVED} updated, sequence 0 → 1" in page
    assert "7 people are affected" in page
    moved = "Session 3: moved from Wed 4 Aug 10:55–11:40 to Wed 4 Aug 10:55–11:45 Lao Time."
    assert f"Ms. Juny Kim {moved}" in page
    assert "Debashis" not in page
    assert "Unchanged: National Workshop on Lessons Learned" in page


def test_newest_release_links_to_the_changed_documents(desk: Any) -> None:
    answer = desk("releases/3/")
    page = answer.content.decode()
    assert "Release 3 is published" in page
    assert f"{RETITLED} new text, sequence stays 0" in page_text(answer)
    for path in (
        *("releases/3/", "people/nisith-keopanya/", "workshops/national/script.pdf"),
        *("agenda.pdf", "changes/"),
    ):
        assert f'href="/odsc-laos-2021/{path}"' in page, path
    assert f'href="{DESK}documents/briefings/nisith-keopanya.pdf"' in page
    assert f'href="{DESK}documents/delegations/LA.pdf"' in page
    assert f'href="{DESK}compare/?old=2&amp;new=3"' in page
    assert f'action="{DESK}releases/2/restore/"' in page


def test_release_that_drops_a_session_cancels_its_calendar_entry(desk: Any) -> None:
    publish()
    page = page_text(desk("releases/4/"))
    assert f"{DROPPED} cancelled, sequence 0 → 1" in page
    assert "Closing Remarks: no longer in this session (it was Wed 4 Aug 13:10–13:15" in page


def test_release_that_changes_only_the_event_affects_everybody_indirectly(desk: Any) -> None:
    edit("closing-remarks", dropped_at=None)
    event = Event.objects.get()
    event.title_en = "Another title"
    event.save()
    publish()
    page = page_text(desk("releases/4/"))
    assert "No session changed" in page
    assert "The event has a new title: Another title" in page
    assert "20 more calendar entries are updated" in page
    assert "Nobody’s own sessions changed" in page
    assert "Only the event or workshop changed for: " in page


def test_first_release_affects_everybody(desk: Any) -> None:
    page = page_text(desk("releases/1/"))
    assert "20 sessions changed" in page
    assert "new entry, sequence 0" in page
    assert "21 people are affected" in page


def test_publishing_redirects_to_its_effects(organiser_client: Client, desk: Any) -> None:
    answer = organiser_client.post(f"{DESK}review/", {"note": "Again"})
    assert answer["Location"] == f"{DESK}releases/4/"
    again = organiser_client.post(f"{DESK}review/", {})
    assert again["Location"] == f"{DESK}review/"
    restored = organiser_client.post(f"{DESK}releases/3/restore/", follow=True)
    assert restored.redirect_chain[-1][0] == f"{DESK}releases/5/"
    assert "Release 3 was restored as release 5." in page_text(restored)


@pytest.mark.parametrize("path", ["compare/", "releases/", "releases/1/"])
def test_releases_are_for_organisers_only(client: Client, desk: Any, path: str) -> None:
    answer = client.get(f"{DESK}{path}")
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)
    assert client.post(f"{DESK}{path}").status_code == 405
