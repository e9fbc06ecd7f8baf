"""Reorder of sessions in a day: lengths and gaps stay, parallel sessions stay together."""

from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda.types import Session, Workshop
from sessions_app.scheduling.reorder import days_of_blocks, plan
from sessions_app.scheduling.shift import MovePlan
from tests import make
from tests.sessions_app.scheduling.test_shift import (
    after,
    held,
    minutes,
    problems,
    real_morning,
    row,
    told,
)
from workshop.zones import Zone

NEW_YORK = Zone("New York", "America/New_York")


def put(workshop: Workshop, key: str, before: str | None, zone: Zone = make.LAO) -> MovePlan:
    other = None if before is None else make.uid(before)
    return plan(workshop, session=make.uid(key), before=other, zone=zone)


def order(workshop: Workshop, found: MovePlan) -> list[str]:
    """The keys of the rows that stand, by their start after the plan."""
    moves = sorted(held(after(workshop, found)), key=lambda move: move.starts_at)
    return [move.session.key for move in moves]


# The morning of 4 August 2021, with its hole at 09:45-10:05


def test_row_comes_earlier_and_those_it_overtakes_make_room() -> None:
    found = put(real_morning(), "12:25", "10:55")
    assert (told(found), found.problems) == (
        {
            "12:25": "10:55-11:15",
            "10:55": "11:15-12:00",
            "11:40": "12:00-12:15",
            "11:55": "12:15-12:35",
            "12:15": "12:35-12:45",
        },
        (),
    )


def test_gap_stays_after_the_fourth_row() -> None:
    assert told(put(real_morning(), "10:05", "09:00")) == {
        "10:05": "09:00-09:25",
        "09:00": "09:25-09:50",
        "09:25": "10:10-10:30",
    }


def test_break_moves_like_any_row() -> None:
    assert told(put(real_morning(), "10:45", "10:30")) == {
        "10:45": "10:30-10:40",
        "10:30": "10:40-10:55",
    }


def test_row_goes_last_and_the_day_ends_when_it_did() -> None:
    assert told(put(real_morning(), "12:45", None)) == {
        "12:55": "12:45-13:00",
        "13:10": "13:00-13:05",
        "12:45": "13:05-13:15",
    }


@pytest.mark.parametrize("before", ["10:55", "11:40"])
def test_own_place_moves_nothing(before: str) -> None:
    assert put(real_morning(), "10:55", before) == MovePlan((), ())


def test_row_of_another_workshop_is_refused() -> None:
    with pytest.raises(KeyError):
        put(real_morning(), "10:55", "14:15")


# Parallel and cancelled rows, nights and clock changes


def parallel() -> Workshop:
    """A plenary, two rooms beside each other until 10:40, then a break and a closing."""
    return make.workshop(
        row("plenary", make.at(9), make.at(10)),
        row("room 1", make.at(10), make.at(10, 30)),
        row("room 2", make.at(10), make.at(10, 40)),
        row("break", make.at(10, 45), make.at(11)),
        row("closing", make.at(11), make.at(11, 15)),
    )


def test_parallel_rows_move_together_as_they_stand_to_each_other() -> None:
    assert told(put(parallel(), "room 2", "plenary")) == {
        "room 1": "09:00-09:30",
        "room 2": "09:00-09:40",
        "plenary": "09:40-10:40",
    }
    assert order(parallel(), put(parallel(), "break", "room 1")) == [
        *("plenary", "break", "room 1", "room 2", "closing"),
    ]


def test_parallel_rows_have_no_order_between_them() -> None:
    found = put(parallel(), "room 2", "room 1")
    assert problems(found) == [("moves_together", "room 2", "room 1")]


def test_no_session_is_put_between_overlapping_ones() -> None:
    found = put(parallel(), "closing", "room 2")
    assert problems(found) == [("starts_within", "room 2", "room 1")]


def test_cancelled_row_keeps_its_times_and_cannot_be_reordered() -> None:
    workshop = make.workshop(
        row("first", make.at(9), make.at(10)),
        row("off", make.at(9, 50), make.at(10, 40), status="cancelled"),
        row("second", make.at(10, 30), make.at(11)),
    )
    assert told(put(workshop, "second", "first")) == {
        "second": "09:00-09:30",
        "first": "10:00-11:00",
    }
    for pair in (("off", "first"), ("first", "off")):
        assert problems(put(workshop, *pair)) == [("cancelled", "off")]


def test_row_stays_in_its_day_and_the_other_day_keeps_its_times() -> None:
    workshop = make.workshop(
        *(row("a", make.at(9), make.at(10)), row("b", make.at(10), make.at(10, 20))),
        row("c", make.at(9, day=5), make.at(10, day=5)),
    )
    assert told(put(workshop, "a", None)) == {"b": "09:00-09:20", "a": "09:20-10:20"}
    assert problems(put(workshop, "a", "c")) == [("another_day", "a", "c")]


def test_rows_over_midnight_are_one_day_until_there_is_a_gap() -> None:
    ends = make.at(23, 50), make.at(0, 0, day=5)
    for end, found in zip(ends, (2, 1), strict=True):
        workshop = make.workshop(
            row("late", make.at(23), end),
            row("night", make.at(0, day=5), make.at(0, 30, day=5)),
        )
        assert len(days_of_blocks(workshop, make.LAO)) == found


def test_lengths_are_real_minutes_when_the_clock_goes_back() -> None:
    def at(utc: str) -> datetime:
        return datetime.fromisoformat(f"2021-11-07T{utc}:00+00:00")

    workshop = make.workshop(
        row("before", at("04:30"), at("05:30")),  # 00:30-01:30 EDT
        row("after", at("05:30"), at("08:00")),  # 01:30 EDT - 03:00 EST
    )
    found = put(workshop, "after", "before", NEW_YORK)
    assert [(move.session.key, move.starts_at, move.ends_at) for move in found.moves] == [
        ("after", at("04:30"), at("07:00")),  # 00:30 EDT - 02:00 EST
        ("before", at("07:00"), at("08:00")),
    ]


# Whatever the programme


@st.composite
def programmes(draw: st.DrawFn) -> Workshop:
    """Rows of one day with gaps, parallel and cancelled ones, all between 06:00 and 20:00."""
    sessions: list[Session] = []
    end = make.at(6)
    for number in range(draw(st.integers(1, 9))):
        start = end + minutes(draw(st.sampled_from([0, 0, 0, 0, 5, 20, -3, -25])))
        end = max(start, make.at(6)) + minutes(draw(st.sampled_from([3, 10, 15, 25, 60])))
        kind = draw(st.sampled_from(["panel", "break"]))
        status = draw(st.sampled_from(["confirmed"] * 4 + ["tentative", "cancelled"]))
        start = max(start, make.at(6))
        sessions.append(row(f"row {number}", start, end, kind=kind, status=status))
    ordered = sorted(sessions, key=lambda each: (each.starts_at, each.ends_at, each.key))
    return make.workshop(*ordered)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Workshop, Session, Session | None]:
    """A programme, one of its rows, and the one it is to stand before."""
    workshop = draw(programmes())
    rows = st.sampled_from(workshop.sessions)
    return workshop, draw(rows), draw(st.none() | rows)


def asked(wish: tuple[Workshop, Session, Session | None]) -> MovePlan:
    workshop, session, before = wish
    return put(workshop, session.key, None if before is None else before.key)


def blocks(workshop: Workshop) -> list[tuple[datetime, datetime, set[str]]]:
    return [
        (block.starts_at, block.ends_at, {session.key for session in block.sessions})
        for day in days_of_blocks(workshop, make.LAO)
        for block in day
    ]


def reordered(workshop: Workshop, found: MovePlan) -> Workshop:
    """The workshop as it stands after the plan."""
    return make.workshop(
        *sorted(
            (
                row(
                    *(move.session.key, move.starts_at, move.ends_at),
                    kind=move.session.kind,
                    status=move.session.status,
                )
                for move in after(workshop, found)
            ),
            key=lambda each: (each.starts_at, each.ends_at, each.key),
        )
    )


@given(wishes())
def test_lengths_are_kept_and_cancelled_rows_keep_their_times(wish: Any) -> None:
    found = asked(wish)
    assert all(
        move.ends_at - move.starts_at == move.session.ends_at - move.session.starts_at
        and move.session.status != "cancelled"
        for move in found.moves
    )


@settings(max_examples=300)
@given(wishes())
def test_rows_overlap_exactly_as_they_did(wish: Any) -> None:
    for one, two in combinations(held(after(wish[0], asked(wish))), 2):
        shared = min(one.ends_at, two.ends_at) - max(one.starts_at, two.starts_at)
        was = one.session, two.session
        shared_before = min(each.ends_at for each in was) - max(each.starts_at for each in was)
        assert max(shared, timedelta(0)) == max(shared_before, timedelta(0))


@settings(max_examples=300)
@given(wishes())
def test_day_starts_and_ends_as_before_and_gaps_keep_their_places(wish: Any) -> None:
    old, new = blocks(wish[0]), blocks(reordered(wish[0], asked(wish)))
    gaps = [[two[0] - one[1] for one, two in pairwise(each)] for each in (old, new)]
    # Blocks are the same ones; where a gap is nothing they still only touch.
    assert gaps[0] == gaps[1]
    assert sorted(sorted(keys) for *_, keys in old) == sorted(sorted(keys) for *_, keys in new)
    if old:
        assert (old[0][0], max(end for _, end, _ in old)) == (
            new[0][0],
            max(end for _, end, _ in new),
        )


@settings(max_examples=300)
@given(wishes())
def test_order_is_the_requested_one_or_there_is_a_problem(wish: Any) -> None:
    workshop, session, before = wish
    found = asked(wish)
    if found.problems:
        assert found.moves == ()
        return
    if session == before:
        assert found.moves == ()
        return
    mine = next(keys for *_, keys in blocks(workshop) if session.key in keys)
    rest = [keys for *_, keys in blocks(workshop) if keys != mine]
    place = next(
        (place for place, keys in enumerate(rest) if before and before.key in keys), len(rest)
    )
    assert [keys for *_, keys in blocks(reordered(workshop, found))] == [
        *rest[:place],
        mine,
        *rest[place:],
    ]


@settings(max_examples=300)
@given(wishes())
def test_putting_it_back_gives_every_row_its_old_times(wish: Any) -> None:
    workshop, session, _ = wish
    new = reordered(workshop, asked(wish))
    firsts = [block.sessions[0] for day in days_of_blocks(workshop, make.LAO) for block in day]
    mine = next((keys for *_, keys in blocks(workshop) if session.key in keys), {session.key})
    follower = next(
        (
            each.key
            for each in firsts
            if each.starts_at > session.starts_at and each.key not in mine
        ),
        None,
    )
    back = put(new, session.key, follower)
    assert back.problems == () or session.status == "cancelled"
    assert {row.key: row.starts_at for row in reordered(new, back).sessions} == {
        row.key: row.starts_at for row in workshop.sessions
    }
