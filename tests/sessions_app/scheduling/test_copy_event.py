"""Copy of an event: equal clock times on other days, new UIDs, no private data."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Person
from sessions_app.desk.schedule.problem_sentences import time_problem
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling import copy_event as scheduling_copy_event
from sessions_app.scheduling.copy_event import (
    CannotCopy,
    address_problem,
    copied_agenda,
    copy_event,
    suggested_address,
)
from tests import make
from workshop import models as events
from workshop.models import Event
from workshop.zones import Zone

pytestmark = pytest.mark.django_db

NOVEMBER = date(2021, 11, 10)
TALK, BLOCK, QUESTION = models.Presentation, models.QuestionBlock, models.Question


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def filled(session: models.Session, people: Iterable[Any]) -> models.Session:
    """A session with something of every kind; all rows have the same number, as if never sorted."""
    for person in people:
        make.appearance_row(person, session=session)
    make.appearance_row(session=session, stands_for="function", name_en="RC")
    talk = TALK.objects.create(session=session, title_en="Talk", minutes=5)
    make.appearance_row(next(iter(people)), presentation=talk, role="presenter")
    for country in ("KR", "LA"):
        block = BLOCK.objects.create(session=session, countries=[country])
        for text in ("How?", "Why?", "When?"):
            QUESTION.objects.create(block=block, text_en=text, text_lo="ແນວໃດ?")
    return session


def full_event(slug: str = "event", **columns: Any) -> Event:
    event = make.event_row(slug, title_lo="ງານ", languages="en,lo", **columns)
    people = [
        make.person_row(name, key=f"{slug}-{number}", email=f"{number}@example.org")
        for number, name in enumerate(("Juny Kim", "Abdul Aliyev", "Mui Ling Lee"))
    ]
    workshop = make.workshop_row(
        event, join_url="https://example.org/j", join_code="123", readership="those_let_in"
    )
    make.appearance_row(people[0], workshop=workshop, role="moderator")
    events.StatedWindow.objects.create(
        workshop=workshop, source="Note", starts_at=make.at(8), ends_at=make.at(9)
    )
    for number, of in enumerate((None, workshop)):
        events.AboutSection.objects.create(
            event=event, workshop=of, title_en=f"About {number}", body_en="…", order=number
        )
    filled(make.session_row(workshop, key="kept", staff_note="Call the minister"), people)
    make.session_row(workshop, key="cancelled", status="cancelled")
    make.session_row(workshop, key="deleted", dropped_at=make.at(8))
    return event


def plain(value: Any, moment: Callable[[datetime], Any]) -> Any:
    """An agenda without UIDs, but those of people, and with times as `moment` makes them."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, tuple):
        return tuple(plain(each, moment) for each in value)
    if isinstance(value, uuid.UUID):
        return None
    if is_dataclass(value) and not isinstance(value, (Person, Text, Zone, type)):
        return replace(
            value,
            **{field.name: plain(getattr(value, field.name), moment) for field in fields(value)},
        )
    return value


def told(agenda: Agenda, *, later: int = 0) -> Any:
    """What an agenda says on its own clock, so many days later; under no address."""
    zone = Zone(agenda.zone, agenda.zone)
    days = timedelta(days=later)
    said = plain(agenda, lambda at: zone.local(at).replace(tzinfo=None) + days)
    return by_key(replace(said, slug=""))


def by_key(agenda: Agenda) -> Agenda:
    """Rows whose order a change of the clock would turn round stand by their keys."""
    workshops = (
        replace(workshop, sessions=tuple(sorted(workshop.sessions, key=lambda row: row.key)))
        for workshop in agenda.workshops
    )
    return replace(agenda, workshops=tuple(sorted(workshops, key=lambda each: each.key)))


def rows(event: Event) -> dict[type[Model], list[dict[str, Any]]]:
    """Every row below an event, and the event."""
    paths = {
        events.Event: "pk",
        events.Workshop: "event",
        events.StatedWindow: "workshop__event",
        events.DisplayZone: "event",
        events.AboutSection: "event",
        models.Session: "event",
        TALK: "session__event",
        BLOCK: "session__event",
        QUESTION: "block__session__event",
        models.Release: "event",
    }
    found = {
        model: list(model._default_manager.filter(**{path: event.pk}).order_by("pk").values())
        for model, path in paths.items()
    }
    appearances = models.Appearance.objects.order_by("pk")
    found[models.Appearance] = [
        *appearances.filter(workshop__event=event).values(),
        *appearances.filter(session__event=event).values(),
        *appearances.filter(presentation__session__event=event).values(),
    ]
    return found


def uids(event: Event) -> set[uuid.UUID]:
    return {row["uid"] for of_kind in rows(event).values() for row in of_kind if "uid" in row}


def test_every_kind_of_row_is_copied_or_left_out_on_purpose() -> None:
    """A new table must say here, and in copy_event, whether it stands below an event."""
    tables = {
        model.__name__
        for app in ("workshop", "participants", "sessions_app")
        for model in apps.get_app_config(app).get_models()
    }
    ours = {name for name in tables if not name.startswith("Historical")}
    of_people = {
        "Person",
        "Participation",
        "SessionReply",
        "PersonalLink",
        "OutgoingMail",
        "SentEntry",
    }
    of_tasks = {"PdfJob", "Worker"}
    assert ours == {model.__name__ for model in rows(Event())} | of_people | of_tasks


def test_programme_is_copied_to_november(event: Event) -> None:
    before = rows(event)
    copy = copy_event(event=event, slug="odsc-laos-2021-11", starts_on=NOVEMBER)
    assert told(get_draft(copy)) == told(copied_agenda(get_draft(event)), later=98)
    assert [(row.key, row.starts_at) for row in copy.workshops.all()] == [
        ("international", datetime(2021, 11, 10, 1, 30, tzinfo=UTC)),
        ("national", datetime(2021, 11, 10, 7, 15, tzinfo=UTC)),
    ]
    assert uids(copy).isdisjoint(uids(event))
    assert rows(event) == before


def test_private_columns_stay_and_what_belongs_to_the_old_meeting_does_not() -> None:
    event = full_event()
    copy = copy_event(event=event, slug="again", starts_on=NOVEMBER)
    workshop, session = copy.workshops.get(), copy.sessions.get()
    assert (workshop.join_url, workshop.join_code) == ("", "")
    assert (workshop.readership, workshop.admission) == ("those_let_in", "by_invitation")
    assert (session.key, session.staff_note) == ("kept", "Call the minister")
    kept = {model.__name__: len(found) for model, found in rows(copy).items() if found}
    assert kept == {
        "Event": 1,
        "Workshop": 1,
        "DisplayZone": 3,
        "AboutSection": 2,
        "Session": 1,
        "Presentation": 1,
        "QuestionBlock": 2,
        "Question": 6,
        "Appearance": 6,
    }
    assert [(row.title_en, row.workshop) for row in copy.about_sections.all()] == [
        ("About 0", None),
        ("About 1", workshop),
    ]


def test_titles_are_those_given_else_those_of_the_event() -> None:
    event = full_event()
    same = copy_event(event=event, slug="same", starts_on=NOVEMBER)
    other = copy_event(
        event=event, slug="other", starts_on=NOVEMBER, title=Text("Follow-up", "ຕິດຕາມ")
    )
    titles = [
        (each.title, each.title_en, each.title_lo)
        for each in Event.objects.filter(pk__in=(same.pk, other.pk)).order_by("-slug")
    ]
    assert titles == [("Event", "Event", "ງານ"), ("Follow-up", "Follow-up", "ຕິດຕາມ")]


def test_history_knows_the_copy_as_new_and_the_event_as_untouched() -> None:
    event = full_event()
    copy = copy_event(event=event, slug="again", starts_on=NOVEMBER)
    kinds = {
        slug: list(models.Session.history.filter(event__slug=slug).values_list("history_type"))
        for slug in (event.slug, copy.slug)
    }
    assert kinds == {"event": [("+",)] * 3, "again": [("+",)]}


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("desk", "The site itself uses the address “desk”. Choose another."),
        ("event", "“Event” has the address “event” already. Choose another."),
        (
            "next time",
            "Write the address with letters, digits and hyphens, such as odsc-laos-2021-11.",
        ),
        ("x" * 51, f"“{'x' * 51}” is too long for an address: at most 50 characters."),
    ],
)
def test_address_that_cannot_be_had_is_refused(slug: str, problem: str) -> None:
    event = full_event()
    with pytest.raises(CannotCopy) as refusal:
        copy_event(event=event, slug=slug, starts_on=NOVEMBER)
    assert (refusal.value.address, refusal.value.times) == (problem, ())
    assert (address_problem(slug), address_problem("free")) == (problem, "")
    assert Event.objects.count() == 1


def test_address_taken_between_the_look_and_the_write_is_refused() -> None:
    event = full_event()
    with pytest.raises(CannotCopy, match="has the address “event” already"):
        scheduling_copy_event._copy_event_row(event, event.slug, None)
    assert Event.objects.count() == 1


def test_event_without_workshops_is_refused() -> None:
    with pytest.raises(CannotCopy):
        copy_event(event=make.event_row(), slug="again", starts_on=NOVEMBER)
    assert Event.objects.count() == 1


def test_times_that_the_clock_skips_or_shows_twice_are_refused_by_name() -> None:
    event = make.event_row(zone="America/New_York")
    night = datetime(2021, 8, 4, 4, 0, tzinfo=UTC)  # 00:00 in New York
    workshop = make.workshop_row(event, starts_at=night, ends_at=night + timedelta(hours=5))
    for number, minutes in ((1, 60), (2, 90), (3, 150)):
        start = night + timedelta(minutes=minutes)
        make.session_row(
            workshop, number=number, starts_at=start, ends_at=start + timedelta(minutes=15)
        )
    before = rows(event)
    problems: dict[int, Any] = {}
    for on in (date(2021, 11, 7), date(2022, 3, 13)):
        with pytest.raises(CannotCopy) as refusal:
            copy_event(event=event, slug="again", starts_on=on)
        problems[on.month] = [
            (f"{problem.span.number} {problem.time.wall:%H:%M}", problem.time.is_skipped)
            for problem in refusal.value.times
        ]
    assert problems == {
        11: [("1 01:00", False), ("2 01:30", False)],
        3: [("3 02:30", True)],
    }
    assert (rows(event), Event.objects.count()) == (before, 1)


def test_session_that_would_end_before_it_starts_is_refused() -> None:
    event = make.event_row(zone="America/New_York")
    start = datetime(2021, 11, 7, 5, 30, tzinfo=UTC)  # 01:30, the first time
    workshop = make.workshop_row(event, starts_at=start, ends_at=start + timedelta(hours=6))
    make.session_row(workshop, starts_at=start, ends_at=start + timedelta(minutes=45))  # 01:15
    with pytest.raises(CannotCopy) as refusal:
        copy_event(event=event, slug="again", starts_on=date(2021, 11, 14))
    (problem,) = refusal.value.times
    zone = Zone("New York", event.zone)
    assert time_problem(problem, zone) == "“Leadership” would start at 01:30 and end at 01:15."
    same_day = copy_event(event=event, slug="again", starts_on=date(2021, 11, 7))
    assert same_day.sessions.get().starts_at == start


def test_suggested_address_is_dated_and_free() -> None:
    assert suggested_address("odsc-laos-2021", NOVEMBER) == "odsc-laos-2021-11"
    make.event_row("odsc-laos-2021-11")
    assert [
        suggested_address(slug, NOVEMBER)
        for slug in ("odsc-laos", "odsc-laos-2021-11", "odsc-laos-2020-06-2", "x" * 50)
    ] == [*["odsc-laos-2021-11-2"] * 3, f"{'x' * 42}-2021-11"]


@settings(deadline=None, max_examples=25)
@given(
    zone=st.sampled_from(
        ["America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Europe/London"]
    ),
    first=st.integers(0, 270 * 24),
    starts=st.lists(st.integers(0, 4 * 24 * 4), min_size=1, max_size=4),
    later=st.integers(-250, 400).filter(bool),
)
def test_copy_shows_the_same_clock_times_on_other_days(
    zone: str, first: int, starts: list[int], later: int
) -> None:
    start = datetime(2021, 3, 1, tzinfo=UTC) + timedelta(hours=first)
    event = full_event(f"event-{uuid.uuid4().hex[:8]}", zone=zone)
    own = Zone(zone, zone)
    workshop = event.workshops.get()
    workshop.starts_at, workshop.ends_at = start, start + timedelta(days=5)
    workshop.save()
    for quarter in starts:
        at = start + timedelta(minutes=15 * quarter)
        make.session_row(workshop, starts_at=at, ends_at=at + timedelta(minutes=45))
    draft = copied_agenda(get_draft(event))
    on = own.local(start).date() + timedelta(days=later)
    spans = [span for workshop in draft.workshops for span in (workshop, *workshop.sessions)]
    walls = [
        [own.local(at).replace(tzinfo=None) + timedelta(days=later) for at in times]
        for times in ((span.starts_at, span.ends_at) for span in spans)
    ]
    slug = f"copy-{uuid.uuid4().hex[:8]}"
    if unsure := [hours for hours in walls if not all(is_sure(wall, own) for wall in hours)]:
        with pytest.raises(CannotCopy) as refusal:
            copy_event(event=event, slug=slug, starts_on=on)
        assert len(refusal.value.times) >= len(unsure)
        assert not Event.objects.filter(slug=slug).exists()
    elif all(start < end for start, end in walls):
        copy = copy_event(event=event, slug=slug, starts_on=on)
        assert told(get_draft(copy)) == told(draft, later=later)
        assert uids(copy).isdisjoint(uids(event))


def is_sure(wall: datetime, zone: Zone) -> bool:
    """Whether a clock shows a time once."""
    return zone.info.utcoffset(wall) == zone.info.utcoffset(wall.replace(fold=1))
