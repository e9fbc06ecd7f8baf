"""The agenda in time zones: local times, days of the first zone, dates where they differ."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda.timezones import Cell, ZonedAgenda, ZoneHeading, zone_heading, zoned
from sessions_app.agenda.types import Session
from tests import make
from workshop.zones import Zone

KATHMANDU = Zone("Kathmandu", "Asia/Kathmandu")
KIRITIMATI = Zone("Kiritimati", "Pacific/Kiritimati")
NEW_YORK = Zone("New York", "America/New_York")
ST_JOHNS = Zone("St Johns", "America/St_Johns")

Reading = tuple[str, str, str, bool, bool]

moments = st.datetimes(
    *map(datetime.fromisoformat, ("2000-01-01", "2035-12-30")), timezones=st.just(UTC)
)
spans = st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=2)))
columns = st.lists(st.sampled_from(pytz.common_timezones), min_size=1, max_size=4, unique=True)


def by_pytz(at: datetime, key: str) -> datetime:
    """A moment on a zone's clock, by another road than the project's."""
    return pytz.utc.localize(at.replace(tzinfo=None)).astimezone(pytz.timezone(key))


def expected(starts_at: datetime, ends_at: datetime, key: str, heading: date) -> Reading:
    start, end = by_pytz(starts_at, key), by_pytz(ends_at, key)
    end_differs = end.date() != heading or end.date() != start.date()
    return key, start.isoformat(), end.isoformat(), start.date() != heading, end_differs


def read(cell: Cell) -> Reading:
    """A cell with its clocks as text, since two clocks of one moment are equal as moments."""
    return (
        *(cell.zone.key, cell.starts_at.isoformat(), cell.ends_at.isoformat()),
        *(cell.shows_start_date, cell.shows_end_date),
    )


def printed(cell: Cell) -> str:
    """`Tue 3 Aug 23:55 - 00:40`, each date only where it is marked."""
    pattern = {True: "%a %-d %b %H:%M", False: "%H:%M"}
    start = cell.starts_at.strftime(pattern[cell.shows_start_date])
    return f"{start} - {cell.ends_at.strftime(pattern[cell.shows_end_date])}"


def days(*zones: Zone, sessions: tuple[Session, ...]) -> dict[str, list[list[str]]]:
    """The days of one workshop as they are headed, a line of cells a session."""
    (workshop,) = zoned(make.agenda(make.workshop(*sessions)), zones).workshops
    return {
        f"{day.on:%a %-d %b}": [[printed(cell) for cell in row.cells] for row in day.rows]
        for day in workshop.days
    }


@settings(deadline=None, max_examples=150)
@given(window=spans, sessions=st.lists(spans, max_size=6), keys=columns)
def test_zoned_agrees_with_pytz_on_every_clock_day_and_mark(
    window: tuple[datetime, timedelta],
    sessions: list[tuple[datetime, timedelta]],
    keys: list[str],
) -> None:
    rows = [
        make.session(f"session-{number}", starts_at=at, ends_at=at + length)
        for number, (at, length) in enumerate(sessions)
    ]
    opens, length = window
    workshop = make.workshop(*rows, starts_at=opens, ends_at=opens + length)
    by_day = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.starts_at):
        by_day[by_pytz(row.starts_at, keys[0]).date()].append(row)

    drawn = zoned(make.agenda(workshop), tuple(Zone("Label", key) for key in keys))

    (only,) = drawn.workshops
    opens_on = by_pytz(opens, keys[0]).date()
    assert drawn.days == tuple(sorted({opens_on, *by_day}))
    assert [read(cell) for cell in only.window] == [
        expected(opens, opens + length, key, opens_on) for key in keys
    ]
    assert [
        (day.on, row.session, [read(cell) for cell in row.cells])
        for day in only.days
        for row in day.rows
    ] == [
        (on, row, [expected(row.starts_at, row.ends_at, key, on) for key in keys])
        for on, rows in sorted(by_day.items())
        for row in rows
    ]
    assert [day.on for day in only.days] == sorted(by_day)


SESSION_3 = make.session("session-3", starts_at=make.at(10, 55), ends_at=make.at(11, 40))


def test_session_3_shows_both_dates_in_new_york_with_lao_time_first() -> None:
    assert days(make.LAO, make.EST, sessions=(SESSION_3,)) == {
        "Wed 4 Aug": [["10:55 - 11:40", "Tue 3 Aug 23:55 - Wed 4 Aug 00:40"]]
    }


def test_days_are_those_of_the_first_zone() -> None:
    break_ = make.session("break", starts_at=make.at(10, 45), ends_at=make.at(10, 55))
    session_4 = make.session("session-4", starts_at=make.at(11, 55), ends_at=make.at(12, 15))
    assert days(make.EST, make.LAO, sessions=(session_4, SESSION_3, break_)) == {
        "Tue 3 Aug": [
            ["23:45 - 23:55", "Wed 4 Aug 10:45 - Wed 4 Aug 10:55"],
            ["23:55 - Wed 4 Aug 00:40", "Wed 4 Aug 10:55 - Wed 4 Aug 11:40"],
        ],
        "Wed 4 Aug": [["00:55 - 01:15", "11:55 - 12:15"]],
    }


def test_quarter_hours_and_the_far_side_of_the_date_line_are_drawn() -> None:
    late = make.session(starts_at=make.at(16, 30), ends_at=make.at(17, 30))
    assert days(make.LAO, KATHMANDU, KIRITIMATI, sessions=(late,)) == {
        "Wed 4 Aug": [["16:30 - 17:30", "15:15 - 16:15", "23:30 - Thu 5 Aug 00:30"]]
    }


def test_session_across_midnight_shows_the_date_of_the_end_only() -> None:
    night = make.session(starts_at=make.at(23, 30), ends_at=make.at(0, 30, day=5))
    assert days(make.LAO, sessions=(night,)) == {"Wed 4 Aug": [["23:30 - Thu 5 Aug 00:30"]]}


def test_end_repeats_the_date_of_a_marked_start_alone() -> None:
    """23:55 to 00:40 Lao Time, wholly on the next day in KST, wholly on the day in EST."""
    night = make.session(starts_at=make.at(23, 55, day=3), ends_at=make.at(0, 40))
    (workshop,) = zoned(make.agenda(make.workshop(night)), make.ZONES).workshops
    (row,) = workshop.days[0].rows
    assert [cell.repeats_date for cell in row.cells] == [False, True, False]


def test_session_over_a_clock_change_is_drawn_with_both_offsets() -> None:
    window = {
        "starts_at": datetime(2021, 11, 7, 5, 30, tzinfo=UTC),
        "ends_at": datetime(2021, 11, 7, 6, 30, tzinfo=UTC),
    }
    agenda = make.agenda(make.workshop(make.session(**window), **window))

    drawn = zoned(agenda, (NEW_YORK, make.EST))

    assert drawn.zone_headings == (
        ZoneHeading(NEW_YORK, ("EDT, UTC−4", "EST, UTC−5")),
        ZoneHeading(make.EST, ("EDT, UTC−4", "UTC−5")),
    )
    (row,) = drawn.workshops[0].days[0].rows
    assert read(row.cells[0]) == (
        "America/New_York",
        "2021-11-07T01:30:00-04:00",
        "2021-11-07T01:30:00-05:00",
        False,
        False,
    )


def test_days_stay_whole_and_sorted_where_a_clock_goes_back_over_midnight() -> None:
    """In St. John's the clock went from 00:01 on 7 November 2010 back to 23:01 on the sixth."""
    starts = [datetime(2010, 11, 7, 2, tzinfo=UTC) + n * timedelta(minutes=30) for n in range(4)]
    half_hours = tuple(
        make.session(f"session-{at:%H:%M}", starts_at=at, ends_at=at + timedelta(minutes=30))
        for at in starts
    )
    (workshop,) = zoned(make.agenda(make.workshop(*half_hours)), (ST_JOHNS,)).workshops
    assert [day.on for day in workshop.days] == [date(2010, 11, 6), date(2010, 11, 7)]


def test_agenda_without_workshops_has_zone_headings_without_names() -> None:
    empty = make.agenda()
    assert zoned(empty, make.ZONES) == ZonedAgenda(
        agenda=empty,
        zone_headings=(
            ZoneHeading(make.LAO, ()),
            ZoneHeading(make.KST, ()),
            ZoneHeading(make.EST, ()),
        ),
        days=(),
        workshops=(),
    )


def test_days_of_the_agenda_are_those_of_all_its_workshops() -> None:
    first = make.workshop(SESSION_3)
    second = make.workshop(
        make.session("late", starts_at=make.at(9, day=6), ends_at=make.at(10, day=6)),
        key="national",
        starts_at=make.at(9, day=5),
        ends_at=make.at(12, day=6),
    )
    drawn = zoned(make.agenda(second, first), make.ZONES)
    assert drawn.days == (date(2021, 8, 4), date(2021, 8, 5), date(2021, 8, 6))


@pytest.mark.parametrize(
    ("zone", "city", "names"),
    [
        (make.LAO, "Vientiane", ("UTC+7",)),
        (make.KST, "Seoul", ("UTC+9",)),
        (make.EST, "New York", ("EDT, UTC−4",)),
        (Zone("Seoul", "Asia/Seoul"), "", ("KST, UTC+9",)),
        (KATHMANDU, "", ("UTC+5:45",)),
        (KIRITIMATI, "", ("UTC+14",)),
        (Zone("UTC", "UTC"), "", ()),
    ],
)
def test_zone_heading_leaves_out_what_the_label_says(
    zone: Zone, city: str, names: tuple[str, ...]
) -> None:
    august = zone_heading(zone, [make.at(8, 30), make.at(13, 15)])
    assert (august.city, august.names) == (city, names)
