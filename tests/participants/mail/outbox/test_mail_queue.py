"""The outbox: claimed once, not too fast, tried again with patience, and never twice by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from participants.mail.outbox import mail_queue
from participants.mail.outbox.mail_queue import CannotSend, Progress, State
from participants.models import Letter
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db

NOW = make.at(9)


@pytest.fixture
def event(db: None) -> Event:
    return make.event_row()


def claimed(now: Any = NOW, worker: str = "one") -> Letter:
    letter = mail_queue.claim_next(worker=worker, now=now)
    assert letter is not None
    return letter


def told(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.error


def test_claim_takes_each_mail_once_the_oldest_first(event: Event) -> None:
    second = make.letter_row(event, "Second")
    first = make.letter_row(event, "First", made_at=make.at(7))
    make.letter_row(event, "Later", not_before=NOW + timedelta(seconds=1))
    assert [claimed(worker="one"), claimed(worker="two")] == [first, second]
    assert mail_queue.claim_next(worker="one", now=NOW) is None
    first.refresh_from_db()
    assert (first.state, first.claimed_by, first.claimed_at, first.tries) == (
        State.SENDING,
        "one",
        NOW,
        1,
    )


def test_claims_are_so_many_a_minute_as_the_rows_tell(event: Event, settings: Any) -> None:
    settings.MAILS_A_MINUTE = 2
    for name in ("One", "Two", "Three"):
        make.letter_row(event, name)
    mail_queue.mark_sent(letter=claimed(), now=NOW)
    mail_queue.mark_failed(letter=claimed(NOW + timedelta(seconds=30)), error="No.")
    assert mail_queue.claim_next(worker="one", now=NOW + timedelta(seconds=59)) is None
    assert claimed(NOW + timedelta(seconds=60)).tries == 1
    settings.MAILS_A_MINUTE = 0
    make.letter_row(event, "Four")
    assert claimed(NOW + timedelta(seconds=60)).tries == 1


def test_failure_for_now_waits_longer_each_time_and_ends(event: Event) -> None:
    letter, now, waits = make.letter_row(event), NOW, []
    while letter.state == State.WAITING:
        letter = claimed(now)
        retry_at = mail_queue.next_try(letter, now)
        mail_queue.mark_failed(letter=letter, error="451 Later", retry_at=retry_at)
        if retry_at:
            waits.append((retry_at - now).total_seconds() / 60)
            assert mail_queue.claim_next(worker="one", now=retry_at - timedelta(seconds=1)) is None
            now = retry_at
        letter.refresh_from_db()
    assert (waits, letter.tries) == ([1, 5, 15, 60, 240], 6)
    assert told(letter) == (State.FAILED, "451 Later")


def test_mail_of_a_dead_worker_is_unknown_and_stays_so(event: Event) -> None:
    mine, others = make.letter_row(event, "A"), make.letter_row(event, "B")
    assert [claimed(worker="one"), claimed(worker="two")] == [mine, others]
    assert mail_queue.put_aside_unfinished(now=NOW + timedelta(minutes=4)) == ()
    assert mail_queue.put_aside_unfinished(now=NOW, worker="one") == (mine.pk,)
    assert mail_queue.put_aside_unfinished(now=NOW + mail_queue.LEASE) == (others.pk,)
    assert told(mine) == told(others)
    assert told(mine)[0] == State.UNKNOWN
    assert mail_queue.claim_next(worker="one", now=NOW + timedelta(days=1)) is None


def test_organiser_decides_on_an_unknown_mail(event: Event) -> None:
    for name in ("Arrived", "Lost"):
        make.letter_row(event, name)
    arrived, lost = claimed(), claimed()
    mail_queue.put_aside_unfinished(now=NOW, worker="one")
    mail_queue.count_as_sent(letter=arrived)
    mail_queue.send_again(letter=lost)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.sent_at) == (State.SENT, NOW)
    again = claimed(NOW + timedelta(minutes=1))
    assert (again, again.message_id, again.tries) == (lost, lost.message_id, 1)


@pytest.mark.parametrize(
    "decide", [mail_queue.send_again, mail_queue.count_as_sent, mail_queue.retry]
)
def test_mail_that_waits_or_was_sent_is_not_decided_on(
    event: Event, decide: Callable[..., Letter]
) -> None:
    make.letter_row(event)
    letter = claimed()
    with pytest.raises(CannotSend, match="The mail to Juny Kim is “being sent” by now"):
        decide(letter=letter)
    mail_queue.mark_sent(letter=letter, now=NOW)
    with pytest.raises(CannotSend):
        decide(letter=letter)
    assert told(letter) == (State.SENT, "")


def test_slow_worker_that_was_given_up_still_reports(event: Event) -> None:
    for name in ("A", "B", "C"):
        make.letter_row(event, name)
    sent, failed, meanwhile = claimed(), claimed(), claimed()
    mail_queue.put_aside_unfinished(now=NOW + mail_queue.LEASE)
    mail_queue.send_again(letter=meanwhile)
    mail_queue.mark_sent(letter=sent, now=NOW)
    mail_queue.mark_failed(letter=failed, error="550 No")
    mail_queue.mark_sent(letter=meanwhile, now=NOW)
    assert [told(each) for each in (sent, failed, meanwhile)] == [
        (State.SENT, ""),
        (State.FAILED, "550 No"),
        (State.SENT, ""),
    ]


def test_report_of_an_older_claim_changes_nothing(event: Event) -> None:
    make.letter_row(event)
    old = claimed()
    mail_queue.put_aside_unfinished(now=NOW, worker="one")
    mail_queue.send_again(letter=old)
    new = claimed(NOW + timedelta(minutes=2), worker="two")
    mail_queue.mark_failed(letter=old, error="550 No")
    assert told(new) == (State.SENDING, "")


def test_retry_goes_to_the_address_that_the_person_has_now(event: Event) -> None:
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Welcome\r\n"
        "ATTENDEE;CN=Juny Kim;RSVP=FALSE:mailto:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    letter = make.letter_row(event)
    Letter.objects.update(calendars=[calendar.format(letter.to)])
    mail_queue.mark_bounced(letter=claimed(), error="550 Nobody here")
    person = letter.person
    person.email, person.assistant_email = "juny@example.com", "desk@example.com"
    person.save()
    mail_queue.retry(letter=letter)
    again = claimed(NOW + timedelta(minutes=1))
    assert (again.to, again.copy_to, again.calendars, again.error) == (
        "juny@example.com",
        "desk@example.com",
        [calendar.format("juny@example.com")],
        "",
    )
    person.email = ""
    person.save()
    mail_queue.mark_failed(letter=again, error="554 No")
    with pytest.raises(CannotSend, match="Juny Kim has no e-mail address any more"):
        mail_queue.retry(letter=letter)


def test_stopped_batch_sends_nothing_more(event: Event) -> None:
    in_hand, waiting = make.letter_row(event, "A"), make.letter_row(event, "B")
    other = make.letter_row(event, "C", batch=make.uid("other"))
    assert claimed() == in_hand
    assert mail_queue.stop(batch=in_hand.batch) == 1
    in_hand.refresh_from_db()
    mail_queue.mark_failed(letter=claimed(), error="451 Later", retry_at=NOW)
    mail_queue.mark_failed(letter=in_hand, error="451 Later", retry_at=NOW)
    assert [told(each)[0] for each in (in_hand, waiting, other)] == [
        State.STOPPED,
        State.STOPPED,
        State.WAITING,
    ]


def test_progress_counts_a_batch_and_an_event(event: Event, django_assert_num_queries: Any) -> None:
    for name, state in (("A", "sent"), ("B", "sent"), ("C", "unknown"), ("D", "bounced")):
        make.letter_row(event, name, state=state)
    make.letter_row(event, "E", batch=make.uid("other"))
    make.letter_row(make.event_row("elsewhere"), "F")
    with django_assert_num_queries(2):
        batch, whole = mail_queue.progress(make.uid("other")), mail_queue.progress(event)
    assert batch == Progress(waiting=1)
    assert whole == Progress(waiting=1, sent=2, unknown=1, bounced=1)
    assert (whole.total, whole.is_over, batch.is_over) == (5, False, False)
    assert Progress(sent=2, unknown=1).is_over


def test_mail_is_held_back_from_whoever_left_a_list_since(db: None) -> None:
    letter = make.letter_row(make.event_row(), kind="joining")
    place = make.participation_row(letter.person, make.workshop_row(letter.event))
    place.state = "withdrawn"
    place.save()
    assert mail_queue.claim_next(worker="one", now=make.at(20)) is None
    letter.refresh_from_db()
    assert (letter.state, letter.error[:31]) == ("stopped", "Its reader has left a list sinc")


def test_older_mail_never_goes_after_a_newer_one(db: None) -> None:
    older = make.letter_row(make.event_row(), not_before=make.at(20), made_at=make.at(8))
    newer = make.letter_row(
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


def test_mails_written_one_after_the_other_go_in_that_order(db: None) -> None:
    older = make.letter_row(make.event_row(), made_at=make.at(8))
    newer = make.letter_row(
        older.event,
        person=older.person,
        made_at=make.at(9),
        kind="joining",
        message_id="newer@example.org",
    )
    claimed = [mail_queue.claim_next(worker="one", now=make.at(10)) for _ in range(3)]
    assert claimed == [older, newer, None]


def test_mail_goes_to_the_address_that_its_reader_has_by_then(db: None) -> None:
    letter = make.letter_row(make.event_row())
    letter.person.email = "new@example.org"
    letter.person.save()
    claimed = mail_queue.claim_next(worker="one", now=make.at(10))
    assert claimed is not None
    assert claimed.to == "new@example.org"
