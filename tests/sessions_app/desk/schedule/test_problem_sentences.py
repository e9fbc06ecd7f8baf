"""Problems of moves as sentences: every code has one, with times in the zone that is asked for."""

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from sessions_app.desk.schedule.problem_sentences import MOVE_SENTENCES, move_problem
from sessions_app.scheduling.shift import MoveProblem, MoveProblemCode
from tests import make
from workshop.zones import Zone

THIRD = make.session(number=3)
CLOSING = make.session("closing", title=make.text("Closing Remarks"), starts_at=make.at(9, day=5))
NINE, TEN, ELEVEN = make.at(9), make.at(10), make.at(11)
SENTENCES = [
    (
        MoveProblem("starts_before_end", (THIRD, CLOSING), (NINE, TEN)),
        "Session 3 would start at 09:00, before Closing Remarks ends at 10:00.",
    ),
    (
        MoveProblem("ends_too_late", (CLOSING,), (TEN, NINE)),
        "Closing Remarks would end at 10:00, after 09:00.",
    ),
    (
        MoveProblem("cancelled", (THIRD,)),
        "Session 3 is cancelled and cannot be reordered. Restore it first, or edit its times.",
    ),
    (
        MoveProblem("another_day", (THIRD, CLOSING)),
        "Session 3 is on 4 August and Closing Remarks on 5 August. A session can be reordered only "
        "within its day. To move it to another, edit its times.",
    ),
    (
        MoveProblem("moves_together", (THIRD, CLOSING)),
        "Session 3 and Closing Remarks move together, because they overlap each other or the same "
        "session. To separate them, edit their times.",
    ),
    (
        MoveProblem("starts_within", (THIRD, CLOSING)),
        "Session 3 starts while Closing Remarks runs, so no session fits between them. "
        "Choose a position before or after both.",
    ),
    (MoveProblem("deleted", (CLOSING,)), "Closing Remarks was deleted meanwhile."),
    (MoveProblem("no_longer_exists"), "A session that was moved no longer exists."),
    (
        MoveProblem("has_other_times", (THIRD,), (NINE, TEN, NINE, ELEVEN)),
        "Session 3 is at 09:00–10:00 now, no longer at 09:00–11:00.",
    ),
]


@pytest.mark.parametrize(("problem", "sentence"), SENTENCES, ids=[row[0].code for row in SENTENCES])
def test_problem_is_a_sentence(problem: MoveProblem, sentence: str) -> None:
    assert move_problem(problem, make.LAO) == sentence


def test_every_problem_has_a_sentence() -> None:
    assert get_args(MoveProblemCode) == tuple(MOVE_SENTENCES)
    assert set(MOVE_SENTENCES) == {problem.code for problem, _ in SENTENCES}


def test_session_without_number_and_title_is_named_by_its_start() -> None:
    problem = MoveProblem("deleted", (replace(CLOSING, title=make.text("")),))
    assert move_problem(problem, make.KST) == "Untitled (11:00) was deleted meanwhile."


@pytest.mark.parametrize(
    ("zone", "moments", "expected"),
    [
        (make.LAO, ("2021-08-04T06:25Z", "2021-08-04T06:15Z"), "13:25, after 13:15"),
        (make.KST, ("2021-08-04T06:25Z", "2021-08-04T06:15Z"), "15:25, after 15:15"),
        (
            make.LAO,
            ("2021-08-04T17:10Z", "2021-08-04T16:50Z"),
            "00:10 on 5 August, after 23:50 on 4 August",
        ),
        (
            Zone("New York", "America/New_York"),
            ("2021-11-07T06:30Z", "2021-11-07T05:30Z"),
            "01:30 UTC−5, after 01:30 UTC−4",
        ),
    ],
    ids=["one day", "another zone", "over midnight", "a clock that goes back"],
)
def test_times_have_date_and_offset_only_if_these_differ(
    zone: Zone, moments: tuple[str, str], expected: str
) -> None:
    end, limit = map(datetime.fromisoformat, moments)
    problem = MoveProblem("ends_too_late", (THIRD,), (end, limit))
    assert move_problem(problem, zone) == f"Session 3 would end at {expected}."
