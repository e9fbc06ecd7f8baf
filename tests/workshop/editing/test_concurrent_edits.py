"""Two users edit one session: the second save shows the first, and nothing is lost."""

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
    """POST data of the row's page as opened."""
    context = client.get(address(row)).context
    with timezone.override(ZoneInfo(row.event.zone)):
        data = {"seen": str(context["edit_version"]), **_form_data(context["adminform"].form)}
        for inline in context["inline_admin_formsets"]:
            data |= _formset_data(inline.formset)
    return data


def _formset_data(formset: Any) -> dict[str, Any]:
    data = _form_data(formset.management_form)
    for form in formset.forms:
        data |= _form_data(form)
        for nested in getattr(form, "nested_formsets", ()):
            data |= _formset_data(nested.formset)
    return data


def _form_data(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for field in form:
        widget = getattr(field.field.widget, "widget", field.field.widget)
        value = field.field.prepare_value(field.initial)
        if field.name == "DELETE" or value is None:
            continue
        if hasattr(widget, "widgets"):
            for subwidget, suffix, subvalue in zip(
                widget.widgets, widget.widgets_names, widget.decompress(value), strict=True
            ):
                data[field.html_name + suffix] = subwidget.format_value(subvalue)
        else:
            data[field.html_name] = value
    return data


def edits_shown(response: Any) -> list[str]:
    return [f"{edit.by}: {edit}" for edit in response.context["concurrent_edits"]]


def saved(row: models.Session) -> tuple[str, str, list[str], list[str]]:
    row.refresh_from_db()
    questions = models.Question.objects.filter(block__session=row)
    return (
        row.title_en,
        row.place_en or "",
        [str(appearance) for appearance in row.appearances.all()],
        [question.text_en for question in questions],
    )


# Each request in transactions of its own, as it is served: PostgreSQL locks in no other.
@pytest.mark.django_db(transaction=True)
def test_second_save_shows_the_first_and_merges_both(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    response = first.post(address(row), one | {"title_en": "Panel of Ann", "place_en": "Hall 1"})
    assert response.status_code == 302

    two |= {"title_en": "Panel of Bob", "question_blocks-0-questions-0-text_en": "Why?"}
    conflict = second.post(address(row), two)

    assert conflict.status_code == 200
    assert edits_shown(conflict) == [
        "Ann: Session “Panel of Ann”: Title (English): “Panel” → “Panel of Ann”; "
        "Place (English): nothing → “Hall 1”"
    ]
    assert "Ann changed this while you were typing" in conflict.content.decode()
    form = conflict.context["adminform"].form
    assert (form["title_en"].value(), form["place_en"].value()) == ("Panel of Bob", "Hall 1")
    assert saved(row) == ("Panel of Ann", "Hall 1", ["Ann", "Bob"], ["How?"])

    saved_again = second.post(address(row), posted(conflict))
    assert saved_again.status_code == 302
    assert saved(row) == ("Panel of Bob", "Hall 1", ["Ann", "Bob"], ["Why?"])


def posted(conflict: Any) -> dict[str, Any]:
    """POST data of the conflict page, with its new edit version."""
    data = {key: conflict.wsgi_request.POST.getlist(key) for key in conflict.wsgi_request.POST}
    return data | {"seen": str(conflict.context["edit_version"])}


def test_changes_of_the_other_user_in_child_rows_are_kept(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    one |= {"question_blocks-0-minutes": "7", "question_blocks-0-countries": ["KR", "AZ", "KE"]}
    assert first.post(address(row), one).status_code == 302

    conflict = second.post(address(row), two | {"title_en": "Panel of Bob"})
    assert second.post(address(row), posted(conflict)).status_code == 302

    block = models.QuestionBlock.objects.get()
    assert (block.minutes, [country.code for country in block.countries]) == (7, ["KR", "AZ", "KE"])
    assert saved(row)[0] == "Panel of Bob"


def test_row_deleted_by_the_other_user_is_restored_only_if_edited(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    one, two = opened(first, row), opened(second, row)
    uid = models.QuestionBlock.objects.get().pk
    one |= {"appearances-0-DELETE": "on", "question_blocks-0-DELETE": "on"}
    assert first.post(address(row), one).status_code == 302
    assert saved(row)[2:] == (["Bob"], [])

    conflict = second.post(address(row), two | {"question_blocks-0-questions-0-text_en": "Why?"})
    assert edits_shown(conflict) == [
        "Ann: Question block “Republic of Korea, Azerbaijan”: removed",
        "Ann: Question “How?”: removed",
        "Ann: Appearance “Ann”: removed",
    ]
    assert second.post(address(row), posted(conflict)).status_code == 302
    assert saved(row)[2:] == (["Bob"], ["Why?"])
    assert models.QuestionBlock.objects.get().pk == uid


def test_session_deleted_by_the_other_user_is_restored_by_saving(row: models.Session) -> None:
    first, second = organiser("ann"), organiser("bob")
    two = opened(second, row)
    first.post(f"/admin/sessions_app/session/{row.pk}/delete/", {"post": "yes"})

    conflict = second.post(address(row), two | {"title_en": "Panel of Bob"})
    assert [line.split(":")[0] for line in edits_shown(conflict)] == ["Ann"]
    assert second.post(address(row), posted(conflict)).status_code == 302
    row.refresh_from_db()
    assert (row.title_en, row.dropped_at) == ("Panel of Bob", None)


def test_own_save_is_no_conflict(row: models.Session) -> None:
    client = organiser("ann")
    for title in ("One", "Two"):
        data = opened(client, row) | {"title_en": title}
        assert client.post(address(row), data).status_code == 302
    assert saved(row)[0] == "Two"


def test_row_of_another_session_is_not_taken_over_by_uid(row: models.Session) -> None:
    other = make.session_row(row.workshop, key="other", title_en="Other")
    theirs = make.appearance_row(make.person_row("Eve"), session=other)
    client = organiser("ann")
    data = opened(client, row) | {"appearances-0-uid": str(theirs.pk)}
    client.post(address(row), data | {"appearances-0-role": "moderator"})
    theirs.refresh_from_db()
    assert (theirs.session, theirs.role) == (other, "panelist")


def test_history_page_includes_child_rows(row: models.Session) -> None:
    client = organiser("ann")
    client.post(
        address(row), opened(client, row) | {"appearances-1-DELETE": "on", "title_en": "New"}
    )
    page = client.get(f"/admin/sessions_app/session/{row.pk}/history/")
    assert [(edit.by, str(edit)) for edit in page.context["edits"]][:2] == [
        ("Ann", "Appearance “Bob”: removed"),
        ("Ann", "Session “New”: Title (English): “Panel” → “New”"),
    ]
