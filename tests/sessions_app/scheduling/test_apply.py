"""Services that move sessions: all or none, recorded in the history, undone exactly."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import models
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.apply import (
    CannotMove,
    MovedSession,
    UndoMove,
    reorder_session,
    shift_following_sessions,
    undo_move,
)
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def opening(event: Event) -> models.Session:
    return models.Session.objects.get(workshop__key="international", kind="opening")


def grown(event: Event, until: datetime, **options: Any) -> UndoMove:
    """The opening, 08:30-08:50 as printed, goes on for longer."""
    return shift_following_sessions(
        session=opening(event), starts_at=make.at(8, 30), ends_at=until, **options
    )


def printed(event: Event, workshop: str = "international") -> list[str]:
    rows = models.Session.objects.current().filter(event=event, workshop__key=workshop)
    return [
        f"{make.LAO.local(row.starts_at):%H:%M}-{make.LAO.local(row.ends_at):%H:%M}" for row in rows
    ]


def test_opening_grows_and_everything_after_it_moves(event: Event) -> None:
    afternoon = printed(event, "national")
    grown(event, make.at(9))
    assert printed(event) == [
        *("08:30-09:00", "09:00-09:10", "09:10-09:35", "09:35-09:55"),
        *("10:15-10:40", "10:40-10:55", "10:55-11:05", "11:05-11:50"),
        *("11:50-12:05", "12:05-12:25", "12:25-12:35", "12:35-12:55"),
        *("12:55-13:05", "13:05-13:20", "13:20-13:25"),
    ]
    assert printed(event, "national") == afternoon


def test_only_times_change(event: Event) -> None:
    def without_times() -> list[dict[str, Any]]:
        rows = models.Session.objects.order_by("uid").values()
        return [row | {"starts_at": None, "ends_at": None} for row in rows]

    before = without_times()
    grown(event, make.at(9))
    assert without_times() == before


def test_nothing_is_written_if_the_plan_has_problems(event: Event) -> None:
    before = get_draft(event)
    with pytest.raises(CannotMove) as refusal:
        grown(event, make.at(9), hard_end=make.at(13, 15))
    assert refusal.value.problems == ("Closing Remarks would end at 13:25, after 13:15.",)
    assert str(refusal.value) == "Closing Remarks would end at 13:25, after 13:15."
    assert get_draft(event) == before


def test_break_shrinks_if_asked(event: Event) -> None:
    grown(event, make.at(8, 55), shrink_breaks=True, hard_end=make.at(13, 15))
    assert printed(event)[5:8] == ["10:35-10:50", "10:50-10:55", "10:55-11:40"]
    assert printed(event)[-1] == "13:10-13:15"


def test_end_before_the_start_is_refused(event: Event) -> None:
    with pytest.raises(ValueError, match="The end must come after the start"):
        grown(event, make.at(8))


def test_history_remembers_the_rows_that_moved_and_no_other(event: Event) -> None:
    def remembered() -> dict[str, int]:
        return {row.key: row.history.count() for row in models.Session.objects.all()}

    before = remembered()
    closing = models.Session.objects.get(event=event, kind="closing")
    lessons = models.Session.objects.get(event=event, key="lessons-learned")
    shift_following_sessions(session=lessons, starts_at=lessons.starts_at, ends_at=make.at(13, 12))
    assert remembered() == before | {
        lessons.key: before[lessons.key] + 1,
        closing.key: before[closing.key] + 1,
    }


def test_rows_count_as_they_are_stored_not_as_they_are_at_hand(event: Event) -> None:
    at_hand = opening(event)
    at_hand.ends_at, at_hand.title_en = make.at(9), "Typed, not saved"
    shift_following_sessions(session=at_hand, starts_at=make.at(8, 30), ends_at=at_hand.ends_at)
    assert printed(event)[:2] == ["08:30-09:00", "09:00-09:10"]
    assert opening(event).title_en == "Opening remarks"


def test_dropped_rows_are_neither_moved_nor_in_the_way(event: Event) -> None:
    dropped = make.session_row(
        opening(event).workshop,
        starts_at=make.at(13),
        ends_at=make.at(15),
        dropped_at=make.at(8),
    )
    grown(event, make.at(8, 55), hard_end=make.at(13, 20))
    dropped.refresh_from_db()
    assert (dropped.starts_at, dropped.ends_at) == (make.at(13), make.at(15))


def test_row_deleted_meanwhile_is_not_moved(event: Event) -> None:
    before = printed(event)[1:]
    at_hand = opening(event)
    models.Session.objects.filter(pk=at_hand.pk).update(dropped_at=make.at(8))
    with pytest.raises(CannotMove, match="was deleted or moved to another workshop meanwhile"):
        shift_following_sessions(session=at_hand, starts_at=make.at(8, 30), ends_at=make.at(9))
    assert printed(event) == before


def test_undo_puts_everything_back(event: Event) -> None:
    before = get_draft(event)
    done = grown(event, make.at(9), shrink_breaks=True)
    assert get_draft(event) != before
    undo_move(done)
    assert get_draft(event) == before


def test_undo_survives_a_web_session(event: Event) -> None:
    done = grown(event, make.at(9))
    assert UndoMove.from_data(json.loads(json.dumps(done.to_data()))) == done


def test_undo_is_plain_text_as_data() -> None:
    moments = make.at(8), make.at(9), make.at(8, 30), make.at(9, 30)
    assert UndoMove((MovedSession(make.uid("row"), *moments),)).to_data() == [
        [
            str(make.uid("row")),
            *("2021-08-04T01:00:00+00:00", "2021-08-04T02:00:00+00:00"),
            *("2021-08-04T01:30:00+00:00", "2021-08-04T02:30:00+00:00"),
        ]
    ]


def test_undo_leaves_other_edits_made_since(event: Event) -> None:
    done = grown(event, make.at(9))
    row = models.Session.objects.get(event=event, key="session-3")
    row.title_en = "Edited since"
    row.save()
    undo_move(done)
    row.refresh_from_db()
    assert (row.title_en, row.starts_at) == ("Edited since", make.at(10, 55))


def test_undo_is_refused_whole_where_a_row_changed_meanwhile(event: Event) -> None:
    done = grown(event, make.at(9))
    row = models.Session.objects.get(event=event, key="session-3")
    row.ends_at = make.at(11, 45)
    row.save()
    models.Session.objects.filter(event=event, kind="closing").update(dropped_at=make.at(8))
    before = get_draft(event)
    with pytest.raises(CannotMove) as refusal:
        undo_move(done)
    assert refusal.value.problems == (
        "Session 3 is at 11:05–11:45 now, no longer at 11:05–11:50.",
        "Closing Remarks was deleted meanwhile.",
    )
    assert get_draft(event) == before


def test_undo_is_refused_where_a_row_is_gone(event: Event) -> None:
    done = grown(event, make.at(9))
    models.Session.objects.filter(event=event, kind="closing").delete()
    with pytest.raises(CannotMove, match=r"^A session that was moved no longer exists\.$"):
        undo_move(done)


def test_undo_twice_is_refused(event: Event) -> None:
    done = grown(event, make.at(9))
    undo_move(done)
    before = printed(event)
    with pytest.raises(CannotMove):
        undo_move(done)
    assert printed(event) == before


def test_move_to_the_own_times_writes_nothing(event: Event) -> None:
    before = models.Session.history.count()
    done = grown(event, make.at(8, 50))
    undo_move(done)
    assert (done, models.Session.history.count()) == (UndoMove(()), before)


def row_of(event: Event, key: str) -> models.Session:
    return models.Session.objects.get(event=event, key=key)


def test_row_is_put_before_another_and_all_is_put_back(event: Event) -> None:
    before = get_draft(event)
    done = reorder_session(
        session=row_of(event, "session-2"),
        before=row_of(event, "overview-one-door-service-centers").uid,
    )
    assert printed(event)[:6] == [
        *("08:30-08:50", "08:50-09:15", "09:15-09:25", "09:25-09:50"),
        *("10:10-10:30", "10:30-10:45"),
    ]
    assert [row.uid for row in done.sessions] == [
        row_of(event, key).uid
        for key in (
            *("session-2", "overview-one-door-service-centers"),
            *("overview-international-experiences", "session-1"),
        )
    ]
    undo_move(UndoMove.from_data(json.loads(json.dumps(done.to_data()))))
    assert get_draft(event) == before


def test_row_is_not_put_where_it_cannot_stand(event: Event) -> None:
    models.Session.objects.filter(key="break").update(status="cancelled")
    before, third = get_draft(event), row_of(event, "session-3")
    refusals = []
    for other in ("break", "welcome"):
        with pytest.raises(CannotMove) as refusal:
            reorder_session(session=third, before=row_of(event, other).uid)
        refusals += refusal.value.problems
    models.Session.objects.filter(pk=third.pk).update(dropped_at=make.at(8))
    with pytest.raises(CannotMove) as refusal:
        reorder_session(session=third, before=None)
    assert (*refusals, *refusal.value.problems) == (
        "Break is cancelled and cannot be reordered. Restore it first, or edit its times.",
        "The following session was deleted or moved to another workshop.",
        "Session 3 was deleted or moved to another workshop meanwhile.",
    )
    models.Session.objects.filter(pk=third.pk).update(dropped_at=None)
    assert get_draft(event) == before


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_are_read_in_a_fixed_number_of_queries(
    rows: int, django_assert_num_queries: Any
) -> None:
    workshop = make.workshop_row(make.event_row())
    for hour in range(9, 9 + rows):
        last = make.session_row(workshop, starts_at=make.at(hour), ends_at=make.at(hour + 1))
    with django_assert_num_queries(14):
        shift_following_sessions(session=last, starts_at=last.starts_at, ends_at=last.ends_at)


@settings(deadline=None, max_examples=25)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=5),
    gap=st.sampled_from([0, 7]),
    delay=st.integers(-10, 10),
    growth=st.integers(-10, 30),
    shrink=st.booleans(),
    data=st.data(),
)
def test_undo_restores_every_row_of_any_programme(
    lengths: list[int], gap: int, delay: int, growth: int, shrink: bool, data: st.DataObject
) -> None:
    event = make.event_row(f"event-{uuid.uuid4()}")
    workshop = make.workshop_row(event)
    start, rows = make.at(9), []
    for length in lengths:
        end = start + timedelta(minutes=length)
        kind = data.draw(st.sampled_from(["panel", "break"]))
        rows.append(make.session_row(workshop, kind=kind, starts_at=start, ends_at=end))
        start = end + timedelta(minutes=gap)
    changed = data.draw(st.sampled_from(rows))
    starts_at = changed.starts_at + timedelta(minutes=delay)
    ends_at = max(changed.ends_at + timedelta(minutes=growth), starts_at + timedelta(minutes=1))
    before = get_draft(event)
    try:
        done = shift_following_sessions(
            session=changed, starts_at=starts_at, ends_at=ends_at, shrink_breaks=shrink
        )
    except CannotMove:
        assert get_draft(event) == before
        return
    assert (get_draft(event) == before) == (done.sessions == ())
    with transaction.atomic():
        undo_move(UndoMove.from_data(done.to_data()))
    assert get_draft(event) == before


@settings(deadline=None, max_examples=15)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=5),
    gaps=st.lists(st.sampled_from([0, 7, -5]), min_size=5, max_size=5),
    data=st.data(),
)
def test_undo_restores_every_row_of_any_new_order(
    lengths: list[int], gaps: list[int], data: st.DataObject
) -> None:
    event = make.event_row(f"event-{uuid.uuid4()}")
    workshop = make.workshop_row(event)
    start, rows = make.at(9), []
    for length, gap in zip(lengths, gaps, strict=False):
        end = start + timedelta(minutes=length)
        rows.append(make.session_row(workshop, starts_at=start, ends_at=end))
        start = max(start, end + timedelta(minutes=gap))
    session, other = data.draw(st.sampled_from(rows)), data.draw(st.sampled_from([None, *rows]))
    before = get_draft(event)
    try:
        done = reorder_session(session=session, before=other and other.uid)
    except CannotMove:
        assert get_draft(event) == before
        return
    assert (get_draft(event) == before) == (done.sessions == ())
    undo_move(UndoMove.from_data(done.to_data()))
    assert get_draft(event) == before
