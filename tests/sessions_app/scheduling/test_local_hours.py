"""Local hours of workshops, minutes at night, and the cost of other starts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.local_hours import (
    DaySegment,
    LocalHours,
    ShiftCost,
    ZoneHours,
    list_workshop_hours,
    local_hours_of,
)
from tests import make
from workshop.models import Event
from workshop.zones import Zone

ZONES = (
    "America/New_York",
    "Asia/Kathmandu",
    "Asia/Vientiane",
    "Europe/London",
    "Pacific/Kiritimati",
)


def shown(of: LocalHours) -> tuple[str, int]:
    return f"{of.starts_at:%a %H:%M}-{of.ends_at:%a %H:%M}", of.night_minutes


def panel(*people: str, **facts: object) -> Agenda:
    """A panel from 09:25 to 09:45 Lao Time with people of the programme, and who they are."""
    homes = {
        "James Buyekane": {"country": "KE", "zone": "Africa/Nairobi"},
        "Juny Kim": {"country": "KR", "zone": "Asia/Seoul"},
        "Adriana Alberti": {},
    }
    row = make.session(people=tuple(make.appearance(name) for name in people), **facts)
    known = tuple(make.person(name, **homes[name]) for name in people)
    return make.agenda(make.workshop(row), people=known)


def place(agenda: Agenda, key: str, shift: int = 0) -> ZoneHours:
    return next(
        zone for zone in list_workshop_hours(agenda, shift)[0].zones if zone.zone.key == key
    )


@pytest.mark.django_db
def test_real_programme_stands_in_local_hours_with_the_worst_first(programme: str) -> None:
    morning, _ = list_workshop_hours(get_draft(Event.objects.get(slug=programme)))
    assert [(zone.zone.label, zone.country, *shown(zone.hours)) for zone in morning.zones] == [
        ("EST", "", "Tue 21:30-Wed 02:15", 255),
        ("Nairobi", "KE", "Wed 04:30-Wed 09:15", 150),
        ("Baku", "AZ", "Wed 05:30-Wed 10:15", 90),
        ("Dhaka", "BD", "Wed 07:30-Wed 12:15", 0),
        ("KST", "KR", "Wed 10:30-Wed 15:15", 0),
        ("Lao Time", "LA", "Wed 08:30-Wed 13:15", 0),
        ("Singapore", "SG", "Wed 09:30-Wed 14:15", 0),
        ("Ho Chi Minh", "VN", "Wed 08:30-Wed 13:15", 0),
    ]


@pytest.mark.django_db
def test_real_programme_has_everybody_at_their_own_parts(programme: str) -> None:
    morning, _ = list_workshop_hours(get_draft(Event.objects.get(slug=programme)))
    kenya = next(zone for zone in morning.zones if zone.country == "KE")
    (buyekane,) = kenya.people
    assert shown(buyekane.total) == ("Wed 05:25-Wed 09:10", 50)
    assert [shown(part.hours) for part in buyekane.items] == [
        ("Wed 05:25-Wed 05:45", 20),
        ("Wed 06:05-Wed 06:30", 25),
        ("Wed 06:55-Wed 07:40", 5),
        ("Wed 08:25-Wed 08:45", 0),
        ("Wed 08:55-Wed 09:10", 0),
    ]
    assert {str(person.full_name) for person in morning.people_without_zone} == {
        "Adriana Alberti",
        "Prabin Maharjan",
        "Jonas Rabinovitch",
        "Ricarda Rieger",
        "Sanva Saephan",
        "Bokyun Shim",
        "Juwang Zhu",
    }


@pytest.mark.django_db
def test_real_programme_costs_fewest_nights_two_hours_later(programme: str) -> None:
    morning, afternoon = list_workshop_hours(get_draft(Event.objects.get(slug=programme)))
    assert [(shift.hours, shift.people, shift.minutes) for shift in morning.shifts] == [
        (-6, 11, 645),
        (-5, 10, 520),
        (-4, 9, 450),
        (-3, 9, 365),
        (-2, 7, 265),
        (-1, 3, 140),
        (0, 2, 70),
        (1, 1, 20),
        (2, 0, 0),
        (3, 0, 0),
        (4, 0, 0),
        (5, 0, 0),
        (6, 0, 0),
    ]
    assert (morning.best_shift, afternoon.best_shift) == (ShiftCost(2, 0, 0), ShiftCost(0, 0, 0))


def test_shift_moves_the_shown_hours_and_not_the_costs_of_starts() -> None:
    agenda = panel("James Buyekane")
    later = list_workshop_hours(agenda, 2)[0]
    assert shown(place(agenda, "Africa/Nairobi", 2).hours) == ("Wed 06:30-Wed 11:15", 30)
    assert later.workshop.starts_at == make.at(10, 30)
    assert later.shifts == list_workshop_hours(agenda)[0].shifts


def test_hours_over_midnight_are_split_at_midnight_and_night() -> None:
    assert local_hours_of(make.workshop(), make.EST).segments == (
        DaySegment(21 * 60 + 30, 22 * 60, is_night=False),
        DaySegment(22 * 60, 24 * 60, is_night=True),
        DaySegment(0, 2 * 60 + 15, is_night=True),
    )


def test_person_outside_of_their_country_is_listed_in_their_own_zone() -> None:
    agenda = panel("Juny Kim")
    away = replace(agenda, people=(replace(agenda.people[0], zone="Africa/Nairobi"),))
    here, there = place(away, "Africa/Nairobi"), place(away, "Asia/Seoul")
    assert (here.country, [person.person.key for person in here.people]) == ("", ["juny-kim"])
    assert (there.country, there.people) == ("KR", ())


def test_country_with_questions_only_takes_part() -> None:
    agenda = make.agenda(make.workshop(make.session(question_blocks=(make.block("BD"),))))
    assert place(agenda, "Asia/Dhaka").country == "BD"


def test_country_with_several_zones_is_listed_and_not_counted() -> None:
    agenda = make.agenda(make.workshop(make.session(question_blocks=(make.block("US"),))))
    (morning,) = list_workshop_hours(agenda)
    assert morning.multi_zone_countries == ("US",)
    assert [zone.zone for zone in morning.zones if zone.country] == []


def test_person_without_a_known_zone_is_not_counted() -> None:
    (morning,) = list_workshop_hours(panel("Adriana Alberti"))
    assert [person.key for person in morning.people_without_zone] == ["adriana-alberti"]
    assert {(shift.people, shift.minutes) for shift in morning.shifts} == {(0, 0)}


def test_cancelled_session_is_not_counted() -> None:
    agenda = panel("James Buyekane", status="cancelled")
    (morning,) = list_workshop_hours(agenda)
    assert {(shift.people, shift.minutes) for shift in morning.shifts} == {(0, 0)}
    assert "KE" not in [zone.country for zone in morning.zones]


def test_minutes_of_overlapping_sessions_count_once() -> None:
    agenda = panel("James Buyekane")
    (morning,) = agenda.workshops
    (row,) = morning.sessions
    twice = make.session("session-2", people=row.people, ends_at=make.at(9, 55))
    both = replace(agenda, workshops=(replace(morning, sessions=(row, twice)),))
    (own,) = place(both, "Africa/Nairobi").people
    assert [part.hours.night_minutes for part in own.items] == [20, 30]
    assert (own.total.night_minutes, len(own.total.segments)) == (30, 2)
    assert ShiftCost(0, 1, 30) in list_workshop_hours(both)[0].shifts


def test_person_with_only_a_workshop_role_has_the_whole_workshop() -> None:
    overall = make.appearance("James Buyekane", "moderator")
    agenda = replace(panel("James Buyekane"), workshops=(make.workshop(people=(overall,)),))
    (own,) = place(agenda, "Africa/Nairobi").people
    assert shown(own.total) == ("Wed 04:30-Wed 09:15", 150)


def test_event_without_workshops_has_nothing_to_show() -> None:
    assert list_workshop_hours(make.agenda()) == ()


@given(
    key=st.sampled_from(ZONES),
    start=st.integers(min_value=0, max_value=60 * 24 * 365),
    length=st.integers(min_value=1, max_value=60 * 11),
)
def test_night_segments_have_the_minutes_that_the_checks_count(
    key: str, start: int, length: int
) -> None:
    starts_at = make.at(7, day=1) + timedelta(minutes=start)
    row = make.session(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=length))
    zone = Zone(key, key)
    of = local_hours_of(row, zone)
    dark = sum(segment.length for segment in of.segments if segment.is_night)
    same_clock = of.starts_at.utcoffset() == of.ends_at.utcoffset()
    assert all(0 <= segment.start < segment.end <= 24 * 60 for segment in of.segments)
    assert of.night_minutes == intervals.night_minutes(row, zone)
    if same_clock:
        assert dark == of.night_minutes
        assert sum(segment.length for segment in of.segments) == length
