"""Two organisers on one row: the second is told, and neither loses a word."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from sessions_app import models
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(db: None) -> models.Session:
    """A panel with two panelists and a block of one question."""
    session = make.session_row(make.workshop_row(make.event_row()), title_en="Panel")
    for order, name in enumerate(("ann", "bob"), start=1):
        person = make.person_row(name.capitalize())
        make.appearance_row(person, session=session, order=order)
    block = models.QuestionBlock.objects.create(
        session=session, countries=["KR", "AZ"], minutes=5, minutes_are="per_country", order=1
    )
    models.Question.objects.create(block=block, text_en="How?", order=1)
    return session


def organiser(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser(name, first_name=name.capitalize()))
    return client


def address(row: models.Session) -> str:
    return f"/admin/sessions_app/session/{row.pk}/change/"


def opened(client: Client, row: models.Session) -> dict[str, Any]:
    """Everything that the page of the row would post if it were saved as it is."""
    context = client.get(address(row)).context
    with timezone.override(ZoneInfo(row.event.zone)):
        data = {"seen": str(context["seen"]), **_of(context["adminform"].form)}
        for each in context["inline_admin_formsets"]:
            data |= _of_rows(each.formset)
    return data


def _of_rows(formset: Any) -> dict[str, Any]:
    data = _of(formset.management_form)
    for form in formset.forms:
        data |= _of(form)
        for nested in getattr(form, "nested_formsets", ()):
            data |= _of_rows(nested.formset)
    return data


def _of(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form:
        widget = getattr(field.field.widget, "widget", field.field.widget)
        value = field.field.prepare_value(field.initial)
        if field.name == "DELETE" or value is None:
            continue
        if hasattr(widget, "widgets"):
            for part, suffix, each in zip(
                widget.widgets, widget.widgets_names, widget.decompress(value), strict=True
            ):
                data[field.html_name + suffix] = part.format_value(each)
        else:
            data[field.html_name] = value
    return data


def said(answer: Any) -> list[str]:
    return [f"{edit.by}: {edit}" for edit in answer.context["meanwhile"]]


def saved(row: models.Session) -> tuple[str, str, list[str], list[str]]:
    row.refresh_from_db()
    questions = models.Question.objects.filter(block__session=row)
    return (
        row.title_en,
        row.place_en or "",
        [str(who) for who in row.appearances.all()],
        [question.text_en for question in questions],
    )


# Each request in transactions of its own, as it is served: PostgreSQL locks in no other.
@pytest.mark.django_db(transaction=True)
def test_second_is_told_and_saves_both(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    answer = first.post(address(row), one | {"title_en": "Panel of Ann", "place_en": "Hall 1"})
    assert answer.status_code == 302

    two |= {"title_en": "Panel of Bob", "question_blocks-0-questions-0-text_en": "Why?"}
    told = second.post(address(row), two)

    assert told.status_code == 200
    assert said(told) == [
        "Ann: Session “Panel of Ann”: Title (English): “Panel” → “Panel of Ann”; "
        "Place (English): nothing → “Hall 1”"
    ]
    assert "Ann changed this while you were typing" in told.content.decode()
    form = told.context["adminform"].form
    assert (form["title_en"].value(), form["place_en"].value()) == ("Panel of Bob", "Hall 1")
    assert saved(row) == ("Panel of Ann", "Hall 1", ["Ann", "Bob"], ["How?"])

    again = second.post(address(row), posted(told))
    assert again.status_code == 302
    assert saved(row) == ("Panel of Bob", "Hall 1", ["Ann", "Bob"], ["Why?"])


def posted(told: Any) -> dict[str, Any]:
    """What the page that tells of others would post: what it shows, with its new mark."""
    data = {key: told.wsgi_request.POST.getlist(key) for key in told.wsgi_request.POST}
    return data | {"seen": str(told.context["seen"])}


def test_what_only_the_other_changed_in_children_is_kept(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    one |= {"question_blocks-0-minutes": "7", "question_blocks-0-countries": ["KR", "AZ", "KE"]}
    assert first.post(address(row), one).status_code == 302

    told = second.post(address(row), two | {"title_en": "Panel of Bob"})
    assert second.post(address(row), posted(told)).status_code == 302

    block = models.QuestionBlock.objects.get()
    assert (block.minutes, [country.code for country in block.countries]) == (7, ["KR", "AZ", "KE"])
    assert saved(row)[0] == "Panel of Bob"


def test_row_removed_by_the_other_stays_removed_unless_typed_in(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    uid = models.QuestionBlock.objects.get().pk
    one |= {"appearances-0-DELETE": "on", "question_blocks-0-DELETE": "on"}
    assert first.post(address(row), one).status_code == 302
    assert saved(row)[2:] == (["Bob"], [])

    told = second.post(address(row), two | {"question_blocks-0-questions-0-text_en": "Why?"})
    assert said(told) == [
        "Ann: Question block “Republic of Korea, Azerbaijan”: removed",
        "Ann: Question “How?”: removed",
        "Ann: Appearance “Ann”: removed",
    ]
    assert second.post(address(row), posted(told)).status_code == 302
    assert saved(row)[2:] == (["Bob"], ["Why?"])
    assert models.QuestionBlock.objects.get().pk == uid


def test_session_deleted_by_the_other_comes_back_with_what_was_typed(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    two = opened(second, row)
    first.post(f"/admin/sessions_app/session/{row.pk}/delete/", {"post": "yes"})

    told = second.post(address(row), two | {"title_en": "Panel of Bob"})
    assert [line.split(":")[0] for line in said(told)] == ["Ann"]
    assert second.post(address(row), posted(told)).status_code == 302
    row.refresh_from_db()
    assert (row.title_en, row.dropped_at) == ("Panel of Bob", None)


def test_nobody_is_stopped_by_their_own_save(row: models.Session) -> None:
    client = organiser("ann")
    for title in ("One", "Two"):
        data = opened(client, row) | {"title_en": title}
        assert client.post(address(row), data).status_code == 302
    assert saved(row)[0] == "Two"


def test_row_of_another_session_is_not_taken_by_its_uid(row: models.Session) -> None:
    other = make.session_row(row.workshop, key="other", title_en="Other")
    theirs = make.appearance_row(make.person_row("Eve"), session=other)
    client = organiser("ann")
    data = opened(client, row) | {"appearances-0-uid": str(theirs.pk)}
    client.post(address(row), data | {"appearances-0-role": "moderator"})
    theirs.refresh_from_db()
    assert (theirs.session, theirs.role) == (other, "panelist")


def test_history_tells_of_children_in_words(row: models.Session) -> None:
    client = organiser("ann")
    client.post(
        address(row), opened(client, row) | {"appearances-1-DELETE": "on", "title_en": "New"}
    )
    page = client.get(f"/admin/sessions_app/session/{row.pk}/history/")
    assert [(edit.by, str(edit)) for edit in page.context["edits"]][:2] == [
        ("Ann", "Appearance “Bob”: removed"),
        ("Ann", "Session “New”: Title (English): “Panel” → “New”"),
    ]
