"""Queries of publishing: the draft agenda, in a constant number of database queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.publishing.queries import Edit, get_draft, get_last_edits
from tests import make
from workshop.models import Event

DRAFT_QUERIES = 13

pytestmark = pytest.mark.django_db


def full_session(workshop: Any, number: int) -> None:
    """A panel with a moderator, a talk, and a block of two questions."""
    starts_at = make.at(8, 30) + timedelta(minutes=number)
    session = make.session_row(
        workshop, number=number, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=1)
    )
    person = make.person_row(f"Person {number}", country="KE")
    make.appearance_row(person, session=session, role="moderator")
    talk = models.Presentation.objects.create(session=session, title_en="Talk", minutes=5)
    make.appearance_row(person, presentation=talk, role="presenter")
    block = models.QuestionBlock.objects.create(
        session=session, countries=["KE", "AZ"], minutes=5, minutes_are="per_country"
    )
    models.Question.objects.create(block=block, text_en="How?", order=1)
    models.Question.objects.create(block=block, text_en="Why?", order=2)


@pytest.mark.parametrize("sessions", [1, 3, 200])
def test_draft_takes_the_same_queries_at_any_size(
    sessions: int, django_assert_num_queries: Any
) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    make.appearance_row(make.person_row("Overall"), workshop=workshop, role="moderator")
    for number in range(1, sessions + 1):
        full_session(workshop, number)
    with django_assert_num_queries(DRAFT_QUERIES):
        draft = get_draft(Event.objects.get())
    assert [session.number for session in draft.sessions()] == list(range(1, sessions + 1))


def test_draft_holds_what_the_rows_say() -> None:
    event = make.event_row(title_lo="ກອງປະຊຸມ", languages="en,lo")
    workshop = make.workshop_row(event)
    full_session(workshop, 1)
    (session,) = get_draft(event).sessions()
    (talk,) = session.presentations
    (block,) = session.question_blocks
    assert get_draft(event).title == Text("Event", "ກອງປະຊຸມ")
    assert get_draft(event).zones == make.ZONES
    assert [(who.role, str(who.name), who.country) for who in session.everybody] == [
        ("moderator", "Person 1", "KE"),
        ("presenter", "Person 1", "KE"),
    ]
    assert (str(talk.title), talk.minutes) == ("Talk", 5)
    assert (block.countries, block.total_minutes) == (("KE", "AZ"), 10)
    assert [str(question.text) for question in block.questions] == ["How?", "Why?"]


def test_draft_has_the_affiliation_printed_at_the_appearance() -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    head = {"position_en": "Head", "organisation_en": "Agency"}
    make.appearance_row(make.person_row("A", **head), session=session, order=1)
    make.appearance_row(
        make.person_row("B", **head), session=session, organisation_en="Bureau", order=2
    )
    (drawn,) = get_draft(event).sessions()
    assert [(str(who.position), str(who.organisation)) for who in drawn.people] == [
        ("Head", "Agency"),
        ("", "Bureau"),
    ]


def test_draft_leaves_out_deleted_sessions_and_their_people() -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event), dropped_at=make.at(8))
    make.appearance_row(make.person_row(), session=session)
    draft = get_draft(event)
    assert (list(draft.sessions()), draft.people) == ([], ())


def test_draft_gives_a_person_their_countrys_only_zone() -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    for name, columns in {
        "Kenyan": {"country": "KE"},
        "American": {"country": "US"},
        "Stateless": {},
        "Abroad": {"country": "KE", "zone": "Europe/London"},
    }.items():
        make.appearance_row(make.person_row(name, **columns), session=session)
    assert {person.key: person.zone for person in get_draft(event).people} == {
        "kenyan": "Africa/Nairobi",
        "american": "",
        "stateless": "",
        "abroad": "Europe/London",
    }


def test_last_edit_of_a_session_is_that_of_anything_in_it(
    organiser: User, django_assert_num_queries: Any
) -> None:
    workshop = make.workshop_row(make.event_row())
    for number in (1, 2):
        full_session(workshop, number)
    session = models.Session.objects.all()[0]
    talk, block = session.presentations.get(), session.question_blocks.get()
    parts = (
        *(session, session.appearances.get(), talk, talk.appearances.get()),
        *(block, block.questions.all()[0]),
    )
    for part in parts:
        type(part).history.all().delete()
    found = []
    for hour, part in enumerate(parts, start=9):
        part._history_user = organiser if hour % 2 else None
        part.save()
        part.history.update(history_date=make.at(hour, day=9))
        with django_assert_num_queries(1):
            edits = get_last_edits([session.uid])
        found.append(edits)
    assert found == [
        {session.uid: Edit(make.at(hour, day=9), "organiser" if hour % 2 else "")}
        for hour in range(9, 15)
    ]
