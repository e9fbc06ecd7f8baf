"""Change of an event's time zone: it keeps clock times or moments, for all rows or none."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import models
from sessions_app.desk.schedule.problem_sentences import time_problem
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.change_timezone import ZonePlan, apply, plan
from sessions_app.scheduling.shift_dates import Keep
from tests import make
from workshop.editing.plans import PlanChanged
from workshop.models import Event, StatedWindow, Workshop
from workshop.zones import UnknownZone, Zone

pytestmark = pytest.mark.django_db

ZONES = ("America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/London", "UTC")
TWO_HOURS = timedelta(hours=2)
AUTUMN = datetime(2021, 11, 7, 4, 30, tzinfo=UTC)  # 00:30 in New York, whose night has 01:30 twice


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def change_zone(event: Event, zone: str, keep: Keep) -> ZonePlan:
    """Change the zone as previewed."""
    shown = plan(get_draft(Event.objects.get(pk=event.pk)), zone, keep)
    assert apply(event, zone, keep, fingerprint=shown.fingerprint) == shown
    return shown


def moments(event: Event) -> dict[Any, tuple[datetime, datetime]]:
    """Everything of an event that has times, by UID; deleted sessions too."""
    rows = (
        *Workshop.objects.filter(event=event),
        *StatedWindow.objects.filter(workshop__event=event),
        *models.Session.objects.filter(event=event),
    )
    return {row.pk: (row.starts_at, row.ends_at) for row in rows}


def shown(event: Event) -> dict[Any, list[datetime]]:
    """The same as the event's own clock shows them."""
    zone = Zone("", Event.objects.get(pk=event.pk).zone)
    return {
        uid: [zone.local(at).replace(tzinfo=None) for at in times]
        for uid, times in moments(event).items()
    }


def test_clock_times_stay_and_moments_move(event: Event) -> None:
    before, clock_times = moments(event), shown(event)
    assert len(before) == 24
    change_zone(event, "Asia/Seoul", "clock")
    assert Event.objects.get().zone == "Asia/Seoul"
    assert shown(event) == clock_times
    assert moments(event) == {
        uid: (start - TWO_HOURS, end - TWO_HOURS) for uid, (start, end) in before.items()
    }


def test_moments_stay_and_clock_times_move(event: Event) -> None:
    before, draft = moments(event), get_draft(event)
    change_zone(event, "Asia/Seoul", "moments")
    assert moments(event) == before
    assert get_draft(Event.objects.get()) == replace(draft, zone="Asia/Seoul")


def test_result_tells_what_became_of_every_time(event: Event) -> None:
    found = change_zone(event, "Asia/Seoul", "clock").times
    assert found.problems == ()
    assert [row.span.starts_at - row.starts_at for row in found.new_times] == [TWO_HOURS] * 24


def test_history_remembers_what_changed_and_no_other(event: Event) -> None:
    def remembered() -> tuple[int, int]:
        kinds: tuple[Any, ...] = (Workshop, StatedWindow, models.Session)
        return Event.history.count(), sum(kind.history.count() for kind in kinds)  # type: ignore[attr-defined]

    events, rows = remembered()
    change_zone(event, "Asia/Bangkok", "clock")  # the clock of Vientiane
    assert remembered() == (events + 1, rows)
    change_zone(event, "Asia/Seoul", "clock")
    assert remembered() == (events + 2, rows + 24)


def test_deleted_sessions_keep_their_moments() -> None:
    workshop = make.workshop_row(make.event_row())
    deleted = make.session_row(workshop, dropped_at=make.at(8))
    change_zone(workshop.event, "Asia/Seoul", "clock")
    deleted.refresh_from_db()
    assert deleted.starts_at == make.at(9, 25)


def test_readers_see_nothing_of_it_until_publishing(event: Event, client: Any) -> None:
    before = client.get(f"/{event.slug}/agenda.json").content
    change_zone(event, "Asia/Seoul", "clock")
    assert client.get(f"/{event.slug}/agenda.json").content == before


@pytest.mark.parametrize("zone", ["EST", "Etc/GMT+5", "Seoul", ""])
def test_zone_that_names_no_place_is_refused(event: Event, zone: str) -> None:
    with pytest.raises(UnknownZone):
        change_zone(event, zone, "clock")
    assert Event.objects.get().zone == "Asia/Vientiane"


def test_all_is_refused_where_the_new_clock_shows_a_time_twice() -> None:
    """01:30 on 7 November is one moment in Vientiane, and two in New York."""
    event = make.event_row()
    start = make.at(0).replace(month=11, day=6)  # 00:00 on the 7th in Vientiane
    workshop = make.workshop_row(event, starts_at=start, ends_at=start + timedelta(hours=5))
    half_past_one = start + timedelta(minutes=90)
    times = {"starts_at": half_past_one, "ends_at": half_past_one + timedelta(hours=2)}
    make.session_row(workshop, number=1, **times)
    make.session_row(workshop, title_en="Cancelled", status="cancelled", **times)
    StatedWindow.objects.create(workshop=workshop, source="Concept note", **times)
    before = moments(event)
    with pytest.raises(PlanChanged):
        change_zone(event, "America/New_York", "clock")
    problems = plan(get_draft(event), "America/New_York", "clock").times.problems
    zone = Zone("New York", "America/New_York")
    twice = (
        "01:30 occurs twice on 07 Nov 2021 in New York: "
        "07 Nov 2021 05:30 UTC or 07 Nov 2021 06:30 UTC."
    )
    assert [time_problem(problem, zone) for problem in problems] == [
        f"The hours of “International” in “Concept note”: {twice}",
        f"“Cancelled”: {twice}",
        f"Session 1: {twice}",
    ]
    assert (Event.objects.get().zone, moments(event)) == ("Asia/Vientiane", before)
    change_zone(event, "America/New_York", "moments")
    assert (Event.objects.get().zone, moments(event)) == ("America/New_York", before)


def test_time_of_an_hour_that_both_clocks_show_twice_stays_its_moment() -> None:
    event = make.event_row(zone="America/New_York")
    workshop = make.workshop_row(event, starts_at=AUTUMN, ends_at=AUTUMN + timedelta(hours=4))
    second = AUTUMN + timedelta(hours=2)  # 01:30 for the second time
    make.session_row(workshop, starts_at=second, ends_at=second + timedelta(hours=1))
    before = moments(event)
    change_zone(event, "America/Toronto", "clock")
    assert (Event.objects.get().zone, moments(event)) == ("America/Toronto", before)


def test_rows_count_as_they_are_stored_not_as_they_are_at_hand(event: Event) -> None:
    at_hand = Event.objects.get()
    at_hand.title_en, at_hand.zone = "Typed, not saved", "UTC"  # type: ignore[attr-defined]
    clock_times = shown(event)
    change_zone(at_hand, "Asia/Seoul", "clock")
    assert shown(event) == clock_times
    assert str(Event.objects.get()).startswith("Peer-to-Peer")


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_are_read_in_a_fixed_number_of_queries(
    rows: int, django_assert_num_queries: Any
) -> None:
    workshop = make.workshop_row(make.event_row())
    for hour in range(9, 9 + rows):
        make.session_row(workshop, starts_at=make.at(hour), ends_at=make.at(hour + 1))
    fingerprint = plan(get_draft(workshop.event), "Asia/Seoul", "moments").fingerprint
    with django_assert_num_queries(18):
        apply(workshop.event, "Asia/Seoul", "moments", fingerprint=fingerprint)


@settings(deadline=None, max_examples=25)
@given(
    old=st.sampled_from(ZONES),
    new=st.sampled_from(ZONES),
    keep=st.sampled_from(["clock", "moments"]),
    hours=st.lists(st.integers(0, 270 * 24), min_size=1, max_size=4),
)
def test_either_the_clock_times_or_the_moments_of_all_rows_stay(
    old: str, new: str, keep: Keep, hours: list[int]
) -> None:
    event = make.event_row(f"event-{uuid.uuid4().hex[:8]}", zone=old)
    workshop = make.workshop_row(event)
    for each in hours:
        at = datetime(2021, 3, 1, tzinfo=UTC) + timedelta(hours=each)
        make.session_row(workshop, starts_at=at, ends_at=at + timedelta(hours=3))
    kept = moments if keep == "moments" else shown
    before, all_before = kept(event), (moments(event), shown(event))
    try:
        change_zone(event, new, keep)
    except PlanChanged:
        assert (moments(event), shown(event)) == all_before
        assert (keep, old == new) == ("clock", False)
        return
    assert kept(event) == before
    assert Event.objects.get(pk=event.pk).zone == new
