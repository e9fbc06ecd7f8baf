"""Constraints of the models, with their messages."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sessions_app import models
from tests import make
from workshop.models import AboutSection, DisplayZone, Event

pytestmark = pytest.mark.django_db


def refused(row: Any) -> str:
    """The sentence a form would show; the database must refuse the row as well."""
    with pytest.raises(ValidationError) as sentence:
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    return " ".join(sentence.value.messages)


def test_session_cannot_end_before_it_starts() -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    session.ends_at = session.starts_at
    assert refused(session) == "The session ends before it starts."


def test_workshop_cannot_end_before_it_starts() -> None:
    workshop = make.workshop_row(make.event_row())
    workshop.ends_at = workshop.starts_at - timedelta(minutes=1)
    assert refused(workshop) == "The workshop ends before it starts."


def test_person_cannot_have_one_role_twice_in_one_place() -> None:
    workshop = make.workshop_row(make.event_row())
    session, person = make.session_row(workshop), make.person_row()
    talk = models.Presentation.objects.create(session=session, title_en="Talk")
    for place in ({"session": session}, {"presentation": talk}, {"workshop": workshop}):
        make.appearance_row(person, **place)
        again = models.Appearance(person=person, role="panelist", **place)
        assert refused(again) == "This person has this role here already."
        make.appearance_row(person, **{**place, "role": "moderator"})


def test_function_cannot_stand_twice_but_names_to_be_confirmed_can() -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    function = {"session": session, "role": "speaker", "stands_for": "function", "name_en": "RC"}
    models.Appearance.objects.create(**function)
    assert refused(models.Appearance(**function)) == "This name has this role here already."
    models.Appearance.objects.create(**{**function, "name_en": "UNDP RR"})
    for _ in range(2):
        models.Appearance.objects.create(
            session=session, role="speaker", stands_for="to_be_confirmed"
        )


def test_appearance_is_in_one_place() -> None:
    workshop = make.workshop_row(make.event_row())
    session, person = make.session_row(workshop), make.person_row()
    for places in ({}, {"session": session, "workshop": workshop}):
        row = models.Appearance(person=person, role="panelist", **places)
        assert "exactly one session, presentation or workshop" in refused(row)


def test_appearance_is_a_person_or_says_what_it_is() -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    nobody = models.Appearance(session=session, role="panelist")
    assert "Choose a person" in refused(nobody)
    both = models.Appearance(
        session=session,
        role="panelist",
        stands_for="function",
        name_en="RC",
        person=make.person_row(),
    )
    assert "Choose a person" in refused(both)


@pytest.mark.parametrize(
    "columns",
    [{"minutes": 5}, {"minutes_are": "in_total"}, {"minutes": 0, "minutes_are": "in_total"}],
)
def test_question_block_says_what_its_minutes_are(columns: Any) -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    block = models.QuestionBlock(session=session, countries=["KE"], **columns)
    assert "each country or in total" in refused(block)


def test_event_cannot_take_an_address_of_the_site() -> None:
    assert "The site itself uses this address." in refused(
        Event(slug="admin", title_en="E", zone="Asia/Seoul")
    )


def test_display_zone_label_stands_once_whatever_its_case() -> None:
    event = make.event_row()
    assert "already has a time zone with this label" in refused(
        DisplayZone(event=event, label="kst", key="Asia/Tokyo")
    )
    assert "The event already has this time zone." in refused(
        DisplayZone(event=event, label="Seoul", key="Asia/Seoul")
    )


@pytest.mark.parametrize("key", ["EST", "Etc/GMT+7", "Vientiane", ""])
def test_zone_must_be_a_place(key: str) -> None:
    with pytest.raises(ValidationError):
        Event(slug="e", title_en="E", zone=key).full_clean()


def test_about_section_stays_within_its_event() -> None:
    first, second = make.event_row("first"), make.event_row("second")
    section = AboutSection(
        event=first, workshop=make.workshop_row(second), title_en="T", body_en="B"
    )
    with pytest.raises(ValidationError, match="another event"):
        section.full_clean()


def test_session_key_is_set_once_from_the_english_text() -> None:
    workshop = make.workshop_row(make.event_row())
    times = {"starts_at": make.at(9), "ends_at": make.at(10)}
    numbered = make.session_row(workshop, number=3, **times)
    titled = make.session_row(workshop, title_en="Lessons Learned", **times)
    again = make.session_row(workshop, title_en="Lessons learned!", **times)
    lao = make.session_row(workshop, title_en="", title_lo="ພັກ", kind="break", **times)
    titled.title_en = "Other"
    titled.save()
    assert [row.key for row in (numbered, titled, again, lao)] == [
        "session-3",
        "lessons-learned",
        "lessons-learned-2",
        "break",
    ]


def test_session_takes_the_event_of_its_workshop() -> None:
    workshop = make.workshop_row(make.event_row())
    assert make.session_row(workshop).event == workshop.event


def test_history_remembers_both_languages_of_a_question() -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    block = models.QuestionBlock.objects.create(session=session, countries=["LA"])
    question = models.Question.objects.create(block=block, text_en="How?", text_lo="ແນວໃດ?")
    question.text_en = "Why?"
    question.save()
    said = question.history.order_by("history_id").values_list("text_en", "text_lo")
    assert list(said) == [("How?", "ແນວໃດ?"), ("Why?", "ແນວໃດ?")]
