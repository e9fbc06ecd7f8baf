"""Moves of sessions: all or none, recorded in the history, undone exactly."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import models
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling import moves, reorder, shift
from sessions_app.scheduling.moves import CannotUndo, MovedSession, UndoMove, undo_move
from sessions_app.scheduling.shift import MovePlan
from tests import make
from workshop.editing.plans import PlanChanged
from workshop.models import Event
from workshop.zones import Zone

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def opening(event: Event) -> models.Session:
    return models.Session.objects.get(workshop__key="international", kind="opening")


def shown(session: models.Session, plan: Callable[..., MovePlan]) -> MovePlan:
    """The plan as a preview shows it, made from the stored rows."""
    workshops = get_draft(session.event).workshops
    return plan(next(row for row in workshops if row.uid == session.workshop_id))


def applied(session: models.Session, plan: Callable[..., MovePlan]) -> UndoMove:
    preview = shown(session, plan)
    assert moves.apply(session, plan, fingerprint=preview.fingerprint) == preview
    return UndoMove.from_plan(preview)


def new_times(session: models.Session, **options: Any) -> Callable[..., MovePlan]:
    return partial(shift.plan, session=session.uid, **options)


def new_place(session: models.Session, before: models.Session | None) -> Callable[..., MovePlan]:
    zone = Zone("", session.event.zone)
    return partial(reorder.plan, session=session.uid, before=before and before.uid, zone=zone)


def longer_opening(event: Event, until: datetime, **options: Any) -> Callable[..., MovePlan]:
    """The opening, 08:30-08:50 as printed, goes on for longer."""
    return new_times(opening(event), starts_at=make.at(8, 30), ends_at=until, **options)


def grown(event: Event, until: datetime, **options: Any) -> UndoMove:
    return applied(opening(event), longer_opening(event, until, **options))


def problems(refusal: pytest.ExceptionInfo[CannotUndo]) -> list[tuple[Any, ...]]:
    """Code, keys of the sessions and moments of each problem."""
    return [
        (problem.code, *(session.key for session in problem.sessions), *problem.moments)
        for problem in refusal.value.problems
    ]


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
    before, plan = get_draft(event), longer_opening(event, make.at(9), hard_end=make.at(13, 15))
    (problem,) = shown(opening(event), plan).problems
    assert (problem.code, problem.moments) == (
        "ends_too_late",
        (make.at(13, 25), make.at(13, 15)),
    )
    with pytest.raises(PlanChanged):
        applied(opening(event), plan)
    assert get_draft(event) == before


def test_nothing_is_written_if_sessions_changed_since_the_preview(event: Event) -> None:
    plan = longer_opening(event, make.at(9))
    preview = shown(opening(event), plan)
    row = models.Session.objects.get(event=event, key="session-3")
    row.ends_at = make.at(11, 35)
    row.save()
    before = get_draft(event)
    with pytest.raises(PlanChanged):
        moves.apply(opening(event), plan, fingerprint=preview.fingerprint)
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
    applied(lessons, new_times(lessons, starts_at=lessons.starts_at, ends_at=make.at(13, 12)))
    assert remembered() == before | {
        lessons.key: before[lessons.key] + 1,
        closing.key: before[closing.key] + 1,
    }


def test_rows_count_as_they_are_stored_not_as_they_are_at_hand(event: Event) -> None:
    at_hand = opening(event)
    at_hand.ends_at, at_hand.title_en = make.at(9), "Typed, not saved"
    applied(at_hand, new_times(at_hand, starts_at=make.at(8, 30), ends_at=at_hand.ends_at))
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


@pytest.mark.parametrize("key", ["session-5", "session-3"])
def test_row_deleted_meanwhile_is_neither_moved_nor_followed(event: Event, key: str) -> None:
    at_hand = row_of(event, "session-5")
    plan = new_place(at_hand, row_of(event, "session-3"))
    preview = shown(at_hand, plan)
    models.Session.objects.filter(event=event, key=key).update(dropped_at=make.at(8))
    before = printed(event)
    with pytest.raises(PlanChanged):
        moves.apply(at_hand, plan, fingerprint=preview.fingerprint)
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
    with pytest.raises(CannotUndo) as refusal:
        undo_move(done)
    now, before_that = (make.at(11, 5), make.at(11, 45)), (make.at(11, 5), make.at(11, 50))
    assert problems(refusal) == [
        ("has_other_times", "session-3", *now, *before_that),
        ("deleted", "closing-remarks"),
    ]
    assert get_draft(event) == before


def test_undo_is_refused_where_a_row_is_gone(event: Event) -> None:
    done = grown(event, make.at(9))
    models.Session.objects.filter(event=event, kind="closing").delete()
    with pytest.raises(CannotUndo) as refusal:
        undo_move(done)
    assert problems(refusal) == [("no_longer_exists",)]


def test_undo_twice_is_refused(event: Event) -> None:
    done = grown(event, make.at(9))
    undo_move(done)
    before = printed(event)
    with pytest.raises(CannotUndo):
        undo_move(done)
    assert printed(event) == before


def test_move_to_the_own_times_writes_nothing(event: Event) -> None:
    before = models.Session.history.count()
    with pytest.raises(PlanChanged):
        grown(event, make.at(8, 50))
    assert models.Session.history.count() == before


def row_of(event: Event, key: str) -> models.Session:
    return models.Session.objects.get(event=event, key=key)


def test_row_is_put_before_another_and_all_is_put_back(event: Event) -> None:
    before = get_draft(event)
    row, other = row_of(event, "session-2"), row_of(event, "overview-one-door-service-centers")
    done = applied(row, new_place(row, other))
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


def test_row_is_not_put_before_a_cancelled_one(event: Event) -> None:
    models.Session.objects.filter(key="break").update(status="cancelled")
    before, third = get_draft(event), row_of(event, "session-3")
    plan = new_place(third, row_of(event, "break"))
    assert [problem.code for problem in shown(third, plan).problems] == ["cancelled"]
    with pytest.raises(PlanChanged):
        applied(third, plan)
    assert get_draft(event) == before


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_are_read_in_a_fixed_number_of_queries(
    rows: int, django_assert_num_queries: Any
) -> None:
    workshop = make.workshop_row(make.event_row())
    for hour in range(9, 9 + rows):
        last = make.session_row(workshop, starts_at=make.at(hour), ends_at=make.at(hour + 1))
    plan = new_times(last, starts_at=last.starts_at, ends_at=last.ends_at + timedelta(hours=1))
    fingerprint = shown(last, plan).fingerprint
    with django_assert_num_queries(16):
        moves.apply(last, plan, fingerprint=fingerprint)


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
        plan = new_times(changed, starts_at=starts_at, ends_at=ends_at, shrink_breaks=shrink)
        done = applied(changed, plan)
    except PlanChanged:
        assert get_draft(event) == before
        return
    assert get_draft(event) != before
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
        done = applied(session, new_place(session, other))
    except PlanChanged:
        assert get_draft(event) == before
        return
    assert get_draft(event) != before
    undo_move(UndoMove.from_data(done.to_data()))
    assert get_draft(event) == before
