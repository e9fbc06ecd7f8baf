"""Running order of a session."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda.running_order import steps
from sessions_app.agenda.types import Presentation, Session
from tests import make


def told(session: Session) -> list[tuple[str, str, int | None]]:
    return [
        (step.kind, f"{make.LAO.local(step.starts_at):%H:%M}", step.minutes)
        for step in steps(session)
    ]


def test_each_country_gets_its_minutes_and_the_rest_is_unallotted() -> None:
    session = make.session(
        question_blocks=(
            make.block("AZ", "KE", minutes=5, minutes_are="per_country"),
            make.block("VN", "BD", minutes=6, minutes_are="in_total"),
        )
    )
    assert told(session) == [
        ("country", "09:25", 5),
        ("country", "09:30", 5),
        ("block", "09:35", 6),
        ("unallotted", "09:41", 4),
    ]


def test_steps_without_minutes_share_the_slot() -> None:
    session = make.session(question_blocks=(make.block("AZ", "KE"),))
    assert told(session) == [("block", "09:25", None)]


def test_more_minutes_than_the_slot_end_in_a_step_over() -> None:
    session = make.session(
        question_blocks=(make.block("AZ", "KE", "VN", minutes=8, minutes_are="per_country"),)
    )
    assert told(session)[-1] == ("over", "09:45", 4)


def test_talks_come_in_order_with_their_minutes() -> None:
    talks = tuple(
        Presentation(make.uid(name), make.text(name), minutes)
        for name, minutes in (("One", 15), ("Two", 5))
    )
    assert told(make.session(presentations=talks)) == [("talk", "09:25", 15), ("talk", "09:40", 5)]


def test_session_without_content_has_no_steps() -> None:
    assert steps(make.session()) == ()


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 4), st.booleans()), max_size=5))
def test_steps_fill_the_slot_without_a_gap(blocks: list[tuple[int, int, bool]]) -> None:
    codes = ("AZ", "KE", "VN", "BD")
    session = make.session(
        question_blocks=tuple(
            make.block(
                *codes[:count], minutes=minutes, minutes_are="in_total" if total else "per_country"
            )
            for minutes, count, total in blocks
        )
    )
    found = [step for step in steps(session) if step.kind != "over"]
    for before, after in pairwise(found):
        assert before.ends_at == after.starts_at
    asked = sum(block.total_minutes or 0 for block in session.question_blocks)
    if found:
        last = max(session.ends_at, session.starts_at + timedelta(minutes=asked))
        assert (found[0].starts_at, found[-1].ends_at) == (session.starts_at, last)
