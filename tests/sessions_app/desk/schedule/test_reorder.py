"""Reorder a session within its day: as previewed or not at all, with the reason."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.sessions_app.desk.schedule.test_move import board, faults, messages_of, table
from workshop.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def address(event: Event, key: str = "session-5") -> str:
    return reverse("reorder", args=[event.slug, key])


def apply_order(client: Client, event: Event, key: str, before: str) -> Any:
    """Preview, then press the button of the preview."""
    preview = client.get(address(event, key), {"before": before}).context["preview"]
    sent = {"before": before, "fingerprint": preview.fingerprint}
    return client.post(address(event, key), sent)


def test_page_offers_the_other_sessions_of_the_day_and_the_current_position(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(address(event))
    choices = answer.context["form"].fields["before"].widget.choices
    assert len(choices) == 15
    assert choices[7] == (
        "session-3",
        "10:55  Session 3: Structural Organization, Processes, Digitization and Financing "
        "of One Stop Shops",
    )
    assert choices[-1] == ("end", "End of the day")
    assert 'value="q-and-a-session-5" selected' in answer.content.decode()
    assert (faults(answer), answer.context["preview"]) == ([], None)
    assert answer["Cache-Control"] == "private, no-store"


def test_preview_shows_the_new_order_in_every_zone_and_writes_nothing(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    answer = organiser_client.get(address(event), {"before": "session-3"})
    rows = table(answer)
    assert [cells[1:] for cells in rows] == [
        ["12:25–12:45", "10:55–11:15"],
        ["10:55–11:40", "11:15–12:00"],
        ["11:40–11:55", "12:00–12:15"],
        ["11:55–12:15", "12:15–12:35"],
        ["12:15–12:25", "12:35–12:45"],
    ]
    assert rows[0][0] == (
        "Session 5: Monitoring, Reporting, and Evaluation "
        "KST 12:55–13:15, EST Tue 3 Aug 23:55–Wed 4 Aug 00:15"
    )
    assert "Move 5 sessions" in answer.content.decode()
    assert get_draft(event) == before


def test_reorder_is_applied_and_undone(organiser_client: Client, event: Event) -> None:
    before = get_draft(event)
    answer = apply_order(organiser_client, event, "session-5", "session-3")
    assert (answer.status_code, answer.url) == (302, board(event))
    assert messages_of(answer) == ["5 sessions moved. Readers see it once you publish."]
    assert Session.history.filter(history_user__username="organiser").count() == 5
    assert get_draft(event) != before
    answer = organiser_client.post(reverse("undo-move", args=[event.slug]))
    assert messages_of(answer)[-1] == "5 sessions are back at their old times."
    assert get_draft(event) == before


def test_current_position_moves_nothing(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(address(event), {"before": "q-and-a-session-5"})
    assert "Nothing will move" in answer.content.decode()
    assert "The session is there already." in answer.content.decode()


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (
            "welcome",
            "Welcome is in another workshop, “National Workshop on Lessons Learned and Next Steps "
            "in Implementing the One-Door Service Centers in Lao PDR”. Sessions are "
            "reordered within their own workshop. To move one to another, edit it.",
        ),
        ("nowhere", "That session no longer exists. Choose another position."),
        ("", "This field is required."),
        (
            "break",
            "Break is cancelled and cannot be reordered. Restore it first, or edit its times.",
        ),
    ],
)
def test_invalid_position_is_refused_with_a_sentence(
    organiser_client: Client, event: Event, before: str, sentence: str
) -> None:
    Session.objects.filter(key="break").update(status="cancelled")
    answer = organiser_client.get(address(event), {"before": before})
    assert faults(answer) == [sentence]
    assert '<button class="primary">Move' not in answer.content.decode()
    draft = get_draft(event)
    assert organiser_client.post(address(event), {"before": before}).url == (
        f"{address(event)}?before={before}"
    )
    assert get_draft(event) == draft


def test_cancelled_session_cannot_be_reordered(organiser_client: Client, event: Event) -> None:
    Session.objects.filter(key="break").update(status="cancelled")
    answer = organiser_client.get(address(event, "break"), {"before": "end"})
    assert faults(answer) == [
        "Break is cancelled and cannot be reordered. Restore it first, or edit its times."
    ]


def test_session_whose_key_is_end_is_a_position_like_any(organiser_client: Client) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    for hour, key in ((9, "first"), (10, "end"), (11, "last")):
        row = make.session_row(
            workshop, key=key, starts_at=make.at(hour), ends_at=make.at(hour + 1)
        )
    end = Session.objects.get(key="end")
    apply_order(organiser_client, event, "last", str(end.pk))
    assert list(Session.objects.values_list("key", flat=True)) == ["first", "last", "end"]
    apply_order(organiser_client, event, "first", "end")
    assert list(Session.objects.values_list("key", flat=True)) == ["last", "end", "first"]
    row.refresh_from_db()
    assert row.starts_at == make.at(9)


def test_reorder_is_refused_if_sessions_changed_since_the_preview(
    organiser_client: Client, event: Event
) -> None:
    preview = organiser_client.get(address(event), {"before": "session-3"}).context["preview"]
    row = Session.objects.get(event=event, key="session-4")
    row.ends_at = make.at(12, 14)
    row.save()
    before = get_draft(event)
    sent = {"before": "session-3", "fingerprint": preview.fingerprint}
    answer = organiser_client.post(address(event), sent, follow=True)
    assert get_draft(event) == before
    assert [str(message) for message in answer.context["messages"]] == [
        "The data were changed since this preview. Nothing was done. Check the new preview."
    ]
    assert table(answer)[3][1:] == ["11:55–12:14", "12:16–12:35"]


def test_deleted_session_redirects_to_the_board(organiser_client: Client, event: Event) -> None:
    Session.objects.filter(key="session-5").update(dropped_at=make.at(8))
    answer = organiser_client.post(address(event), {"before": "end"})
    assert messages_of(answer) == [
        "Monitoring, Reporting, and Evaluation has been deleted. Nothing was moved."
    ]
    assert answer.url == board(event)
    assert organiser_client.get(address(event)).status_code == 404


def test_only_staff_with_change_permission_have_access(client: Client, event: Event) -> None:
    statuses = [client.get(address(event)).status_code]
    reader = User.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    statuses += [client.get(address(event)).status_code, client.post(address(event)).status_code]
    reader.user_permissions.add(
        Permission.objects.get(codename="change_session", content_type__app_label="sessions_app")
    )
    statuses += [client.get(address(event)).status_code]
    assert statuses == [302, 403, 403, 200]
