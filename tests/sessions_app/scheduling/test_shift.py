"""Shift of following sessions: gaps stay, breaks shrink only if requested, a hard end holds."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise, permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda.types import Session, Workshop
from sessions_app.scheduling.shift import SHORTEST_BREAK, Move, MovePlan, plan
from tests import make
from tests.test_programme import MORNING

LINE = re.compile(r"(\d+):(\d+) (\d+):(\d+) (\w+)(?: (\d+))? +(.+)")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def real_morning() -> Workshop:
    """The rows of the printed programme; the key of one is the clock time at which it starts."""
    return make.workshop(
        *(
            make.session(
                f"{hour}:{minute}",
                starts_at=make.at(int(hour), int(minute)),
                ends_at=make.at(int(until_hour), int(until_minute)),
                kind=kind,
                number=int(number) if number and kind == "panel" else None,
                title=make.text(title),
            )
            for hour, minute, until_hour, until_minute, kind, number, title in LINE.findall(MORNING)
        )
    )


def row(key: str, start: datetime, end: datetime, **facts: Any) -> Session:
    return make.session(
        key, title=make.text(key), starts_at=start, ends_at=end, **{"kind": "presentation"} | facts
    )


def moved(workshop: Workshop, key: str, start: datetime, end: datetime, **options: Any) -> MovePlan:
    return plan(workshop, session=make.uid(key), starts_at=start, ends_at=end, **options)


def hours(start: datetime, end: datetime) -> str:
    return f"{make.LAO.local(start):%H:%M}-{make.LAO.local(end):%H:%M}"


def told(found: MovePlan) -> dict[str, str]:
    """The new times of what moves, by key."""
    return {move.session.key: hours(move.starts_at, move.ends_at) for move in found.moves}


def problems(found: MovePlan) -> list[tuple[Any, ...]]:
    """Code, keys of the sessions and moments of each problem."""
    return [
        (problem.code, *(session.key for session in problem.sessions), *problem.moments)
        for problem in found.problems
    ]


def after(workshop: Workshop, found: MovePlan) -> tuple[Move, ...]:
    """Every row with the times that it has after the plan."""
    new = {move.session.uid: move for move in found.moves}
    return tuple(
        new.get(session.uid) or Move(session, session.starts_at, session.ends_at)
        for session in workshop.sessions
    )


# The morning of 4 August 2021


def test_longer_opening_moves_the_whole_morning_with_its_gap() -> None:
    found = moved(real_morning(), "08:30", make.at(8, 30), make.at(9))
    assert (told(found), found.problems) == (
        {
            "08:30": "08:30-09:00",
            "08:50": "09:00-09:10",
            "09:00": "09:10-09:35",
            "09:25": "09:35-09:55",
            "10:05": "10:15-10:40",
            "10:30": "10:40-10:55",
            "10:45": "10:55-11:05",
            "10:55": "11:05-11:50",
            "11:40": "11:50-12:05",
            "11:55": "12:05-12:25",
            "12:15": "12:25-12:35",
            "12:25": "12:35-12:55",
            "12:45": "12:55-13:05",
            "12:55": "13:05-13:20",
            "13:10": "13:20-13:25",
        },
        (),
    )


def test_hard_end_is_named_with_the_row_that_passes_it() -> None:
    found = moved(real_morning(), "08:30", make.at(8, 30), make.at(9), hard_end=make.at(13, 15))
    assert problems(found) == [("ends_too_late", "13:10", make.at(13, 25), make.at(13, 15))]
    assert len(found.moves) == 15


def test_row_may_end_on_the_hard_end() -> None:
    found = moved(real_morning(), "08:30", make.at(8, 30), make.at(9), hard_end=make.at(13, 25))
    assert found.problems == ()


def test_break_shrinks_to_five_minutes_if_requested() -> None:
    found = moved(
        *(real_morning(), "08:30", make.at(8, 30), make.at(9)),
        shrink_breaks=True,
        hard_end=make.at(13, 15),
    )
    assert {key: told(found)[key] for key in ("10:30", "10:45", "10:55", "13:10")} == {
        "10:30": "10:40-10:55",
        "10:45": "10:55-11:00",
        "10:55": "11:00-11:45",
        "13:10": "13:15-13:20",
    }
    assert problems(found) == [("ends_too_late", "13:10", make.at(13, 20), make.at(13, 15))]


def test_break_that_absorbs_it_all_leaves_the_rest_where_it_is() -> None:
    found = moved(
        *(real_morning(), "10:05", make.at(10, 5), make.at(10, 33)),
        shrink_breaks=True,
        hard_end=make.at(13, 15),
    )
    assert (told(found), found.problems) == (
        {"10:05": "10:05-10:33", "10:30": "10:33-10:48", "10:45": "10:48-10:55"},
        (),
    )


def test_later_start_of_the_same_length_moves_the_rest_as_much() -> None:
    found = moved(real_morning(), "12:45", make.at(12, 50), make.at(13))
    assert told(found) == {"12:45": "12:50-13:00", "12:55": "13:00-13:15", "13:10": "13:15-13:20"}


def test_start_alone_moves_nothing_after_it() -> None:
    found = moved(real_morning(), "10:05", make.at(9, 50), make.at(10, 30))
    assert (told(found), found.problems) == ({"10:05": "09:50-10:30"}, ())


def test_shorter_row_pulls_the_rest_forward_and_no_break_grows() -> None:
    found = moved(real_morning(), "10:30", make.at(10, 30), make.at(10, 40), shrink_breaks=True)
    assert list(told(found).items())[:3] == [
        ("10:30", "10:30-10:40"),
        ("10:45", "10:40-10:50"),
        ("10:55", "10:50-11:35"),
    ]


def test_start_before_the_row_before_it_ends_is_a_problem() -> None:
    found = moved(real_morning(), "09:25", make.at(9, 20), make.at(9, 45))
    overtaking = ("starts_before_end", "09:25", "09:00", make.at(9, 20), make.at(9, 25))
    assert (told(found), problems(found)) == ({"09:25": "09:20-09:45"}, [overtaking])


def test_end_that_is_not_after_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="The end must come after the start"):
        moved(real_morning(), "08:30", make.at(9), make.at(9))


def test_row_of_another_workshop_is_refused() -> None:
    with pytest.raises(KeyError):
        moved(real_morning(), "14:15", make.at(14), make.at(15))


# Parallel, cancelled and untitled rows; breaks


def test_parallel_and_overlapping_rows_keep_their_times_and_later_ones_stay_parallel() -> None:
    workshop = make.workshop(
        row("before", make.at(8, 30), make.at(9, 10)),
        row("changed", make.at(9), make.at(10)),
        row("beside", make.at(9), make.at(9, 30)),
        row("across", make.at(9, 45), make.at(10, 15)),
        row("later", make.at(10), make.at(11)),
        row("beside later", make.at(10), make.at(10, 30)),
    )
    found = moved(workshop, "changed", make.at(9), make.at(10, 20))
    assert (told(found), found.problems) == (
        {"changed": "09:00-10:20", "later": "10:20-11:20", "beside later": "10:20-10:50"},
        (),
    )


def test_row_pulled_into_one_that_keeps_its_time_is_a_problem() -> None:
    workshop = make.workshop(
        row("changed", make.at(9), make.at(9, 30)),
        row("beside", make.at(9), make.at(10)),
        row("later", make.at(10), make.at(11)),
    )
    found = moved(workshop, "changed", make.at(9), make.at(9, 20))
    assert problems(found) == [
        ("starts_before_end", "later", "beside", make.at(9, 50), make.at(10))
    ]


def test_cancelled_row_moves_too_and_blocks_no_other() -> None:
    workshop = make.workshop(
        row("cancelled before", make.at(9), make.at(10), status="cancelled"),
        row("changed", make.at(10), make.at(11)),
        row("later", make.at(11), make.at(12)),
        row("cancelled after", make.at(12), make.at(13), status="cancelled"),
    )
    found = moved(workshop, "changed", make.at(9, 30), make.at(11, 30), hard_end=make.at(12, 30))
    assert (told(found), found.problems) == (
        {"changed": "09:30-11:30", "later": "11:30-12:30", "cancelled after": "12:30-13:30"},
        (),
    )


def test_cancelled_row_moves_alone() -> None:
    workshop = make.workshop(
        row("before", make.at(8), make.at(9)),
        row("changed", make.at(9), make.at(10), status="cancelled"),
        row("later", make.at(10), make.at(11)),
    )
    found = moved(workshop, "changed", make.at(8), make.at(12), hard_end=make.at(11))
    assert (told(found), found.problems) == ({"changed": "08:00-12:00"}, ())


def test_breaks_shrink_in_order_and_short_ones_do_not() -> None:
    workshop = make.workshop(
        row("changed", make.at(9), make.at(10)),
        row("short", make.at(10), make.at(10, 4), kind="break"),
        row("first", make.at(10, 10), make.at(10, 20), kind="break"),
        row("second", make.at(10, 20), make.at(10, 50), kind="break"),
        row("third", make.at(11), make.at(11, 30), kind="break"),
    )
    found = moved(workshop, "changed", make.at(9), make.at(10, 12), shrink_breaks=True)
    assert told(found) == {
        "changed": "09:00-10:12",
        "short": "10:12-10:16",
        "first": "10:22-10:27",
        "second": "10:27-10:50",
    }


def test_break_parallel_to_a_row_does_not_shrink_unless_that_is_cancelled() -> None:
    workshop = make.workshop(
        row("changed", make.at(9), make.at(10)),
        row("break", make.at(10), make.at(10, 30), kind="break"),
        row("beside", make.at(10, 20), make.at(10, 40)),
        row("later", make.at(10, 40), make.at(11)),
    )
    change = ("changed", make.at(9), make.at(10, 10))
    running = moved(workshop, *change, shrink_breaks=True)
    assert running == moved(workshop, *change)
    first, rest, beside, later = workshop.sessions
    beside = replace(beside, status="cancelled")
    cancelled = replace(workshop, sessions=(first, rest, beside, later))
    assert told(moved(cancelled, *change, shrink_breaks=True)) == {
        "changed": "09:00-10:10",
        "break": "10:10-10:30",
        "beside": "10:30-10:50",
    }


def test_cancelled_break_does_not_shrink() -> None:
    workshop = make.workshop(
        row("changed", make.at(9), make.at(10)),
        row("break", make.at(10), make.at(10, 30), kind="break", status="cancelled"),
        row("later", make.at(10, 30), make.at(11)),
    )
    found = moved(workshop, "changed", make.at(9), make.at(10, 10), shrink_breaks=True)
    assert told(found)["later"] == "10:40-11:10"


# Whatever the programme


@st.composite
def workshops(draw: st.DrawFn) -> Workshop:
    """Rows one after the other, with holes, overlaps, parallel, cancelled ones and breaks."""
    sessions: list[Session] = []
    end = make.at(8, 30)
    for number in range(draw(st.integers(1, 9))):
        start = end + minutes(draw(st.sampled_from([0, 0, 0, 5, 20, -3, -15, -40])))
        end = start + minutes(draw(st.sampled_from([3, 5, 10, 15, 25, 60])))
        kind = draw(st.sampled_from(["panel", "break"]))
        status = draw(st.sampled_from(["confirmed", "confirmed", "tentative", "cancelled"]))
        sessions.append(row(f"row {number}", start, end, kind=kind, status=status))
    ordered = sorted(sessions, key=lambda each: (each.starts_at, each.ends_at, each.key))
    return make.workshop(*ordered)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Workshop, Session, datetime, datetime]:
    """A workshop, one of its rows, and the times that somebody gives it."""
    workshop = draw(workshops())
    changed = draw(st.sampled_from(workshop.sessions))
    start = changed.starts_at + minutes(draw(st.sampled_from([0, 0, 0, 4, 30, -4, -30])))
    length = changed.ends_at - changed.starts_at + minutes(draw(st.integers(-20, 40)))
    return workshop, changed, start, start + max(length, minutes(1))


def edited(edit: tuple[Workshop, Session, datetime, datetime], **options: Any) -> MovePlan:
    workshop, changed, start, end = edit
    return moved(workshop, changed.key, start, end, **options)


def held(moves: Iterable[Move]) -> list[Move]:
    return [move for move in moves if move.session.status != "cancelled"]


def later_than(changed: Session, moves: Iterable[Move]) -> list[Move]:
    """What follows a row, unless it is cancelled, when nothing does."""
    following = [move for move in moves if move.session.starts_at >= changed.ends_at]
    return [] if changed.status == "cancelled" else following


@settings(deadline=None, max_examples=300)
@given(edit=edits(), shrink=st.booleans())
def test_rows_that_followed_each_other_still_do_or_it_is_a_problem(edit: Any, shrink: bool) -> None:
    found = edited(edit, shrink_breaks=shrink)
    rows = held(after(edit[0], found))
    overtaken = [
        (first.session.key, second.session.key)
        for first, second in permutations(rows, 2)
        if first.session.ends_at <= second.session.starts_at and first.ends_at > second.starts_at
    ]
    assert bool(found.problems) == bool(overtaken)


@settings(deadline=None, max_examples=300)
@given(edit=edits(), shrink=st.booleans())
def test_plan_without_problems_makes_no_new_overlap(edit: Any, shrink: bool) -> None:
    found = edited(edit, shrink_breaks=shrink)
    for a, b in combinations(held(after(edit[0], found)), 2):
        before = a.session.starts_at < b.session.ends_at and b.session.starts_at < a.session.ends_at
        now = a.starts_at < b.ends_at and b.starts_at < a.ends_at
        assert found.problems or before or not now


@given(edits())
def test_gaps_and_lengths_are_kept_if_no_break_shrinks(edit: Any) -> None:
    workshop, changed, _, end = edit
    rows = after(workshop, edited(edit))
    others = [move for move in rows if move.session.uid != changed.uid]
    assert [move.ends_at - move.starts_at for move in others] == [
        move.session.ends_at - move.session.starts_at for move in others
    ]
    following = later_than(changed, others)
    assert [move.starts_at - end for move in following] == [
        move.session.starts_at - changed.ends_at for move in following
    ]
    kept = [move for move in others if move not in following]
    assert [move.starts_at for move in kept] == [move.session.starts_at for move in kept]


@settings(deadline=None, max_examples=300)
@given(edits())
def test_total_is_conserved_what_breaks_give_the_rest_need_not_move(edit: Any) -> None:
    workshop, changed, _, end = edit
    rows = after(workshop, edited(edit, shrink_breaks=True))
    given_up = timedelta(0)
    for move in [move for move in rows if move.session.uid != changed.uid]:
        length = move.session.ends_at - move.session.starts_at
        gives = length - (move.ends_at - move.starts_at)
        given_up += gives
        assert gives >= timedelta(0)
        assert not gives or (move.session.kind, length - gives >= SHORTEST_BREAK) == ("break", True)
    following = later_than(changed, (move for move in rows if move.session.uid != changed.uid))
    if following and held(following):
        shift = end - changed.ends_at
        last = max(held(following), key=lambda move: move.session.ends_at)
        assert last.ends_at - last.session.ends_at == shift - given_up
        assert given_up == timedelta(0) or given_up <= shift


@given(edit=edits(), shrink=st.booleans())
def test_order_of_the_rest_is_kept_and_parallel_rows_stay_parallel(edit: Any, shrink: bool) -> None:
    workshop, changed, _, _ = edit
    rows = after(workshop, edited(edit, shrink_breaks=shrink))
    following = later_than(changed, (move for move in rows if move.session.uid != changed.uid))
    for first, second in pairwise(following):
        assert first.starts_at <= second.starts_at
        if first.session.starts_at == second.session.starts_at:
            assert first.starts_at == second.starts_at


@given(edit=edits(), shrink=st.booleans(), slack=st.integers(-60, 120))
def test_hard_end_holds_or_there_is_a_problem(edit: Any, shrink: bool, slack: int) -> None:
    hard_end = edit[0].sessions[-1].ends_at + minutes(slack)
    free = edited(edit, shrink_breaks=shrink)
    found = edited(edit, shrink_breaks=shrink, hard_end=hard_end)
    rows = held(after(edit[0], found))
    assert found.moves == free.moves
    assert (found.problems != free.problems) == any(move.ends_at > hard_end for move in rows)


@given(workshop=workshops(), shrink=st.booleans())
def test_own_times_move_nothing(workshop: Workshop, shrink: bool) -> None:
    for session in workshop.sessions:
        found = moved(
            workshop, session.key, session.starts_at, session.ends_at, shrink_breaks=shrink
        )
        assert found == MovePlan((), ())
