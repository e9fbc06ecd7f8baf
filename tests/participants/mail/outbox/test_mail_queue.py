"""Mail queue: single claims, rate limit, retries, and decisions of organisers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from participants.mail.outbox import mail_queue
from participants.mail.outbox.mail_queue import CannotSend, Progress, State
from participants.models import OutgoingMail
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db

NOW = make.at(9)


@pytest.fixture
def event(db: None) -> Event:
    return make.event_row()


def claimed(now: Any = NOW, worker: str = "one") -> OutgoingMail:
    mail = mail_queue.claim_next(worker=worker, now=now)
    assert mail is not None
    return mail


def state_and_error(mail: OutgoingMail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.state, mail.error


def test_claim_takes_each_mail_once_the_oldest_first(event: Event) -> None:
    second = make.outgoing_mail_row(event, "Second")
    first = make.outgoing_mail_row(event, "First", made_at=make.at(7))
    make.outgoing_mail_row(event, "Later", not_before=NOW + timedelta(seconds=1))
    assert [claimed(worker="one"), claimed(worker="two")] == [first, second]
    assert mail_queue.claim_next(worker="one", now=NOW) is None
    first.refresh_from_db()
    assert (first.state, first.claimed_by, first.claimed_at, first.tries) == (
        State.SENDING,
        "one",
        NOW,
        1,
    )


def test_claims_are_limited_per_minute(event: Event, settings: Any) -> None:
    settings.MAILS_A_MINUTE = 2
    for name in ("One", "Two", "Three"):
        make.outgoing_mail_row(event, name)
    mail_queue.mark_sent(mail=claimed(), now=NOW)
    mail_queue.mark_failed(mail=claimed(NOW + timedelta(seconds=30)), error="No.")
    assert mail_queue.claim_next(worker="one", now=NOW + timedelta(seconds=59)) is None
    assert claimed(NOW + timedelta(seconds=60)).tries == 1
    settings.MAILS_A_MINUTE = 0
    make.outgoing_mail_row(event, "Four")
    assert claimed(NOW + timedelta(seconds=60)).tries == 1


def test_temporary_failure_waits_longer_each_time_and_ends(event: Event) -> None:
    mail, now, waits = make.outgoing_mail_row(event), NOW, []
    while mail.state == State.WAITING:
        mail = claimed(now)
        retry_at = mail_queue.next_try(mail, now)
        mail_queue.mark_failed(mail=mail, error="451 Later", retry_at=retry_at)
        if retry_at:
            waits.append((retry_at - now).total_seconds() / 60)
            assert mail_queue.claim_next(worker="one", now=retry_at - timedelta(seconds=1)) is None
            now = retry_at
        mail.refresh_from_db()
    assert (waits, mail.tries) == ([1, 5, 15, 60, 240], 6)
    assert state_and_error(mail) == (State.FAILED, "451 Later")


def test_mail_of_a_dead_worker_stays_unknown(event: Event) -> None:
    mine, others = make.outgoing_mail_row(event, "A"), make.outgoing_mail_row(event, "B")
    assert [claimed(worker="one"), claimed(worker="two")] == [mine, others]
    assert mail_queue.mark_abandoned_unknown(dead_workers=(), now=NOW + timedelta(minutes=4)) == ()
    assert mail_queue.mark_abandoned_unknown(dead_workers=["one"], now=NOW) == (mine.pk,)
    assert mail_queue.mark_abandoned_unknown(dead_workers=(), now=NOW + mail_queue.LEASE) == (
        others.pk,
    )
    assert state_and_error(mine) == state_and_error(others)
    assert state_and_error(mine)[0] == State.UNKNOWN
    assert mail_queue.claim_next(worker="one", now=NOW + timedelta(days=1)) is None


def test_organiser_decides_on_an_unknown_mail(event: Event) -> None:
    for name in ("Arrived", "Lost"):
        make.outgoing_mail_row(event, name)
    arrived, lost = claimed(), claimed()
    mail_queue.mark_abandoned_unknown(dead_workers=["one"], now=NOW)
    mail_queue.count_as_sent(mail=arrived)
    mail_queue.send_again(mail=lost)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.sent_at) == (State.SENT, NOW)
    again = claimed(NOW + timedelta(minutes=1))
    assert (again, again.message_id, again.tries) == (lost, lost.message_id, 1)


@pytest.mark.parametrize(
    "decide", [mail_queue.send_again, mail_queue.count_as_sent, mail_queue.retry]
)
def test_only_unknown_or_failed_mails_are_decided_on(
    event: Event, decide: Callable[..., OutgoingMail]
) -> None:
    make.outgoing_mail_row(event)
    mail = claimed()
    with pytest.raises(CannotSend, match="The e-mail to Juny Kim is now “being sent”"):
        decide(mail=mail)
    mail_queue.mark_sent(mail=mail, now=NOW)
    with pytest.raises(CannotSend):
        decide(mail=mail)
    assert state_and_error(mail) == (State.SENT, "")


def test_result_of_a_slow_worker_is_still_recorded(event: Event) -> None:
    for name in ("A", "B", "C"):
        make.outgoing_mail_row(event, name)
    sent, failed, meanwhile = claimed(), claimed(), claimed()
    mail_queue.mark_abandoned_unknown(dead_workers=(), now=NOW + mail_queue.LEASE)
    mail_queue.send_again(mail=meanwhile)
    mail_queue.mark_sent(mail=sent, now=NOW)
    mail_queue.mark_failed(mail=failed, error="550 No")
    mail_queue.mark_sent(mail=meanwhile, now=NOW)
    assert [state_and_error(mail) for mail in (sent, failed, meanwhile)] == [
        (State.SENT, ""),
        (State.FAILED, "550 No"),
        (State.SENT, ""),
    ]


def test_result_of_an_older_claim_is_ignored(event: Event) -> None:
    make.outgoing_mail_row(event)
    old = claimed()
    mail_queue.mark_abandoned_unknown(dead_workers=["one"], now=NOW)
    mail_queue.send_again(mail=old)
    new = claimed(NOW + timedelta(minutes=2), worker="two")
    mail_queue.mark_failed(mail=old, error="550 No")
    assert state_and_error(new) == (State.SENDING, "")


def test_retry_is_sent_to_the_current_address(event: Event) -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Welcome\r\n"
        "ATTENDEE;CN=Juny Kim;RSVP=FALSE:mailto:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = make.outgoing_mail_row(event)
    OutgoingMail.objects.update(calendars=[calendar.format(mail.to)])
    mail_queue.mark_bounced(mail=claimed(), error="550 Nobody here")
    person = mail.person
    person.email, person.assistant_email = "juny@example.com", "desk@example.com"
    person.save()
    mail_queue.retry(mail=mail)
    again = claimed(NOW + timedelta(minutes=1))
    assert (again.to, again.copy_to, again.calendars, again.error) == (
        "juny@example.com",
        "desk@example.com",
        [calendar.format("juny@example.com")],
        "",
    )
    person.email = ""
    person.save()
    mail_queue.mark_failed(mail=again, error="554 No")
    with pytest.raises(CannotSend, match="Juny Kim has no e-mail address any more"):
        mail_queue.retry(mail=mail)


def test_stopped_batch_sends_nothing_more(event: Event) -> None:
    claimed_mail, waiting = make.outgoing_mail_row(event, "A"), make.outgoing_mail_row(event, "B")
    other = make.outgoing_mail_row(event, "C", batch=make.uid("other"))
    assert claimed() == claimed_mail
    assert mail_queue.stop(batch=claimed_mail.batch) == 1
    claimed_mail.refresh_from_db()
    mail_queue.mark_failed(mail=claimed(), error="451 Later", retry_at=NOW)
    mail_queue.mark_failed(mail=claimed_mail, error="451 Later", retry_at=NOW)
    assert [state_and_error(mail)[0] for mail in (claimed_mail, waiting, other)] == [
        State.STOPPED,
        State.STOPPED,
        State.WAITING,
    ]


def test_progress_counts_a_batch_and_an_event(event: Event, django_assert_num_queries: Any) -> None:
    for name, state in (("A", "sent"), ("B", "sent"), ("C", "unknown"), ("D", "bounced")):
        make.outgoing_mail_row(event, name, state=state)
    make.outgoing_mail_row(event, "E", batch=make.uid("other"))
    make.outgoing_mail_row(make.event_row("elsewhere"), "F")
    with django_assert_num_queries(2):
        batch, event_progress = mail_queue.progress(make.uid("other")), mail_queue.progress(event)
    assert batch == Progress(waiting=1)
    assert event_progress == Progress(waiting=1, sent=2, unknown=1, bounced=1)
    assert (event_progress.total, event_progress.is_finished, batch.is_finished) == (
        5,
        False,
        False,
    )
    assert Progress(sent=2, unknown=1).is_finished


def test_mail_is_stopped_if_its_recipient_left_a_list(db: None) -> None:
    mail = make.outgoing_mail_row(make.event_row(), kind="joining")
    place = make.participation_row(mail.person, make.workshop_row(mail.event))
    place.state = "withdrawn"
    place.save()
    assert mail_queue.claim_next(worker="one", now=make.at(20)) is None
    mail.refresh_from_db()
    assert (mail.state, mail.error[:31]) == ("stopped", "Its recipient has left a list s")


def test_older_mail_never_goes_after_a_newer_one(db: None) -> None:
    older = make.outgoing_mail_row(make.event_row(), not_before=make.at(20), made_at=make.at(8))
    newer = make.outgoing_mail_row(
        older.event,
        person=older.person,
        made_at=make.at(9),
        kind="cancellation",
        message_id="newer@example.org",
    )
    claimed = mail_queue.claim_next(worker="one", now=make.at(10))
    assert claimed == newer
    assert mail_queue.claim_next(worker="one", now=make.at(21)) is None
    older.refresh_from_db()
    assert older.state == "stopped"


def test_mails_to_one_person_are_sent_in_order(db: None) -> None:
    older = make.outgoing_mail_row(make.event_row(), made_at=make.at(8))
    newer = make.outgoing_mail_row(
        older.event,
        person=older.person,
        made_at=make.at(9),
        kind="joining",
        message_id="newer@example.org",
    )
    claimed = [mail_queue.claim_next(worker="one", now=make.at(10)) for _ in range(3)]
    assert claimed == [older, newer, None]


def test_mail_is_sent_to_the_current_address(db: None) -> None:
    mail = make.outgoing_mail_row(make.event_row())
    mail.person.email = "new@example.org"
    mail.person.save()
    claimed = mail_queue.claim_next(worker="one", now=make.at(10))
    assert claimed is not None
    assert claimed.to == "new@example.org"
