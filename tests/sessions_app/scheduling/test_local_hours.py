"""Who is awake: local hours, night, and what every other start would cost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.local_hours import Hours, Place, Shift, Stretch, hours, waking
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


def shown(of: Hours) -> tuple[str, int]:
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


def place(agenda: Agenda, key: str, shift: int = 0) -> Place:
    return next(each for each in waking(agenda, shift)[0].places if each.zone.key == key)


@pytest.mark.django_db
def test_real_programme_stands_in_local_hours_with_the_worst_first(programme: str) -> None:
    morning, _ = waking(get_draft(Event.objects.get(slug=programme)))
    assert [(each.zone.label, each.country, *shown(each.hours)) for each in morning.places] == [
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
    morning, _ = waking(get_draft(Event.objects.get(slug=programme)))
    kenya = next(each for each in morning.places if each.country == "KE")
    (buyekane,) = kenya.people
    assert shown(buyekane.whole) == ("Wed 05:25-Wed 09:10", 50)
    assert [shown(part.hours) for part in buyekane.parts] == [
        ("Wed 05:25-Wed 05:45", 20),
        ("Wed 06:05-Wed 06:30", 25),
        ("Wed 06:55-Wed 07:40", 5),
        ("Wed 08:25-Wed 08:45", 0),
        ("Wed 08:55-Wed 09:10", 0),
    ]
    assert {str(person.full_name) for person in morning.unknown} == {
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
    morning, afternoon = waking(get_draft(Event.objects.get(slug=programme)))
    assert [(each.hours, each.people, each.minutes) for each in morning.shifts] == [
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
    assert (morning.best, afternoon.best) == (Shift(2, 0, 0), Shift(0, 0, 0))


def test_shift_moves_what_is_shown_and_not_what_the_starts_cost() -> None:
    agenda = panel("James Buyekane")
    later = waking(agenda, 2)[0]
    assert shown(place(agenda, "Africa/Nairobi", 2).hours) == ("Wed 06:30-Wed 11:15", 30)
    assert later.workshop.starts_at == make.at(10, 30)
    assert later.shifts == waking(agenda)[0].shifts


def test_hours_over_midnight_are_cut_where_date_and_night_begin() -> None:
    assert hours(make.workshop(), make.EST).stretches == (
        Stretch(21 * 60 + 30, 22 * 60, is_night=False),
        Stretch(22 * 60, 24 * 60, is_night=True),
        Stretch(0, 2 * 60 + 15, is_night=True),
    )


def test_who_is_elsewhere_than_their_country_stands_at_their_own_clock() -> None:
    agenda = panel("Juny Kim")
    away = replace(agenda, people=(replace(agenda.people[0], zone="Africa/Nairobi"),))
    here, there = place(away, "Africa/Nairobi"), place(away, "Asia/Seoul")
    assert (here.country, [each.person.key for each in here.people]) == ("", ["juny-kim"])
    assert (there.country, there.people) == ("KR", ())


def test_country_that_is_only_asked_takes_part() -> None:
    agenda = make.agenda(make.workshop(make.session(question_blocks=(make.block("BD"),))))
    assert place(agenda, "Asia/Dhaka").country == "BD"


def test_country_with_several_clocks_is_named_and_nothing_claimed() -> None:
    agenda = make.agenda(make.workshop(make.session(question_blocks=(make.block("US"),))))
    (morning,) = waking(agenda)
    assert morning.many_clocks == ("US",)
    assert [each.zone for each in morning.places if each.country] == []


def test_person_without_a_known_zone_is_not_counted() -> None:
    (morning,) = waking(panel("Adriana Alberti"))
    assert [person.key for person in morning.unknown] == ["adriana-alberti"]
    assert {(each.people, each.minutes) for each in morning.shifts} == {(0, 0)}


def test_cancelled_row_keeps_nobody_up() -> None:
    agenda = panel("James Buyekane", status="cancelled")
    (morning,) = waking(agenda)
    assert {(each.people, each.minutes) for each in morning.shifts} == {(0, 0)}
    assert "KE" not in [each.country for each in morning.places]


def test_minutes_that_two_parts_share_count_once() -> None:
    agenda = panel("James Buyekane")
    (morning,) = agenda.workshops
    (row,) = morning.sessions
    twice = make.session("session-2", people=row.people, ends_at=make.at(9, 55))
    both = replace(agenda, workshops=(replace(morning, sessions=(row, twice)),))
    (own,) = place(both, "Africa/Nairobi").people
    assert [part.hours.night_minutes for part in own.parts] == [20, 30]
    assert (own.whole.night_minutes, len(own.whole.stretches)) == (30, 2)
    assert Shift(0, 1, 30) in waking(both)[0].shifts


def test_role_over_the_whole_workshop_alone_is_a_part_of_all_of_it() -> None:
    overall = make.appearance("James Buyekane", "moderator")
    agenda = replace(panel("James Buyekane"), workshops=(make.workshop(people=(overall,)),))
    (own,) = place(agenda, "Africa/Nairobi").people
    assert shown(own.whole) == ("Wed 04:30-Wed 09:15", 150)


def test_event_without_workshops_has_nothing_to_show() -> None:
    assert waking(make.agenda()) == ()


@given(
    key=st.sampled_from(ZONES),
    start=st.integers(min_value=0, max_value=60 * 24 * 365),
    length=st.integers(min_value=1, max_value=60 * 11),
)
def test_night_stretches_hold_the_minutes_that_the_checks_count(
    key: str, start: int, length: int
) -> None:
    starts_at = make.at(7, day=1) + timedelta(minutes=start)
    row = make.session(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=length))
    zone = Zone(key, key)
    of = hours(row, zone)
    dark = sum(each.length for each in of.stretches if each.is_night)
    same_clock = of.starts_at.utcoffset() == of.ends_at.utcoffset()
    assert all(0 <= each.start < each.end <= 24 * 60 for each in of.stretches)
    assert of.night_minutes == intervals.night_minutes(row, zone)
    if same_clock:
        assert dark == of.night_minutes
        assert sum(each.length for each in of.stretches) == length
