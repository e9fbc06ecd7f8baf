"""Zones by name or label, and local times to UTC."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import make
from workshop import zones
from workshop.zones import TooManyZones, UnknownZone, Zone

AUGUST = datetime(2021, 8, 4, 1, 30, tzinfo=UTC)
JANUARY = datetime(2021, 1, 4, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["EST", "est", " Est "])
def test_label_of_the_event_is_its_zone(name: str) -> None:
    assert zones.find(name, make.ZONES) == Zone("EST", "America/New_York")


def test_label_may_hold_spaces_of_any_number() -> None:
    assert zones.find(" lao  TIME ", make.ZONES) == Zone("Lao Time", "Asia/Vientiane")


def test_label_stands_before_the_place_of_that_name() -> None:
    own = (Zone("Singapore", "Asia/Kuala_Lumpur"),)
    assert zones.find("Singapore", own) == own[0]


@pytest.mark.parametrize(
    "name",
    [
        *("EST", "MST", "EST5EDT", "GMT", "posixrules", "localtime", "Factory", "Etc/GMT+5"),
        *("", "../../etc/passwd", "Asia", "Asia/", "Asia/Atlantis", "Lao Time", "UTC+7"),
    ],
)
def test_name_of_no_place_is_refused_by_that_name(name: str) -> None:
    with pytest.raises(UnknownZone) as refusal:
        zones.find(name)
    assert refusal.value.args == (name,)


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Asia/Baku", Zone("Baku", "Asia/Baku")),
        (" Asia/Baku ", Zone("Baku", "Asia/Baku")),
        ("Singapore", Zone("Singapore", "Singapore")),
        (
            "America/Argentina/Buenos_Aires",
            Zone("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ),
        ("UTC", Zone("UTC", "UTC")),
        ("Etc/UTC", Zone("UTC", "UTC")),
    ],
)
def test_place_is_labelled_with_its_city(name: str, zone: Zone) -> None:
    assert zones.find(name, make.ZONES) == zone


def test_requested_keeps_the_order_and_drops_duplicates() -> None:
    values = ["EST,Asia/Baku", "America/New_York", "", " , lao time", "Asia/Baku"]
    assert zones.requested(values, make.ZONES) == (make.EST, Zone("Baku", "Asia/Baku"), make.LAO)


def test_requested_is_empty_without_names() -> None:
    assert zones.requested(["", " , "], make.ZONES) == ()


def test_requested_takes_four_zones_however_often_they_are_named() -> None:
    four = ["EST,KST,Lao Time", "Asia/Baku,EST,KST"]
    assert zones.requested(four, make.ZONES) == (
        make.EST,
        make.KST,
        make.LAO,
        Zone("Baku", "Asia/Baku"),
    )


def test_requested_refuses_a_fifth_zone() -> None:
    with pytest.raises(TooManyZones) as refusal:
        zones.requested(["EST,KST,Lao Time", "Asia/Baku,UTC"], make.ZONES)
    assert refusal.value.args == (5,)


def test_requested_refuses_the_whole_for_one_unknown_name() -> None:
    with pytest.raises(UnknownZone) as refusal:
        zones.requested(["EST, MST"], make.ZONES)
    assert refusal.value.args == ("MST",)


@pytest.mark.parametrize(
    ("key", "at", "printed"),
    [
        ("America/New_York", AUGUST, ("New York", "EDT", "UTC−4")),
        ("America/New_York", JANUARY, ("New York", "EST", "UTC−5")),
        ("Asia/Kathmandu", AUGUST, ("Kathmandu", "", "UTC+5:45")),
        ("Pacific/Kiritimati", AUGUST, ("Kiritimati", "", "UTC+14")),
        ("Asia/Vientiane", AUGUST, ("Vientiane", "", "UTC+7")),
        ("UTC", AUGUST, ("", "UTC", "UTC")),
    ],
)
def test_zone_abbreviation_and_offset_are_those_of_the_date(
    key: str, at: datetime, printed: tuple[str, str, str]
) -> None:
    zone = Zone("EST", key)
    assert (zone.city, zone.abbreviation(at), zone.offset(at)) == printed


@pytest.mark.parametrize(
    ("minutes", "printed"),
    [(0, "UTC"), (420, "UTC+7"), (-240, "UTC−4"), (345, "UTC+5:45"), (-210, "UTC−3:30")],
)
def test_offset_text_has_a_real_minus_and_no_idle_minutes(minutes: int, printed: str) -> None:
    assert zones.offset_text(timedelta(minutes=minutes)) == printed


@pytest.mark.parametrize(
    ("country", "key"),
    [
        ("LA", "Asia/Vientiane"),
        ("kr", "Asia/Seoul"),
        ("VN", "Asia/Ho_Chi_Minh"),
        ("US", ""),
        ("XX", ""),
        ("", ""),
    ],
)
def test_country_zone_is_empty_for_several_zones(country: str, key: str) -> None:
    assert zones.country_zone(country) == key


def test_common_keys_are_all_accepted() -> None:
    offered = zones.common_keys()
    assert [zones.find(key).key for key in offered] == list(offered)


@pytest.mark.parametrize(
    ("key", "wall", "moment"),
    [
        ("Asia/Vientiane", "2021-08-04T08:30", "2021-08-04T01:30:00+00:00"),
        ("America/New_York", "2021-08-03T21:30", "2021-08-04T01:30:00+00:00"),
        ("America/New_York", "2021-03-14T03:00", "2021-03-14T07:00:00+00:00"),
        ("America/New_York", "2021-11-07T02:00", "2021-11-07T07:00:00+00:00"),
    ],
)
def test_wall_clock_becomes_utc(key: str, wall: str, moment: str) -> None:
    assert zones.read_wall_clock(datetime.fromisoformat(wall), key).isoformat() == moment


@pytest.mark.parametrize(
    ("wall", "is_skipped", "readings"),
    [
        ("2021-03-14T02:30", True, ("2021-03-14T06:30Z", "2021-03-14T07:30Z")),
        ("2021-11-07T01:30", False, ("2021-11-07T05:30Z", "2021-11-07T06:30Z")),
    ],
)
def test_wall_clock_that_a_change_skips_or_repeats_is_refused_with_both_readings(
    wall: str, is_skipped: bool, readings: tuple[str, str]
) -> None:
    typed = datetime.fromisoformat(wall)
    with pytest.raises(zones.NotOneMoment) as refusal:
        zones.read_wall_clock(typed, "America/New_York")
    early, late = map(datetime.fromisoformat, readings)
    expected = zones.UnclearTime(typed, "America/New_York", is_skipped, (early, late))
    assert refusal.value.args == (expected,)


@pytest.mark.parametrize(
    ("name", "current"),
    [
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Katmandu", "Asia/Kathmandu"),
        ("Africa/Kampala", "Africa/Kampala"),
        ("Asia/Vientiane", "Asia/Vientiane"),
        ("EST", "EST"),
        ("Mars/Phobos", "Mars/Phobos"),
    ],
)
def test_outdated_name_becomes_the_current_one(name: str, current: str) -> None:
    assert zones.current_key(name) == current
