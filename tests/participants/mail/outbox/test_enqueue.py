"""Into the outbox: all of a batch or none, never twice, and what is known afterwards."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from participants.mail.outbox.enqueue import CannotQueue, queue
from participants.mail.recipients import fingerprint
from participants.mail.snapshot import open_book
from participants.models import Letter, Participation, Person, SentEntry
from tests import make
from tests.mails import JOIN, delegate, on_list, publish, send, who, withdraw
from workshop.models import Event

pytestmark = pytest.mark.django_db

State = Participation.State


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    on_list(event)
    delegate(event)
    return event


def seen(event: Event, kind: str) -> str:
    return fingerprint(open_book(event, inviting=kind == "invitation"), kind)


def put(event: Event, kind: str, *people: str, mark: str) -> Any:
    return queue(event=event, kind=kind, people=people, seen=mark, now=make.at(8, day=2))


def written() -> tuple[int, int, int]:
    """Mails, entries, and places in a list that some mail has told of."""
    told = Participation.objects.exclude(told_release=None)
    return Letter.objects.count(), SentEntry.objects.count(), told.count()


def test_letter_holds_all_that_the_worker_needs(
    event: Event, organiser: User, settings: Any
) -> None:
    settings.SITE = "https://agenda.example.org:8443"
    Person.objects.filter(key="juny-kim").update(assistant_email="assistant@example.org")
    queued = queue(
        event=event,
        kind="invitation",
        people=["juny-kim"],
        seen=seen(event, "invitation"),
        now=make.at(8, day=2),
        by=organiser,
    )
    letter = Letter.objects.get()
    assert (queued.batch, queued.count) == (letter.batch, 1)
    assert {
        name: getattr(letter, name)
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
        "message_id": f"<{letter.uid}@agenda.example.org>",
        "made_at": make.at(8, day=2),
        "made_by": organiser,
        "subject": "Invitation: Peer-to-Peer Learning Regional Workshop on One-Door-Service "
        "Centers",
        "tries": 0,
        "reason": "panelist in Peer-to-Peer Learning Regional Workshop on One-Door-Service…",
    }
    assert [calendar.count("BEGIN:VEVENT") for calendar in letter.calendars] == [1] * 4


def test_invitation_lets_in_and_is_remembered(event: Event) -> None:
    send(event, "invitation", "dara-phommachanh", "juny-kim")
    places = Participation.objects.filter(person__key__in=("dara-phommachanh", "juny-kim"))
    assert {(place.state, place.told_release, place.told_join_version) for place in places} == {
        ("invited", 1, 0)
    }
    others = Participation.objects.exclude(pk__in=places)
    assert {(place.state, place.told_release) for place in others} == {("listed", None)}
    history: Any = Participation.history
    assert history.filter(state="invited").count() == 3


def test_only_who_was_on_the_list_is_invited(event: Event) -> None:
    morning = Participation.objects.get(
        person__key="dara-phommachanh", workshop__key="international"
    )
    morning.state = State.ACCEPTED
    morning.save()
    send(event, "invitation", "dara-phommachanh")
    places = Participation.objects.filter(person__key="dara-phommachanh")
    assert sorted(places.values_list("state", "told_release")) == [("accepted", 1), ("invited", 1)]


def test_joining_is_remembered_by_its_version(event: Event) -> None:
    send(event, "invitation", "dara-phommachanh")
    morning = event.workshops.get(key="international")
    morning.join_url = JOIN
    morning.save()
    send(event, "joining")
    places = Participation.objects.filter(person__key="dara-phommachanh")
    assert dict(places.values_list("workshop__key", "told_join_version")) == {
        "international": morning.join_version,
        "national": 0,
    }


def test_cancellation_is_remembered(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    send(event, "cancellation")
    place = Participation.objects.get(person__key="juny-kim")
    entries = SentEntry.objects.filter(person__key="juny-kim")
    assert (place.state, place.told_release) == ("withdrawn", None)
    assert set(entries.values_list("sequence", "is_cancelled")) == {(1, True)}


@pytest.mark.parametrize("kind", ["invitation", "reminder"])
def test_second_click_sends_nothing(event: Event, kind: str) -> None:
    if kind == "reminder":
        send(event, "invitation", "juny-kim")
    mark = seen(event, kind)
    put(event, kind, "juny-kim", mark=mark)
    before = written()
    with pytest.raises(CannotQueue, match="Something changed since this list was shown"):
        put(event, kind, "juny-kim", mark=mark)
    assert written() == before


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
    mark = seen(event, "invitation")
    change(event)
    with pytest.raises(CannotQueue, match="Nothing was sent; look once more"):
        put(event, "invitation", *who(event, "invitation"), mark=mark)
    assert written() == (0, 0, 0)


@pytest.mark.parametrize("chosen", [(), ("juny-kim", "nobody"), ("juny-kim", "debashis-nag")])
def test_nothing_is_sent_where_one_cannot_be(event: Event, chosen: tuple[str, ...]) -> None:
    with pytest.raises(CannotQueue, match=r"Nothing was sent\.$"):
        put(event, "invitation", *chosen, mark=seen(event, "invitation"))
    assert written() == (0, 0, 0)


def test_mark_of_one_kind_is_none_of_another(event: Event) -> None:
    send(event, "invitation")
    with pytest.raises(CannotQueue):
        put(event, "change", "juny-kim", mark=seen(event, "reminder"))


def test_all_or_nothing_where_the_database_refuses(event: Event, monkeypatch: Any) -> None:
    mark = seen(event, "invitation")
    monkeypatch.setattr(SentEntry._meta.get_field("sequence"), "get_db_prep_save", _broken)
    with pytest.raises(ZeroDivisionError):
        put(event, "invitation", "juny-kim", "abdul-aliyev", mark=mark)
    monkeypatch.undo()
    assert written() == (0, 0, 0)


def _broken(*_args: Any, **_options: Any) -> int:
    return 1 // 0


@pytest.mark.parametrize("people", [1, 3])
def test_each_mail_takes_only_the_queries_of_its_row_in_the_list(
    event: Event, people: int, django_assert_num_queries: Any
) -> None:
    chosen = ("juny-kim", "abdul-aliyev", "james-buyekane")[:people]
    mark = seen(event, "invitation")
    with django_assert_num_queries(28 + 2 * people):
        put(event, "invitation", *chosen, mark=mark)
