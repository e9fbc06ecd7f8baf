"""Enqueueing: all of a batch or none, never twice, and what is recorded as sent."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from participants.mail.outbox import enqueue
from participants.models import OutgoingMail, Participation, Person, SentEntry
from tests import make
from tests.mails import (
    JOIN,
    add_delegate,
    add_panelists,
    publish,
    recipient_reasons,
    send,
    withdraw,
)
from workshop.editing.plans import PlanChanged
from workshop.models import Event

pytestmark = pytest.mark.django_db

State = Participation.State


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    add_delegate(event)
    return event


def current_fingerprint(event: Event, kind: str) -> str:
    return enqueue.plan(event, kind).fingerprint


def enqueue_mails(event: Event, kind: str, *people: str, expected: str) -> Any:
    return enqueue.apply(event, kind, people=people, fingerprint=expected, now=make.at(8, day=2))


def row_counts() -> tuple[int, int, int]:
    """Number of e-mails, sent entries, and participations with a sent release."""
    informed = Participation.objects.exclude(told_release=None)
    return OutgoingMail.objects.count(), SentEntry.objects.count(), informed.count()


def test_mail_has_all_data_for_the_worker(event: Event, organiser: User, settings: Any) -> None:
    settings.SITE = "https://agenda.example.org:8443"
    Person.objects.filter(key="juny-kim").update(assistant_email="assistant@example.org")
    batch = enqueue.apply(
        event,
        "invitation",
        people=["juny-kim"],
        fingerprint=current_fingerprint(event, "invitation"),
        now=make.at(8, day=2),
        made_by=organiser,
    )
    mail = OutgoingMail.objects.get()
    assert (batch.batch, batch.count) == (mail.batch, 1)
    assert {
        name: getattr(mail, name)
        for name in (
            *("kind", "to", "copy_to", "language", "state", "with_briefing", "message_id"),
            *("made_at", "made_by", "subject", "tries", "reason"),
        )
    } == {
        "kind": "invitation",
        "to": "juny-kim@example.org",
        "copy_to": "assistant@example.org",
        "language": "en",
        "state": "waiting",
        "with_briefing": True,
        "message_id": f"<{mail.uid}@agenda.example.org>",
        "made_at": make.at(8, day=2),
        "made_by": organiser,
        "subject": "Invitation: Peer-to-Peer Learning Regional Workshop on One-Door-Service "
        "Centers",
        "tries": 0,
        "reason": "panelist in Peer-to-Peer Learning Regional Workshop on One-Door-Service…",
    }
    assert [calendar.count("BEGIN:VEVENT") for calendar in mail.calendars] == [1] * 4


def test_invitation_changes_the_state_and_is_recorded(event: Event) -> None:
    send(event, "invitation", "dara-phommachanh", "juny-kim")
    participations = Participation.objects.filter(person__key__in=("dara-phommachanh", "juny-kim"))
    assert {
        (participation.state, participation.told_release, participation.told_join_version)
        for participation in participations
    } == {("invited", 1, 0)}
    others = Participation.objects.exclude(pk__in=participations)
    assert {(participation.state, participation.told_release) for participation in others} == {
        ("listed", None)
    }
    history: Any = Participation.history
    assert history.filter(state="invited").count() == 3


def test_only_listed_people_become_invited(event: Event) -> None:
    morning = Participation.objects.get(
        person__key="dara-phommachanh", workshop__key="international"
    )
    morning.state = State.ACCEPTED
    morning.save()
    send(event, "invitation", "dara-phommachanh")
    participations = Participation.objects.filter(person__key="dara-phommachanh")
    assert sorted(participations.values_list("state", "told_release")) == [
        ("accepted", 1),
        ("invited", 1),
    ]


def test_join_version_is_recorded(event: Event) -> None:
    send(event, "invitation", "dara-phommachanh")
    morning = event.workshops.get(key="international")
    morning.join_url = JOIN
    morning.save()
    send(event, "joining")
    participations = Participation.objects.filter(person__key="dara-phommachanh")
    assert dict(participations.values_list("workshop__key", "told_join_version")) == {
        "international": morning.join_version,
        "national": 0,
    }


def test_cancellation_is_recorded(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    send(event, "cancellation")
    participation = Participation.objects.get(person__key="juny-kim")
    entries = SentEntry.objects.filter(person__key="juny-kim")
    assert (participation.state, participation.told_release) == ("withdrawn", None)
    assert set(entries.values_list("sequence", "is_cancelled")) == {(1, True)}


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_second_click_sends_nothing(event: Event, kind: str) -> None:
    if kind == "reminder":
        send(event, "invitation", "juny-kim")
    expected = current_fingerprint(event, kind)
    enqueue_mails(event, kind, "juny-kim", expected=expected)
    before = row_counts()
    with pytest.raises(PlanChanged):
        enqueue_mails(event, kind, "juny-kim", expected=expected)
    assert row_counts() == before


def publish_another(event: Event) -> None:
    event.title_en = "Another title"
    event.save()
    publish(event)


def reply(event: Event) -> None:
    Participation.objects.filter(person__key="juny-kim").update(state=State.DECLINED)


def move_mailbox(event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(email="new@example.org")


def list_another(event: Event) -> None:
    person = make.person_row("Ana Ng", email="ana@example.org")
    make.participation_row(person, event.workshops.first(), "listed")


def close(event: Event) -> None:
    event.workshops.update(readership="those_let_in")
    Participation.objects.filter(workshop__key="national").update(state=State.WITHDRAWN)


def set_link(event: Event) -> None:
    workshop = event.workshops.first()
    workshop.join_url = JOIN
    workshop.save()


@pytest.mark.parametrize(
    "change", [publish_another, reply, move_mailbox, list_another, close, set_link]
)
def test_list_that_changed_meanwhile_is_refused(event: Event, change: Any) -> None:
    expected = current_fingerprint(event, "invitation")
    change(event)
    with pytest.raises(PlanChanged):
        enqueue_mails(
            event, "invitation", *recipient_reasons(event, "invitation"), expected=expected
        )
    assert row_counts() == (0, 0, 0)


@pytest.mark.parametrize("chosen", [(), ("juny-kim", "nobody"), ("juny-kim", "debashis-nag")])
def test_nothing_is_sent_if_one_person_cannot_get_it(event: Event, chosen: tuple[str, ...]) -> None:
    with pytest.raises(PlanChanged):
        enqueue_mails(
            event, "invitation", *chosen, expected=current_fingerprint(event, "invitation")
        )
    assert row_counts() == (0, 0, 0)


def test_fingerprint_of_another_kind_is_refused(event: Event) -> None:
    send(event, "invitation")
    with pytest.raises(PlanChanged):
        enqueue_mails(event, "change", "juny-kim", expected=current_fingerprint(event, "reminder"))


def test_nothing_is_written_if_the_database_refuses(event: Event, monkeypatch: Any) -> None:
    expected = current_fingerprint(event, "invitation")
    monkeypatch.setattr(SentEntry._meta.get_field("sequence"), "get_db_prep_save", _broken)
    with pytest.raises(ZeroDivisionError):
        enqueue_mails(event, "invitation", "juny-kim", "abdul-aliyev", expected=expected)
    monkeypatch.undo()
    assert row_counts() == (0, 0, 0)


def _broken(*_args: Any, **_options: Any) -> int:
    return 1 // 0


@pytest.mark.parametrize("people", [1, 3])
def test_enqueue_takes_two_queries_for_each_person(
    event: Event, people: int, django_assert_num_queries: Any
) -> None:
    chosen = ("juny-kim", "abdul-aliyev", "james-buyekane")[:people]
    expected = current_fingerprint(event, "invitation")
    with django_assert_num_queries(28 + 2 * people):
        enqueue_mails(event, "invitation", *chosen, expected=expected)
