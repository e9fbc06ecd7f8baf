"""Sending of queued e-mails with a real mail server: refused, delayed, lost.

Killed and stopped workers: tests/workshop/ops/test_task_queues.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from participants.mail.outbox.mail_queue import State
from participants.mail.outbox.mail_tasks import QUEUE
from participants.models import OutgoingMail
from tests import make
from tests.smtp_server import SmtpServer
from workshop.ops import task_queues


@pytest.fixture
def office() -> Iterator[SmtpServer]:
    with SmtpServer() as opened:
        yield opened


@pytest.fixture
def send(office: SmtpServer, settings: Any, db: None) -> Callable[[], None]:
    """Send what is due, by SMTP."""
    settings.EMAIL_BACKEND = "participants.mail.outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    return lambda: task_queues.run_due([QUEUE])


def row(**columns: Any) -> OutgoingMail:
    event = make.event_row(office_name_en="ຫ້ອງການສະຫະປະຊາຊາດ, “Vientiane” " * 4)
    return make.outgoing_mail_row(event, to="juny@example.org", **columns)


def state_and_error(mail: OutgoingMail) -> tuple[str, str]:
    mail.refresh_from_db()
    return mail.state, mail.error


def make_due(mail: OutgoingMail) -> None:
    """Make an e-mail due now."""
    assert mail.not_before is not None
    mail.not_before = None
    mail.save()


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_temporarily_refused_mail_is_sent_later(office: SmtpServer, send: Any, step: str) -> None:
    office.replies[step] = ["451 Busy, come again"]
    mail = row()
    send()
    state, error = state_and_error(mail)
    assert (state, "451 Busy, come again" in error, office.received) == (State.WAITING, True, [])
    make_due(mail)
    send()
    assert state_and_error(mail) == (State.SENT, "")
    assert [mail["Message-ID"] for mail in office.received] == [f"<{mail.message_id}>"]


def test_mail_to_an_unknown_address_is_bounced(office: SmtpServer, send: Any) -> None:
    office.replies["RCPT"] = ["550 No such user here"]
    mail = row(copy_to="assistant@example.org")
    send()
    assert state_and_error(mail) == (
        State.BOUNCED,
        "The mail server does not accept e-mails for juny@example.org: 550 No such user here",
    )
    assert office.received == []


@pytest.mark.parametrize("answer", ["550 No such user here", "452 Mailbox full"])
def test_mail_is_sent_without_a_refused_copy(office: SmtpServer, send: Any, answer: str) -> None:
    office.replies["RCPT"] = ["250 OK", answer]
    mail = row(copy_to="assistant@example.org")
    send()
    assert state_and_error(mail) == (
        State.SENT,
        f"Sent, but not the copy to assistant@example.org: {answer}",
    )
    assert office.envelopes == [["juny@example.org"]]


def test_mail_and_copy_are_sent_in_one_envelope(office: SmtpServer, send: Any) -> None:
    mail = row(copy_to="assistant@example.org", text="ສະບາຍດີ")
    send()
    assert state_and_error(mail) == (State.SENT, "")
    assert office.received[0].get_content().strip() == "ສະບາຍດີ"
    assert office.envelopes == [["juny@example.org", "assistant@example.org"]]


def test_refused_mail_is_failed(office: SmtpServer, send: Any) -> None:
    office.replies["DATA"] = ["554 Looks like spam"]
    mail = row()
    send()
    assert state_and_error(mail) == (
        State.FAILED,
        "The mail server refused this e-mail: 554 Looks like spam",
    )


def test_unreachable_server_is_tried_again(office: SmtpServer, send: Any, settings: Any) -> None:
    mail = row()
    settings.EMAIL_PORT = 1
    send()
    state, error = state_and_error(mail)
    assert (state, error[:35]) == (State.WAITING, "The mail server cannot be reached. ")
    settings.EMAIL_PORT = office.port
    make_due(mail)
    send()
    assert state_and_error(mail) == (State.SENT, "")


def test_lost_connection_during_data_is_unknown(office: SmtpServer, send: Any) -> None:
    def hang_up(step: str) -> None:
        if step == "DATA":
            raise ConnectionResetError

    office.on_command = hang_up
    mail = row()
    send()
    state, error = state_and_error(mail)
    assert (state, len(office.received)) == (State.UNKNOWN, 1)
    assert error.startswith("The connection to the mail server was lost while it was receiving")


def test_invalid_mail_does_not_stop_the_others(office: SmtpServer, send: Any) -> None:
    event = make.event_row()
    bad = make.outgoing_mail_row(event, "Bad", calendars=["BEGIN:VCALENDAR"])
    good = make.outgoing_mail_row(event, "Good")
    send()
    assert state_and_error(bad) == (
        State.FAILED,
        "This e-mail cannot be composed: A calendar in an e-mail needs a METHOD.",
    )
    assert state_and_error(good) == (State.SENT, "")
