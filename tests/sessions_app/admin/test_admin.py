"""Admin: times in the event's zone, and deleted sessions that are kept."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from sessions_app import models
from tests import make

pytestmark = pytest.mark.django_db

EMPTY = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}


def formset(prefix: str, rows: int = 0) -> dict[str, str]:
    return {f"{prefix}-{key}": value for key, value in {**EMPTY, "TOTAL_FORMS": str(rows)}.items()}


def typed(workshop: Any, **more: str) -> dict[str, Any]:
    """A session as somebody types it: 09:25 to 09:45 on the event's clock."""
    return {
        **formset("appearances"),
        **formset("presentations"),
        **formset("question_blocks"),
        "workshop": str(workshop.pk),
        "kind": "panel",
        "status": "confirmed",
        "title_en": "Leadership",
        "starts_at_0": "2021-08-04",
        "starts_at_1": "09:25",
        "ends_at_0": "2021-08-04",
        "ends_at_1": "09:45",
        **more,
    }


@pytest.mark.parametrize(
    "path",
    [
        *("workshop/event", "workshop/workshop", "participants/person"),
        *("sessions_app/session", "sessions_app/release"),
    ],
)
def test_admin_lists_and_opens_every_kind_of_row(
    organiser_client: Client, programme: str, path: str
) -> None:
    page = organiser_client.get(f"/admin/{path}/")
    assert page.status_code == 200
    app, model = path.split("/")
    from django.apps import apps

    row = apps.get_model(app, model).objects.first()
    assert organiser_client.get(f"/admin/{path}/{row.pk}/change/").status_code == 200


def test_session_is_added_with_people_and_questions_in_one_save(organiser_client: Client) -> None:
    workshop = make.workshop_row(make.event_row())
    person = make.person_row()
    answer = organiser_client.post(
        "/admin/sessions_app/session/add/",
        typed(
            workshop,
            **formset("appearances", 1),
            **{"appearances-0-role": "panelist", "appearances-0-stands_for": "person"},
            **{"appearances-0-person": str(person.pk), "appearances-0-order": "1"},
            **formset("question_blocks", 1),
            **{"question_blocks-0-countries": ["KR", "AZ"], "question_blocks-0-order": "1"},
            **{"question_blocks-0-minutes": "5", "question_blocks-0-minutes_are": "per_country"},
            **formset("question_blocks-0-questions", 1),
            **{
                "question_blocks-0-questions-0-text_en": "How?",
                "question_blocks-0-questions-0-order": "1",
            },
        ),
    )
    assert answer.status_code == 302, answer.context["errors"]
    session = models.Session.objects.get()
    block = session.question_blocks.get()
    assert (session.starts_at, session.ends_at) == (make.at(9, 25), make.at(9, 45))
    assert session.appearances.get().person == person
    assert [country.code for country in block.countries] == ["KR", "AZ"]
    assert block.questions.get().text_en == "How?"


def test_rows_added_keep_the_order_in_which_they_were_typed(organiser_client: Client) -> None:
    workshop = make.workshop_row(make.event_row())
    texts = [f"Question {number}?" for number in range(5)]
    data = typed(
        workshop,
        **formset("question_blocks", 1),
        **{"question_blocks-0-countries": ["KR"], "question_blocks-0-order": "0"},
        **formset("question_blocks-0-questions", 5),
    )
    for number, text in enumerate(texts):
        data[f"question_blocks-0-questions-{number}-text_en"] = text
        data[f"question_blocks-0-questions-{number}-order"] = "0"
    assert organiser_client.post("/admin/sessions_app/session/add/", data).status_code == 302
    block = models.QuestionBlock.objects.get()
    assert [question.text_en for question in block.questions.all()] == texts
    assert (block.order, [question.order for question in block.questions.all()]) == (
        1,
        [1, 2, 3, 4, 5],
    )


def test_times_are_shown_on_the_events_clock(organiser_client: Client, programme: str) -> None:
    session = models.Session.objects.get(key="session-3")
    page = organiser_client.get(f"/admin/sessions_app/session/{session.pk}/change/")
    assert 'value="10:55"' in page.content.decode()


def test_deleted_session_is_kept_as_dropped(organiser_client: Client, programme: str) -> None:
    session = models.Session.objects.get(key="break")
    organiser_client.post(f"/admin/sessions_app/session/{session.pk}/delete/", {"post": "yes"})
    session.refresh_from_db()
    assert session.dropped_at is not None


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/admin/").headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize(
    ("zone", "starts", "ends", "line"),
    [
        ("Asia/Kathmandu", "2021-08-04T08:00", "2021-08-04T08:45", "45 min Lao Time Wed 4 Aug"),
        ("Europe/London", "2021-10-31T00:30", "2021-10-31T01:30", "01:30 occurs twice"),
        ("Europe/London", "2021-03-28T01:30", "2021-03-28T02:30", "01:30 does not exist"),
        ("Asia/Vientiane", "2021-08-04T09:00", "2021-08-04T09:00", "The end is not after"),
        ("Asia/Vientiane", "9999-12-31T23:00", "nonsense", ""),
    ],
)
def test_typed_times_are_told_on_the_other_clocks(
    organiser_client: Client, zone: str, starts: str, ends: str, line: str
) -> None:
    workshop = make.workshop_row(make.event_row(zone=zone))
    asked = {"workshop": str(workshop.pk), "starts": starts, "ends": ends}
    answer = organiser_client.get("/admin/sessions_app/session/elsewhere/", asked)
    said = " ".join(strip_tags(answer.content.decode()).split())
    assert (answer.status_code, said.startswith(line), bool(said)) == (200, True, bool(line))


def test_deleting_says_what_goes_with_it_and_offers_to_cancel(
    organiser_client: Client, programme: str
) -> None:
    session = models.Session.objects.get(key="session-1")
    page = organiser_client.get(f"/admin/sessions_app/session/{session.pk}/delete/")
    assert page.context["contents"] == (
        "Ms. Adriana Alberti (moderator)",
        "Mr. Abdul Aliyev (panelist)",
        "Mr. James Buyekane (panelist)",
        "Ms. Vu Thi Kim Chi (panelist)",
        "3 questions: Azerbaijan, Kenya, Vietnam",
    )
    assert f'action="/desk/{programme}/sessions/session-1/cancel/"' in page.content.decode()
