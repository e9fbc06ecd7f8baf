"""Calendar states: the changes that raise SEQUENCE, only LAST-MODIFIED, or neither."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda.sequences import next_calendar_states, next_workshop_states
from sessions_app.agenda.types import Agenda, CalendarState, Session
from tests import make

HOUR = timedelta(hours=1)


def releases(*agendas: Agenda) -> list[Agenda]:
    """The agendas published one after the other, an hour apart."""
    last: Agenda | None = None
    made = []
    for number, agenda in enumerate(agendas, start=1):
        now = make.at(0) + number * HOUR
        states = next_calendar_states(last, agenda, number=number, now=now)
        last = replace(agenda, calendar_states=states, release=number, released_at=now)
        made.append(last)
    return made


def morning(*sessions: Session, **facts: Any) -> Agenda:
    return make.agenda(make.workshop(*sessions, **facts))


def facts(agenda: Agenda) -> list[tuple[int, int, bool]]:
    """Sequence, release of the last change, and whether the session was removed."""
    return [
        (state.sequence, state.changed_in, state.last_known is not None)
        for state in agenda.calendar_states
    ]


def test_new_session_starts_at_sequence_zero() -> None:
    session = make.session()
    (first,) = releases(morning(session))
    uid = make.uid("international")
    assert first.calendar_states == (CalendarState(session.uid, uid, 0, 1, make.at(0) + HOUR),)


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"title": make.text("Other")}, 0),
        ({"people": (make.appearance(),)}, 0),
        ({"number": 7}, 0),
        ({"starts_at": make.at(9, 20)}, 1),
        ({"ends_at": make.at(9, 50)}, 1),
        ({"place": make.text("Room 2")}, 1),
        ({"status": "tentative"}, 1),
        ({"status": "cancelled"}, 1),
    ],
)
def test_sequence_goes_up_exactly_when_time_place_or_status_change(
    change: dict[str, Any], sequence: int
) -> None:
    session = make.session()
    _, second = releases(morning(session), morning(replace(session, **change)))
    assert facts(second) == [(sequence, 2, False)]


def test_unchanged_session_keeps_its_state() -> None:
    session, other = make.session(), make.session("other")
    first, second = releases(morning(session, other), morning(session, replace(other, number=1)))
    assert [state for state in second.calendar_states if state.uid == session.uid] == [
        state for state in first.calendar_states if state.uid == session.uid
    ]


def test_place_of_the_workshop_counts_where_a_session_has_none() -> None:
    session, roomed = make.session(), make.session("roomed", place=make.text("Room 1"))
    _, second = releases(
        morning(session, roomed), morning(session, roomed, place=make.text("Hall"))
    )
    assert {state.uid: state.sequence for state in second.calendar_states} == {
        session.uid: 1,
        roomed.uid: 0,
    }


def test_removed_session_keeps_its_last_known_form_and_comes_back_with_a_higher_sequence() -> None:
    session = make.session(place=make.text("Room 1"))
    _, dropped, still, back = releases(morning(session), morning(), morning(), morning(session))
    assert facts(dropped) == [(1, 2, True)]
    assert dropped.calendar_states[0].last_known == session
    assert still.calendar_states == dropped.calendar_states
    assert facts(back) == [(2, 4, False)]


def test_state_of_a_session_moved_to_another_workshop_has_the_new_workshop() -> None:
    session = make.session()
    afternoon = make.workshop(key="national")
    _, second = releases(
        make.agenda(make.workshop(session), afternoon),
        make.agenda(make.workshop(), replace(afternoon, sessions=(session,))),
    )
    assert [state.workshop for state in second.calendar_states] == [afternoon.uid]


def test_change_of_a_display_zone_changes_every_entry_and_raises_no_sequence() -> None:
    agenda = morning(make.session())
    _, second = releases(agenda, replace(agenda, zones=(make.LAO,)))
    assert facts(second) == [(0, 2, False)]


def test_release_without_states_gets_new_ones() -> None:
    session = make.session()
    (first,) = releases(morning(session))
    old = replace(first, calendar_states=())
    moved = morning(replace(session, starts_at=make.at(9)))
    assert [
        state.sequence for state in next_calendar_states(old, moved, number=2, now=make.at(9))
    ] == [1]


CHOICES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.sampled_from(["confirmed", "cancelled"])),
    min_size=1,
    max_size=8,
)


@given(CHOICES)
def test_sequence_never_falls_and_a_released_uid_keeps_a_state(
    history: list[tuple[bool, int, str]],
) -> None:
    agendas = [
        morning(*([make.session(starts_at=make.at(9, minutes), status=status)] if stands else []))
        for stands, minutes, status in history
    ]
    made = releases(*agendas)
    sequences = [release.calendar_states[0].sequence for release in made if release.calendar_states]
    assert sequences == sorted(sequences)
    first = next((n for n, (stands, *_) in enumerate(history) if stands), len(history))
    assert [len(release.calendar_states) for release in made] == [0] * first + [1] * (
        len(made) - first
    )
    for before, after in itertools.pairwise(made):
        same = before == after
        assert (before.calendar_states == after.calendar_states) == same


# Whole workshops


def windows(*agendas: Agenda) -> list[list[tuple[int, int]]]:
    """Sequence and release of the last change of each workshop, release by release."""
    last: Agenda | None = None
    made = []
    for number, agenda in enumerate(agendas, start=1):
        found = next_workshop_states(last, agenda, number=number, now=make.at(0) + number * HOUR)
        last = replace(agenda, workshop_states=found, release=number)
        made.append([(state.sequence, state.changed_in) for state in found])
    return made


@pytest.mark.parametrize(
    ("change", "then"),
    [
        ({}, (0, 1)),
        ({"about": (make.text("x"),)}, (0, 1)),
        ({"sessions": ()}, (0, 1)),
        ({"title": make.text("Other")}, (0, 2)),
        ({"audience": make.text("All")}, (0, 2)),
        ({"starts_at": make.at(8)}, (1, 2)),
        ({"ends_at": make.at(14)}, (1, 2)),
        ({"place": make.text("Hall")}, (1, 2)),
    ],
)
def test_workshops_sequence_goes_up_exactly_when_window_or_place_change(
    change: dict[str, Any], then: tuple[int, int]
) -> None:
    workshop = make.workshop(make.session())
    first, second = make.agenda(workshop), make.agenda(replace(workshop, **change))
    assert windows(first, second) == [[(0, 1)], [then]]


def test_removed_workshop_comes_back_with_a_higher_sequence() -> None:
    with_it, without = make.agenda(make.workshop()), make.agenda()
    assert windows(with_it, without, with_it) == [[(0, 1)], [(0, 1)], [(1, 3)]]


def test_workshop_of_a_release_without_states_starts_at_zero() -> None:
    old = make.agenda(make.workshop())
    (state,) = next_workshop_states(old, old, number=7, now=make.at(9))
    assert (state.uid, state.sequence, state.changed_in) == (make.uid("international"), 0, 7)
