"""The mail worker with a real mail server: killed, refused, delayed, and nothing sent twice."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection

from participants.mail.outbox import mail_worker
from participants.mail.outbox.mail_queue import State
from participants.models import OutgoingMail, Person
from tests import make
from tests.smtp_server import SmtpServer
from workshop.ops.worker_lock import worker_lock

PATIENCE = 30


@pytest.fixture
def office() -> Iterator[SmtpServer]:
    with SmtpServer() as opened:
        yield opened


def many(count: int) -> None:
    """E-mails to `count` people."""
    event = make.event_row()
    people = Person.objects.bulk_create(
        Person(key=f"p-{n}", full_name_en=f"P {n}", email=f"p-{n}@example.org")
        for n in range(count)
    )
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            event=event,
            person=person,
            kind="invitation",
            batch=make.uid("batch"),
            to=person.email,
            subject="Invitation",
            text="[[personal-link]]",
            message_id=f"{person.key}@example.org",
            made_at=make.at(8),
        )
        for person in people
    )


class Machine:
    """Worker processes on their own SQLite file, or on the PostgreSQL database of the tests."""

    def __init__(self, folder: Path, port: int) -> None:
        self.log = folder / "log"
        self.database = folder / "rows.sqlite3"
        self.started: list[subprocess.Popen[bytes]] = []
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.database) as rows:
                connection.connection.backup(rows)
            address = f"sqlite:///{self.database}"
        else:
            served = os.environ["DATABASE_URL"].rpartition("/")[0]
            address = f"{served}/{connection.settings_dict['NAME']}"
        self.environment = {
            **os.environ,
            "DATABASE_URL": address,
            "VAR": str(folder),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}/",
            "MAILS_A_MINUTE": "0",
        }

    def start(self, *options: str, command: str = "send_mails") -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "manage.py", command, *options],
                cwd=site.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End the processes that still run if a test failed."""
        for process in self.started:
            process.terminate()
            process.wait(PATIENCE)

    def states(self) -> Counter[str]:
        if connection.vendor != "sqlite":
            return Counter(OutgoingMail.objects.values_list("state", flat=True))
        with sqlite3.connect(self.database) as rows:
            found = rows.execute("SELECT state FROM participants_letter").fetchall()
        return Counter(state for (state,) in found)


def run_and_signal(
    office: SmtpServer, machine: Machine, signal_number: signal.Signals, step: str, count: int
) -> int:
    """Exit code of a worker that gets a signal at its `count`th RCPT or DATA."""
    calls: Counter[str] = Counter()
    started: list[subprocess.Popen[bytes]] = []

    def count_call(at: str) -> None:
        calls[at] += 1
        if calls[step] == count and at == step:
            started[0].send_signal(signal_number)

    office.on_command = count_call
    started.append(machine.start("--worker", "one"))
    code = started[0].wait(PATIENCE)
    office.on_command = lambda _command: None
    return code


@pytest.mark.django_db(transaction=True)
def test_killed_worker_sends_nothing_twice_and_leaves_unknown_mails(
    office: SmtpServer, tmp_path: Path
) -> None:
    many(200)
    machine = Machine(tmp_path, office.port)
    # Once before an e-mail is sent, once after the server has it but before its answer.
    assert run_and_signal(office, machine, signal.SIGKILL, "RCPT", 40) == -signal.SIGKILL
    assert run_and_signal(office, machine, signal.SIGKILL, "DATA", 40) == -signal.SIGKILL
    assert machine.states() == {"sent": 78, "unknown": 1, "sending": 1, "waiting": 120}
    # A worker with the same name, and another one.
    again = [machine.start("--once", "--worker", name) for name in ("one", "two")]
    assert [process.wait(PATIENCE) for process in again] == [0, 0]
    arrived = Counter(mail["Message-ID"] for mail in office.received)
    assert (len(arrived), set(arrived.values())) == (199, {1})
    assert machine.states() == {"sent": 198, "unknown": 2}
    log_text = machine.log.read_text()
    assert (log_text.count(": sent"), log_text.count(": unknown")) == (198, 2)
    assert [word for word in ("@", "/me/", "Traceback") if word in log_text] == []


@pytest.mark.django_db(transaction=True)
def test_stopped_worker_finishes_its_claimed_mail(office: SmtpServer, tmp_path: Path) -> None:
    many(5)
    machine = Machine(tmp_path, office.port)
    assert run_and_signal(office, machine, signal.SIGTERM, "RCPT", 2) == 0
    assert (machine.states(), len(office.received)) == ({"sent": 2, "waiting": 3}, 2)


def test_second_worker_with_the_same_name_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    with worker_lock("one"), pytest.raises(CommandError, match="“one” is already running"):
        call_command("send_mails", "--once", "--worker", "one")
    with worker_lock("one"):
        pass


@pytest.fixture
def send(office: SmtpServer, settings: Any, db: None) -> Callable[[], None]:
    """Send what is due, by SMTP."""
    settings.EMAIL_BACKEND = "participants.mail.outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    return lambda: mail_worker.run_worker("one", once=True, is_stopping=lambda: False)


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
