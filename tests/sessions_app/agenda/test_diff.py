"""Diff of two agendas: each difference is one change, and none is missed."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda import diff as module
from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.types import (
    AboutSection,
    Agenda,
    Presentation,
    Question,
    Session,
    Workshop,
)
from tests import make
from tests.sessions_app.agenda.test_types import filled
from workshop.zones import Zone


def edits(value: Any) -> Iterator[Any]:
    """The value with one compared field edited, in every way and place all the way down."""
    if is_dataclass(value):
        for name in [field.name for field in fields(value) if field.compare]:
            for other in edits(getattr(value, name)):
                yield replace(value, **{name: other})
    elif isinstance(value, tuple):
        yield from (value[1:], value[::-1])
        for index, item in enumerate(value):
            for other in edits(item):
                yield (*value[:index], other, *value[index + 1 :])
    else:
        yield _edited(value)


def _edited(value: Any) -> Any:
    match value:
        case None:
            return None
        case str():
            return f"{value} edited"
        case bool():
            return not value
        case int():
            return value + 1
        case datetime():
            return value + timedelta(minutes=1)
        case UUID():
            return UUID(int=value.int ^ 1)
    raise TypeError(value)


BASE = filled(Agenda)
# Agendas of two events are not compared: the event's own UID stays.
EDITS = tuple(edited for edited in edits(BASE) if edited.uid == BASE.uid)
some_edit = st.sampled_from(EDITS)


def test_changes_name_every_edit_of_one_field() -> None:
    assert [edited for edited in EDITS if edited != BASE and changes(BASE, edited) == ()] == []


@st.composite
def edited_agendas(draw: st.DrawFn) -> Agenda:
    """The base agenda with an edit of the event, one of a workshop, and sessions dealt out anew."""
    event, workshops = draw(some_edit), draw(some_edit).workshops
    if draw(st.booleans()):
        sessions = draw(
            st.permutations([row for workshop in workshops for row in workshop.sessions])
        )
        ends = sorted(draw(st.integers(0, len(sessions))) for _ in workshops[1:])
        cuts = itertools.pairwise((0, *ends, len(sessions)))
        workshops = tuple(
            replace(workshop, sessions=tuple(sessions[start:end]))
            for workshop, (start, end) in zip(draw(st.permutations(workshops)), cuts, strict=True)
        )
    return replace(event, workshops=workshops)


@settings(deadline=None, max_examples=200)
@given(old=edited_agendas(), new=edited_agendas())
def test_changes_are_none_exactly_between_equal_agendas(old: Agenda, new: Agenda) -> None:
    assert changes(old, old) == changes(new, new) == ()
    assert (changes(old, new) == ()) == (old == new)


@pytest.mark.parametrize(
    ("kind", "aspects", "structure"),
    [
        (Session, module.SESSION_ASPECTS, ["uid"]),
        (Workshop, module.WORKSHOP_ASPECTS, ["uid", "sessions"]),
        (Agenda, module.EVENT_ASPECTS, ["uid", "workshops"]),
    ],
)
def test_aspects_hold_every_compared_field_once(
    kind: type[Any], aspects: Mapping[str, tuple[str, ...]], structure: list[str]
) -> None:
    named = [name for names in aspects.values() for name in names]
    assert sorted(named + structure) == sorted(
        field.name for field in fields(kind) if field.compare
    )


def test_release_is_no_change() -> None:
    agenda = make.agenda(make.workshop(make.session()))
    assert changes(agenda, replace(agenda, release=2, released_at=make.at(8))) == ()


def between(before: Session, after: Session) -> tuple[Change, ...]:
    """The changes that an edited session makes, without the workshops around it."""
    found = changes(
        make.agenda(make.workshop(before)),
        make.agenda(make.workshop(after)),
    )
    return tuple(replace(change, workshop=None, former_workshop=None) for change in found)


SESSION = make.session()
OTHER = make.session("session-2")


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("moved", {"starts_at": make.at(9, 30)}),
        ("moved", {"ends_at": make.at(9, 50)}),
        ("retitled", {"title": make.text("Leadership", "ການນຳພາ")}),
        ("retitled", {"heading": make.text("Session 1")}),
        ("retitled", {"number": 2}),
        ("retitled", {"kind": "break"}),
        ("status", {"status": "cancelled"}),
        ("place", {"place": make.text("Zoom")}),
        ("people", {"people": (make.appearance(),)}),
        ("presentations", {"presentations": (Presentation(make.uid("talk"), make.text("Talk")),)}),
        ("questions", {"question_blocks": (make.block("KE"),)}),
        ("questions", {"questions_minutes": 15}),
        ("details", {"note": make.text("Bring the form.")}),
        ("details", {"key": "session-one"}),
    ],
)
def test_change_of_a_session_is_named(kind: module.Kind, facts: dict[str, Any]) -> None:
    edited = replace(SESSION, **facts)
    assert between(SESSION, edited) == (Change(kind, SESSION, edited),)
    assert between(edited, SESSION) == (Change(kind, edited, SESSION),)


def test_reworded_question_is_a_change_of_questions() -> None:
    (block,) = (make.block("KE", questions=("How?", "Why?")),)
    first, second = block.questions
    asked = replace(SESSION, question_blocks=(block,))
    reworded = replace(block, questions=(first, Question(second.uid, make.text("Why not?"))))
    edited = replace(SESSION, question_blocks=(reworded,))
    assert between(asked, edited) == (Change("questions", asked, edited),)


def test_two_aspects_of_a_session_are_two_changes() -> None:
    edited = replace(SESSION, status="tentative", ends_at=make.at(9, 50))
    assert between(SESSION, edited) == (
        Change("status", SESSION, edited),
        Change("moved", SESSION, edited),
    )


def test_session_is_added_and_removed_with_its_workshop() -> None:
    alone, both = make.workshop(SESSION), make.workshop(SESSION, OTHER)
    assert changes(make.agenda(alone), make.agenda(both)) == (
        Change("added", None, OTHER, workshop=both),
    )
    assert changes(make.agenda(both), make.agenda(alone)) == (
        Change("removed", OTHER, None, former_workshop=both),
    )


def test_workshop_is_added_and_removed_before_its_sessions() -> None:
    morning, afternoon = make.workshop(SESSION), make.workshop(OTHER, key="national")
    one, two = make.agenda(morning), make.agenda(morning, afternoon)
    assert changes(one, two) == (
        Change("added", None, afternoon),
        Change("added", None, OTHER, workshop=afternoon),
    )
    assert changes(two, one) == (
        Change("removed", afternoon, None),
        Change("removed", OTHER, None, former_workshop=afternoon),
    )


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=5)])
def test_session_moved_to_another_workshop_is_one_change(later: timedelta) -> None:
    moved = replace(SESSION, starts_at=SESSION.starts_at + later, ends_at=SESSION.ends_at + later)
    was, stays = make.workshop(SESSION), make.workshop(OTHER, key="national")
    left, comes = make.workshop(), make.workshop(OTHER, moved, key="national")
    assert changes(make.agenda(was, stays), make.agenda(left, comes)) == (
        Change("moved", SESSION, moved, workshop=comes, former_workshop=was),
    )


def test_sessions_in_another_order_are_a_change_of_their_workshop() -> None:
    before, after = make.workshop(SESSION, OTHER), make.workshop(OTHER, SESSION)
    assert changes(make.agenda(before), make.agenda(after)) == (Change("details", before, after),)


def test_workshops_in_another_order_are_a_change_of_the_event() -> None:
    morning, afternoon = make.workshop(), make.workshop(key="national")
    before, after = make.agenda(morning, afternoon), make.agenda(afternoon, morning)
    assert changes(before, after) == (Change("details", before, after),)


def test_details_and_another_order_are_one_change() -> None:
    before = make.workshop(SESSION, OTHER)
    after = make.workshop(OTHER, SESSION, admission="open")
    assert changes(make.agenda(before), make.agenda(after)) == (Change("details", before, after),)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("moved", {"ends_at": make.at(13, 30)}),
        ("retitled", {"title": make.text("Peers")}),
        ("place", {"place": make.text("Zoom")}),
        ("people", {"people": (make.appearance(),)}),
        ("about", {"about": (AboutSection(make.uid("a"), make.text("Aims"), make.text("To")),)}),
        ("details", {"admission": "open"}),
        ("details", {"readable": False}),
    ],
)
def test_change_of_a_workshop_is_named(kind: module.Kind, facts: dict[str, Any]) -> None:
    before = make.workshop(SESSION)
    after = replace(before, **facts)
    assert changes(make.agenda(before), make.agenda(after)) == (Change(kind, before, after),)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("retitled", {"title": make.text("Workshops")}),
        ("zones", {"zone": "Asia/Seoul"}),
        ("zones", {"zones": make.ZONES[::-1]}),
        ("zones", {"zones": (Zone("ICT", "Asia/Vientiane"), make.KST, make.EST)}),
        ("people", {"people": (make.person(),)}),
        ("about", {"about": (AboutSection(make.uid("a"), make.text("Aims"), make.text("To")),)}),
        ("details", {"platform": make.text("Zoom")}),
    ],
)
def test_change_of_the_event_is_named(kind: module.Kind, facts: dict[str, Any]) -> None:
    before = make.agenda(make.workshop(SESSION))
    after = replace(before, **facts)
    assert changes(before, after) == (Change(kind, before, after),)


def test_change_of_people_has_added_and_removed_people() -> None:
    juny, adam = make.appearance("Juny Kim"), make.appearance("Adam")
    as_chair = replace(juny, role="moderator")
    before, after = replace(SESSION, people=(juny, adam)), replace(SESSION, people=(adam, as_chair))
    (change,) = between(before, after)
    assert (change.kind, change.added_people, change.removed_people) == (
        "people",
        (as_chair,),
        (juny,),
    )


def test_change_of_order_alone_adds_and_removes_nobody() -> None:
    juny, adam = make.appearance("Juny Kim"), make.appearance("Adam")
    before, after = replace(SESSION, people=(juny, adam)), replace(SESSION, people=(adam, juny))
    (change,) = between(before, after)
    assert (change.kind, change.added_people, change.removed_people) == ("people", (), ())


def test_change_of_a_talk_has_added_and_removed_people() -> None:
    juny, adam = make.appearance("Juny Kim"), make.appearance("Adam")
    talk = Presentation(make.uid("talk"), make.text("Talk"), people=(juny,))
    before = replace(SESSION, presentations=(talk,))
    after = replace(SESSION, presentations=(replace(talk, people=(adam,)),))
    (change,) = between(before, after)
    assert (change.kind, change.added_people, change.removed_people) == (
        "presentations",
        (adam,),
        (juny,),
    )


def test_subject_is_the_new_form_or_the_last_one() -> None:
    subjects = [
        Change("moved", SESSION, OTHER).subject,
        Change("added", None, OTHER).subject,
        Change("removed", SESSION, None).subject,
    ]
    assert subjects == [OTHER, OTHER, SESSION]
