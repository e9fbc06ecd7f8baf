"""New times of an event on other days and in other zones, as pure functions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sessions_app.agenda.types import StatedWindow
from sessions_app.checks.date_mentions import texts_mentioning
from sessions_app.scheduling.shift_dates import (
    NoNewTimes,
    first_day,
    plan_new_times,
    to_other_days,
    to_other_zone,
)
from tests import make
from workshop.zones import Zone

AUGUST = date(2021, 8, 4)
KATHMANDU = Zone("", "Asia/Kathmandu")


def test_first_day_is_that_of_the_first_workshop_on_the_events_clock() -> None:
    late = make.workshop(key="late", starts_at=make.at(9, day=6), ends_at=make.at(10, day=6))
    agenda = make.agenda(late, make.workshop(starts_at=make.at(1)))
    assert first_day(agenda) == AUGUST
    assert first_day(make.agenda(late, zone="America/New_York")) == date(2021, 8, 5)
    assert first_day(make.agenda()) is None


def test_all_days_move_by_as_many_and_no_clock_time_does() -> None:
    second_day = make.session("second", starts_at=make.at(23, day=5), ends_at=make.at(1, day=6))
    workshop = make.workshop(make.session(), second_day)
    agenda = make.agenda(workshop)
    found = plan_new_times(agenda, to_other_days(agenda, date(2022, 1, 1)))
    days = timedelta(days=150)
    assert found.problems == ()
    assert [(row.span, row.starts_at, row.ends_at) for row in found.new_times] == [
        (each, each.starts_at + days, each.ends_at + days)
        for each in (workshop, *workshop.sessions)
    ]


def test_clock_times_go_over_to_a_clock_of_quarter_hours() -> None:
    window = StatedWindow("Concept note", make.at(8), make.at(9))
    agenda = make.agenda(make.workshop(make.session(), stated_windows=(window,)))
    for keep, later in (("clock", timedelta(minutes=75)), ("moments", timedelta())):
        found = plan_new_times(agenda, to_other_zone(agenda, KATHMANDU, keep))  # type: ignore[arg-type]
        assert [row.starts_at - row.span.starts_at for row in found.new_times] == [later] * 3


def test_day_that_a_clock_never_had_is_refused() -> None:
    """Samoa went from 29 to 31 December 2011."""
    start = datetime(2021, 8, 4, 1, tzinfo=UTC)
    workshop = make.workshop(starts_at=start, ends_at=start + timedelta(hours=2))
    agenda = make.agenda(workshop, zone="Pacific/Apia")
    found = plan_new_times(agenda, to_other_days(agenda, date(2011, 12, 30)))
    (problem,) = found.problems
    assert isinstance(problem, NoNewTimes)
    assert (problem.span, problem.time.is_skipped) == (workshop, True)
    assert problem.time.wall.isoformat() == "2011-12-30T14:00:00"
    assert found.new_times == ()


@pytest.mark.parametrize(
    "text",
    [
        *("on 4 August 2021", "the 4th of August", "AUGUST 4, 2021", "4 Aug", "Aug 04"),
        *("2021-08-04", "04/08/2021", "from 4\xa0August"),
    ],
)
def test_texts_that_name_the_old_day_are_found(text: str) -> None:
    session = make.session(note=make.text(text))
    agenda = make.agenda(make.workshop(session), title=make.text(text))
    assert texts_mentioning(agenda, {AUGUST}) == (agenda, session)


@pytest.mark.parametrize("text", ["14 August", "4 Augustine friars", "August 42", "in August 2021"])
def test_other_days_are_not_taken_for_it(text: str) -> None:
    agenda = make.agenda(make.workshop(make.session(note=make.text(text))))
    assert texts_mentioning(agenda, {AUGUST}) == texts_mentioning(agenda, set()) == ()
