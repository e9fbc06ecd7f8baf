"""A calendar entry stays right: what raises SEQUENCE, what only LAST-MODIFIED, what neither."""

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda.sequences import follow, follow_windows
from sessions_app.agenda.types import Agenda, Session, Track
from tests import make

HOUR = timedelta(hours=1)


def releases(*agendas: Agenda) -> list[Agenda]:
    """The agendas published one after the other, an hour apart."""
    last: Agenda | None = None
    made = []
    for number, agenda in enumerate(agendas, start=1):
        now = make.at(0) + number * HOUR
        tracks = follow(last, agenda, number=number, now=now)
        last = replace(agenda, tracks=tracks, release=number, released_at=now)
        made.append(last)
    return made


def morning(*sessions: Session, **facts: Any) -> Agenda:
    return make.agenda(make.workshop(*sessions, **facts))


def facts(agenda: Agenda) -> list[tuple[int, int, bool]]:
    """Sequence, release of the last change, and whether it is gone."""
    return [(track.sequence, track.changed_in, track.gone is not None) for track in agenda.tracks]


def test_new_session_starts_at_sequence_zero() -> None:
    session = make.session()
    (first,) = releases(morning(session))
    uid = make.uid("international")
    assert first.tracks == (Track(session.uid, uid, 0, 1, make.at(0) + HOUR),)


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


def test_unchanged_session_keeps_its_track() -> None:
    session, other = make.session(), make.session("other")
    first, second = releases(morning(session, other), morning(session, replace(other, number=1)))
    assert [track for track in second.tracks if track.uid == session.uid] == [
        track for track in first.tracks if track.uid == session.uid
    ]


def test_place_of_the_workshop_counts_where_a_session_has_none() -> None:
    session, roomed = make.session(), make.session("roomed", place=make.text("Room 1"))
    _, second = releases(
        morning(session, roomed), morning(session, roomed, place=make.text("Hall"))
    )
    assert {track.uid: track.sequence for track in second.tracks} == {session.uid: 1, roomed.uid: 0}


def test_dropped_session_stays_gone_with_its_old_form_and_comes_back_higher() -> None:
    session = make.session(place=make.text("Room 1"))
    _, dropped, still, back = releases(morning(session), morning(), morning(), morning(session))
    assert facts(dropped) == [(1, 2, True)]
    assert dropped.tracks[0].gone == session
    assert still.tracks == dropped.tracks
    assert facts(back) == [(2, 4, False)]


def test_session_moved_to_another_workshop_keeps_its_uid_and_follows_it() -> None:
    session = make.session()
    afternoon = make.workshop(key="national")
    _, second = releases(
        make.agenda(make.workshop(session), afternoon),
        make.agenda(make.workshop(), replace(afternoon, sessions=(session,))),
    )
    assert [track.workshop for track in second.tracks] == [afternoon.uid]


def test_change_of_a_shown_zone_touches_every_entry_without_raising_it() -> None:
    agenda = morning(make.session())
    _, second = releases(agenda, replace(agenda, zones=(make.LAO,)))
    assert facts(second) == [(0, 2, False)]


def test_release_from_before_tracks_is_followed_all_the_same() -> None:
    session = make.session()
    (first,) = releases(morning(session))
    old = replace(first, tracks=())
    moved = morning(replace(session, starts_at=make.at(9)))
    assert [track.sequence for track in follow(old, moved, number=2, now=make.at(9))] == [1]


CHOICES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 2), st.sampled_from(["confirmed", "cancelled"])),
    min_size=1,
    max_size=8,
)


@given(CHOICES)
def test_sequence_never_falls_and_a_released_uid_is_never_forgotten(
    history: list[tuple[bool, int, str]],
) -> None:
    agendas = [
        morning(*([make.session(starts_at=make.at(9, minutes), status=status)] if stands else []))
        for stands, minutes, status in history
    ]
    made = releases(*agendas)
    sequences = [release.tracks[0].sequence for release in made if release.tracks]
    assert sequences == sorted(sequences)
    first = next((n for n, (stands, *_) in enumerate(history) if stands), len(history))
    assert [len(release.tracks) for release in made] == [0] * first + [1] * (len(made) - first)
    for before, after in itertools.pairwise(made):
        same = before == after
        assert (before.tracks == after.tracks) == same


# Whole workshops


def windows(*agendas: Agenda) -> list[list[tuple[int, int]]]:
    """Sequence and release of the last change of each workshop, release by release."""
    last: Agenda | None = None
    made = []
    for number, agenda in enumerate(agendas, start=1):
        found = follow_windows(last, agenda, number=number, now=make.at(0) + number * HOUR)
        last = replace(agenda, windows=found, release=number)
        made.append([(track.sequence, track.changed_in) for track in found])
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


def test_workshop_that_was_gone_comes_back_with_a_higher_sequence() -> None:
    with_it, without = make.agenda(make.workshop()), make.agenda()
    assert windows(with_it, without, with_it) == [[(0, 1)], [(0, 1)], [(1, 3)]]


def test_workshop_of_a_release_from_before_tracks_starts_at_zero() -> None:
    old = make.agenda(make.workshop())
    (track,) = follow_windows(old, old, number=7, now=make.at(9))
    assert (track.uid, track.sequence, track.changed_in) == (make.uid("international"), 0, 7)
