"""Move a session and those after it: a preview that writes nothing, then the move, then undo."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.html import strip_tags

from sessions_app.desk.schedule.apply import undo_label
from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db

TYPED = {"starts_on": "2021-08-04", "starts": "08:30", "ends": "09:00", "ends_on": "", "end_by": ""}


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def address(event: Event, key: str = "opening-remarks") -> str:
    return reverse("move", args=[event.slug, key])


def board(event: Event) -> str:
    return reverse("board", args=[event.slug])


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def plain(html: str) -> str:
    return " ".join(strip_tags(html).replace("&NoBreak;", "").replace("&nbsp;", " ").split())


def table(answer: Any) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", answer.content.decode(), re.DOTALL)
    cells = (re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows[1:])
    return [[plain(cell) for cell in row] for row in cells]


def faults(answer: Any) -> list[str]:
    return re.findall(r'class="finding error">(.*?)<', answer.content.decode())


def move(client: Client, event: Event, **typed: str) -> Any:
    """Preview, then press the button of the preview; the fingerprint may be given."""
    preview = client.get(address(event), TYPED | typed).context["preview"]
    sent = TYPED | {"fingerprint": preview.fingerprint} | typed
    return client.post(address(event), sent)


def printed(event: Event) -> list[str]:
    rows = Session.objects.current().filter(event=event, workshop__key="international")
    return [
        f"{make.LAO.local(row.starts_at):%H:%M}-{make.LAO.local(row.ends_at):%H:%M}" for row in rows
    ]


def test_page_shows_the_times_of_the_session(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(address(event))
    form = answer.context["form"]
    assert [field.value() and str(field.value()) for field in form] == [
        *("2021-08-04", "08:30:00", "08:50:00", None, None, None)
    ]
    assert 'value="08:30"' in answer.content.decode()
    assert (faults(answer), answer.context["preview"]) == ([], None)
    assert answer["Cache-Control"] == "private, no-store"


def test_preview_shows_old_and_new_times_and_writes_nothing(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    answer = organiser_client.get(address(event), TYPED | {"shrink_breaks": "on"})
    rows = table(answer)
    assert len(rows) == 15
    assert rows[0] == [
        "Opening remarks (30 min instead of 20 min) "
        "KST 10:30–11:00, EST Tue 3 Aug 21:30–Tue 3 Aug 22:00",
        "08:30–08:50",
        "08:30–09:00",
    ]
    assert rows[6] == [
        "Break (5 min instead of 10 min) KST 12:55–13:00, EST Tue 3 Aug 23:55–Wed 4 Aug 00:00",
        "10:45–10:55",
        "10:55–11:00",
    ]
    assert rows[-1] == [
        "Closing Remarks KST 15:15–15:20, EST 02:15–02:20",
        "13:10–13:15",
        "13:15–13:20",
    ]
    assert "Move 15 sessions" in answer.content.decode()
    assert get_draft(event) == before


def test_preview_marks_another_day(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(
        address(event, "closing-remarks"),
        TYPED
        | {"starts_on": "2021-08-05", "starts": "23:30", "ends": "0:30"}
        | {"ends_on": "2021-08-06"},
    )
    assert table(answer)[0][1:] == ["13:10–13:15", "Thu 5 Aug 23:30–Fri 6 Aug 00:30"]


def test_problems_are_sentences_and_there_is_no_button(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(address(event), TYPED | {"end_by": "13:15"})
    assert faults(answer) == ["Closing Remarks would end at 13:25, after 13:15."]
    assert len(table(answer)) == 15
    assert '<button class="primary">Move' not in answer.content.decode()


def test_unchanged_times_move_nothing(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(address(event), TYPED | {"ends": "8.50"})
    assert "Nothing will move" in answer.content.decode()
    assert "<table" not in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"ends": "noon"}, ["Type the time as hours and minutes, such as 13:05."]),
        ({"ends": "08:30"}, ["The end must come after the start."]),
        ({"starts": ""}, ["This field is required."]),
        (
            {"starts_on": "9999-12-31"},
            ["Ensure this value is less than or equal to 2999-12-31."],
        ),
        (
            {"starts_on": "0001-01-01"},
            ["Ensure this value is greater than or equal to 1970-01-01."],
        ),
    ],
)
def test_form_with_errors_keeps_everything_typed(
    organiser_client: Client, event: Event, typed: dict[str, str], expected: list[str]
) -> None:
    sent = TYPED | {"shrink_breaks": "on", "end_by": "13:15"} | typed
    answer = organiser_client.get(address(event), sent)
    form = answer.context["form"]
    assert faults(answer) == expected
    assert {field.name: field.value() for field in form} == sent | {"shrink_breaks": True}
    assert answer.context["preview"] is None


@pytest.mark.parametrize(
    ("on", "readings"),
    [
        (
            "2021-03-14",
            "02:30 does not exist on 14 Mar 2021 in New York: "
            "14 Mar 2021 06:30 UTC or 14 Mar 2021 07:30 UTC.",
        ),
        (
            "2021-11-07",
            "01:30 occurs twice on 07 Nov 2021 in New York: "
            "07 Nov 2021 05:30 UTC or 07 Nov 2021 06:30 UTC.",
        ),
    ],
)
def test_skipped_or_ambiguous_time_is_refused(
    organiser_client: Client, on: str, readings: str
) -> None:
    event = make.event_row(zone="America/New_York")
    row = make.session_row(make.workshop_row(event))
    sent = TYPED | {"starts_on": on, "starts": readings[:5], "ends": "05:00"}
    answer = organiser_client.get(address(event, row.key), sent)
    assert faults(answer) == [readings]


def test_unchanged_time_stays_the_same_moment(organiser_client: Client) -> None:
    event = make.event_row(zone="America/New_York")
    start = make.at(13, 30, day=1).replace(month=11, day=7)  # 01:30 for the second time
    row = make.session_row(make.workshop_row(event), starts_at=start, ends_at=start.replace(hour=8))
    typed = {"starts_on": "2021-11-07", "starts": "01:30", "ends": "03:10"}
    answer = organiser_client.get(address(event, row.key), TYPED | typed)
    assert [cells[1:] for cells in table(answer)] == [["01:30–03:30", "01:30–03:10"]]


def test_move_is_applied_and_undone(organiser_client: Client, event: Event) -> None:
    before = get_draft(event)
    answer = move(organiser_client, event, shrink_breaks="on")
    assert (answer.status_code, answer.url) == (302, board(event))
    assert messages_of(answer) == ["15 sessions moved. Readers see it once you publish."]
    assert (printed(event)[0], printed(event)[-1]) == ("08:30-09:00", "13:15-13:20")
    assert Session.history.filter(history_user__username="organiser").count() == 15

    answer = organiser_client.post(reverse("undo-move", args=[event.slug]))
    assert (answer.status_code, answer.url) == (302, board(event))
    assert messages_of(answer)[-1] == "15 sessions are back at their old times."
    assert get_draft(event) == before

    answer = organiser_client.post(reverse("undo-move", args=[event.slug]))
    assert messages_of(answer)[-1] == "There is no move to undo."


def test_move_is_refused_if_sessions_changed_since_the_preview(
    organiser_client: Client, event: Event
) -> None:
    preview = organiser_client.get(address(event), TYPED).context["preview"]
    row = Session.objects.get(event=event, key="session-3")
    row.ends_at = make.at(11, 35)
    row.save()
    before = get_draft(event)
    answer = organiser_client.post(
        address(event), TYPED | {"fingerprint": preview.fingerprint}, follow=True
    )
    assert get_draft(event) == before
    assert [str(message) for message in answer.context["messages"]] == [
        "The data were changed since this preview. Nothing was done. Check the new preview."
    ]
    fresh = answer.context["preview"]
    assert table(answer)[7][1:] == ["10:55–11:35", "11:05–11:45"]
    assert fresh.fingerprint != preview.fingerprint
    assert answer.context["form"]["ends"].value() == "09:00"
    answer = organiser_client.post(address(event), TYPED | {"fingerprint": fresh.fingerprint})
    assert answer.url == board(event)


@pytest.mark.parametrize("end_by", ["", "13:15"])
def test_move_without_preview_is_refused(
    organiser_client: Client, event: Event, end_by: str
) -> None:
    before = get_draft(event)
    answer = organiser_client.post(address(event), TYPED | {"end_by": end_by})
    assert answer.url.startswith(f"{address(event)}?starts_on=2021-08-04&starts=08%3A30&")
    assert get_draft(event) == before


def test_sent_form_with_errors_is_shown_with_everything_typed(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.post(address(event), TYPED | {"ends": "noon"}, follow=True)
    assert faults(answer) == ["Type the time as hours and minutes, such as 13:05."]
    assert answer.context["form"]["ends"].value() == "noon"


def test_deleted_session_is_named(organiser_client: Client, event: Event) -> None:
    Session.objects.filter(event=event, key="opening-remarks").update(dropped_at=make.at(8))
    answer = organiser_client.post(address(event), TYPED)
    assert messages_of(answer) == ["Opening remarks has been deleted. Nothing was moved."]
    assert answer.url == board(event)
    assert organiser_client.get(address(event)).status_code == 404


def test_undo_names_what_changed_since(organiser_client: Client, event: Event) -> None:
    move(organiser_client, event)
    row = Session.objects.get(event=event, key="session-3")
    row.ends_at = make.at(11, 45)
    row.save()
    before = get_draft(event)
    answer = organiser_client.post(reverse("undo-move", args=[event.slug]))
    assert messages_of(answer)[-1] == (
        "The move was not undone. Session 3 is at 11:05–11:45 now, no longer at 11:05–11:50."
    )
    assert get_draft(event) == before


def test_undo_is_offered_only_for_its_own_event(
    organiser_client: Client, event: Event, rf: RequestFactory
) -> None:
    def offered(source: Event) -> str:
        request = rf.get("/")
        request.session = organiser_client.session
        return undo_label(request, source)

    other = make.event_row("other")
    assert (offered(event), offered(other)) == ("", "")
    move(organiser_client, event)
    assert (offered(event), offered(other)) == ("15 sessions moved: undo", "")
    answer = organiser_client.post(reverse("undo-move", args=["other"]))
    assert messages_of(answer)[-1] == "There is no move to undo."
    assert offered(event) == "15 sessions moved: undo"


def test_only_staff_with_change_permission_have_access(client: Client, event: Event) -> None:
    undo = reverse("undo-move", args=[event.slug])
    statuses = [client.get(address(event)).status_code, client.post(undo).status_code]
    reader = User.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    statuses += [client.get(address(event)).status_code, client.post(address(event)).status_code]
    statuses += [client.post(undo).status_code]
    reader.user_permissions.add(
        Permission.objects.get(codename="change_session", content_type__app_label="sessions_app")
    )
    statuses += [client.get(address(event)).status_code]
    assert statuses == [302, 302, 403, 403, 403, 200]


def test_forged_and_wrong_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    undo = reverse("undo-move", args=[event.slug])
    assert [
        client.post(address(event), TYPED).status_code,
        client.post(undo).status_code,
        client.get(undo).status_code,
        client.get(address(event, "nowhere")).status_code,
        client.get(reverse("move", args=["nowhere", "opening-remarks"])).status_code,
    ] == [403, 403, 405, 404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_preview_takes_a_fixed_number_of_queries(
    organiser_client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    for hour in range(9, 9 + rows):
        make.session_row(
            workshop, key=f"row-{hour}", starts_at=make.at(hour), ends_at=make.at(hour, 30)
        )
    typed = TYPED | {"starts": "09:00", "ends": "09:40"}
    with django_assert_num_queries(17):
        answer = organiser_client.get(address(event, "row-9"), typed)
    assert len(table(answer)) == rows
