"""Services of publishing: numbered releases of the rows, and their restore."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from participants.access.levels import Level, Viewer
from participants.models import Person
from sessions_app import models
from sessions_app.checks.findings import Finding, SplitMove
from sessions_app.publishing import services
from sessions_app.publishing.queries import full_agenda, get_draft, get_published
from tests import make
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

NOW = make.at(8)


def publish(event: Event, **options: Any) -> tuple[models.Release, bool]:
    return services.publish(event=event, now=NOW, **options)


def published(event: Event) -> Any:
    reads = frozenset(Workshop.objects.values_list("uid", flat=True))
    return get_published(event.slug, Viewer(readable_workshops=reads, level=Level.ORGANISER))


def test_publish_makes_a_release_that_readers_see() -> None:
    event = make.event_row()
    make.session_row(make.workshop_row(event))
    release, is_new = publish(event, note="First")
    assert (release.number, release.made_at, release.note, is_new) == (1, NOW, "First", True)
    assert published(event) == get_draft(event)
    assert (published(event).release, published(event).released_at) == (1, NOW)


def test_publish_of_identical_rows_makes_no_release() -> None:
    event = make.event_row()
    make.session_row(make.workshop_row(event))
    publish(event)
    assert publish(event) == (models.Release.objects.get(), False)


def test_publish_shows_edits_only_afterwards() -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    publish(event)
    session.title_en = "Coordination"
    session.save()
    assert [str(session.title) for session in published(event).sessions()] == ["Leadership"]
    assert publish(event)[0].number == 2
    assert [str(session.title) for session in published(event).sessions()] == ["Coordination"]


def test_publish_of_chosen_workshops_carries_the_others_over() -> None:
    event = make.event_row()
    person = make.person_row("Juny Kim", position_en="Director")
    rows = {}
    for key, hour in (("morning", 9), ("afternoon", 14)):
        workshop = make.workshop_row(event, key, starts_at=make.at(hour), ends_at=make.at(hour + 1))
        rows[key] = make.session_row(
            workshop, title_en=key, starts_at=make.at(hour), ends_at=make.at(hour, 30)
        )
    make.appearance_row(person, session=rows["afternoon"])
    publish(event)
    for session in rows.values():
        session.title_en += " edited"
        session.save()
    Person.objects.update(position="Minister", position_en="Minister")
    publish(event, workshops={rows["morning"].workshop_id})
    assert [str(session.title) for session in published(event).sessions()] == [
        "morning edited",
        "afternoon",
    ]
    assert [str(person.position) for person in published(event).people] == ["Director"]
    assert publish(event, workshops={rows["morning"].workshop_id})[1] is False


def test_publish_of_a_part_takes_the_same_queries_as_of_all() -> None:
    event = make.event_row()
    morning, afternoon = (make.workshop_row(event, key) for key in ("morning", "afternoon"))
    make.session_row(afternoon)
    session = make.session_row(morning)
    publish(event)
    counts = []
    for number, workshops in enumerate((None, {morning.uid})):
        session.title_en = f"Coordination {number}"
        session.save()
        with CaptureQueriesContext(connection) as captured:
            assert publish(event, workshops=workshops)[1] is True
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_publish_of_one_workshop_first_leaves_the_other_unpublished() -> None:
    event = make.event_row()
    morning, afternoon = (make.workshop_row(event, key) for key in ("morning", "afternoon"))
    make.session_row(afternoon)
    publish(event, workshops={morning.uid})
    assert [workshop.key for workshop in published(event).workshops] == ["morning"]


def test_restore_writes_an_old_release_back_and_publishes_it(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    first = models.Release.objects.get()
    before = full_agenda(first)
    _wreck(event)
    assert publish(event)[0].number == 2
    restored, is_new = services.restore(release=first, now=NOW)
    assert (restored.number, is_new) == (3, True)
    assert full_agenda(restored) == before
    assert get_draft(event) == before


def test_restore_keeps_data_that_no_release_holds(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    first = models.Release.objects.get()
    Workshop.objects.filter(key="national").update(
        join_url="https://example.org/j", readership="everyone"
    )
    models.Session.objects.filter(key="session-1").update(staff_note="Call the minister")
    _wreck(event)
    publish(event)
    services.restore(release=first, now=NOW)
    national = Workshop.objects.get(key="national")
    assert (national.join_url, national.readership) == ("https://example.org/j", "everyone")
    assert models.Session.objects.get(key="session-1").staff_note == "Call the minister"
    assert Person.objects.get(key="bokyun-shim").email == "bokyun.shim@un.org"


def test_restore_cancels_published_sessions_and_deletes_unpublished_ones() -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    make.session_row(workshop, title_en="Old")
    first, _ = publish(event)
    make.session_row(workshop, title_en="Announced", starts_at=make.at(10), ends_at=make.at(11))
    publish(event)
    make.session_row(workshop, title_en="Unseen", starts_at=make.at(12), ends_at=make.at(13))
    services.restore(release=first, now=NOW)
    assert [(str(session.title), session.status) for session in published(event).sessions()] == [
        ("Old", "confirmed"),
        ("Announced", "cancelled"),
    ]


def test_restore_reads_only_the_release_and_the_newest_one() -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    make.session_row(workshop, title_en="Old")
    first, _ = publish(event)
    removed = make.session_row(workshop, starts_at=make.at(10), ends_at=make.at(11))
    publish(event)
    for dropped_at in (NOW, None):
        removed.dropped_at = dropped_at
        removed.save()
        if dropped_at:
            publish(event)
    models.Release.objects.filter(number=2).update(agenda="")
    services.restore(release=first, now=NOW)
    removed.refresh_from_db()
    assert (removed.status, removed.dropped_at) == ("cancelled", None)


def test_restore_of_the_newest_release_makes_no_release(programme: str) -> None:
    newest = models.Release.objects.get()
    assert services.restore(release=newest, now=NOW) == (newest, False)


def test_release_number_is_left_out_of_the_comparison() -> None:
    assert make.agenda(release=1) == replace(make.agenda(release=1), release=2)


def _wreck(event: Event) -> None:
    """Change something of every kind of row."""
    Event.objects.filter(pk=event.pk).update(title="Other", title_en="Other", zone="Asia/Seoul")
    event.display_zones.filter(label="KST").delete()
    event.about_sections.first().delete()
    Person.objects.filter(key="juny-kim").update(full_name_en="Nobody", position_en="None")
    panel = models.Session.objects.get(event=event, key="session-3")
    panel.question_blocks.first().delete()
    panel.appearances.first().delete()
    panel.title_en = "Wrecked"
    panel.save()
    models.Session.objects.filter(key="session-4").update(dropped_at=NOW)
    models.Presentation.objects.first().delete()
    models.Session.objects.filter(key="break").update(status="cancelled")
    Workshop.objects.filter(key="international").update(place_en="Elsewhere")


def test_publish_is_refused_while_a_chosen_workshop_has_an_error() -> None:
    event = make.event_row()
    morning = make.workshop_row(event)
    make.session_row(morning)
    late = {"starts_at": make.at(14), "ends_at": make.at(15)}
    afternoon = make.workshop_row(event, "national", **late)
    outside = make.session_row(
        afternoon, title_en="Late", starts_at=make.at(16), ends_at=make.at(17)
    )
    with pytest.raises(services.CannotPublish) as refused:
        publish(event)
    (error,) = refused.value.errors
    assert isinstance(error, Finding)
    assert (error.code, error.sessions) == ("outside_window", (outside.key,))
    assert models.Release.objects.count() == 0
    assert publish(event, workshops={morning.uid})[1] is True


def test_session_moved_between_workshops_needs_both_published_together() -> None:
    event = make.event_row()
    first, second = (make.workshop_row(event, key) for key in ("first", "second"))
    session = make.session_row(first)
    publish(event)
    session.workshop = second
    session.save()
    for half in (first, second):
        with pytest.raises(services.CannotPublish) as refused:
            publish(event, workshops={half.uid})
        move = refused.value.errors[0]
        assert isinstance(move, SplitMove)
        assert (move.session.uid, move.released_in.uid, move.workshop.uid) == (
            *(session.uid, first.uid, second.uid),
        )
    assert publish(event)[1] is True
