"""The worker against a real mail server: killed, refused, put off, and nothing sent twice."""

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
from participants.models import Letter, Person
from tests import make
from tests.post_office import PostOffice
from workshop.ops.worker_lock import holding

PATIENCE = 30


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def many(count: int) -> None:
    """Mails to as many people."""
    event = make.event_row()
    people = Person.objects.bulk_create(
        Person(key=f"p-{n}", full_name_en=f"P {n}", email=f"p-{n}@example.org")
        for n in range(count)
    )
    Letter.objects.bulk_create(
        Letter(
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
    """Worker processes on a database file of their own, or on the tests' own PostgreSQL."""

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

    def start(self, *options: str, command: str = "send_letters") -> subprocess.Popen[bytes]:
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
        """End what still runs, where a test failed."""
        for process in self.started:
            process.terminate()
            process.wait(PATIENCE)

    def states(self) -> Counter[str]:
        if connection.vendor != "sqlite":
            return Counter(Letter.objects.values_list("state", flat=True))
        with sqlite3.connect(self.database) as rows:
            found = rows.execute("SELECT state FROM participants_letter").fetchall()
        return Counter(state for (state,) in found)


def struck(
    office: PostOffice, machine: Machine, blow: signal.Signals, step: str, count: int
) -> int:
    """The exit code of a worker that gets a signal at its `count`th RCPT or DATA."""
    calls: Counter[str] = Counter()
    started: list[subprocess.Popen[bytes]] = []

    def strike(at: str) -> None:
        calls[at] += 1
        if calls[step] == count and at == step:
            started[0].send_signal(blow)

    office.on = strike
    started.append(machine.start("--worker", "one"))
    code = started[0].wait(PATIENCE)
    office.on = lambda _step: None
    return code


@pytest.mark.django_db(transaction=True)
def test_killed_worker_sends_nothing_twice_and_tells_what_it_had_in_hand(
    office: PostOffice, tmp_path: Path
) -> None:
    many(200)
    machine = Machine(tmp_path, office.port)
    # Once before a mail has gone, once when the server has it and has not yet said so.
    assert struck(office, machine, signal.SIGKILL, "RCPT", 40) == -signal.SIGKILL
    assert struck(office, machine, signal.SIGKILL, "DATA", 40) == -signal.SIGKILL
    assert machine.states() == {"sent": 78, "unknown": 1, "sending": 1, "waiting": 120}
    # Again under its name, and another beside it.
    again = [machine.start("--once", "--worker", name) for name in ("one", "two")]
    assert [each.wait(PATIENCE) for each in again] == [0, 0]
    arrived = Counter(mail["Message-ID"] for mail in office.arrived)
    assert (len(arrived), set(arrived.values())) == (199, {1})
    assert machine.states() == {"sent": 198, "unknown": 2}
    said = machine.log.read_text()
    assert (said.count(": sent"), said.count(": unknown")) == (198, 2)
    assert [word for word in ("@", "/me/", "Traceback") if word in said] == []


@pytest.mark.django_db(transaction=True)
def test_worker_told_to_stop_finishes_the_mail_in_hand(office: PostOffice, tmp_path: Path) -> None:
    many(5)
    machine = Machine(tmp_path, office.port)
    assert struck(office, machine, signal.SIGTERM, "RCPT", 2) == 0
    assert (machine.states(), len(office.arrived)) == ({"sent": 2, "waiting": 3}, 2)


def test_second_worker_of_a_name_is_kept_out(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    with holding("one"), pytest.raises(CommandError, match="“one” is at work already"):
        call_command("send_letters", "--once", "--worker", "one")
    with holding("one"):
        pass


@pytest.fixture
def send(office: PostOffice, settings: Any, db: None) -> Callable[[], None]:
    """Send what is due, by SMTP."""
    settings.EMAIL_BACKEND = "participants.mail.outbox.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    return lambda: mail_worker.work("one", once=True, is_stopping=lambda: False)


def row(**columns: Any) -> Letter:
    event = make.event_row(office_name_en="ຫ້ອງການສະຫະປະຊາຊາດ, “Vientiane” " * 4)
    return make.letter_row(event, to="juny@example.org", **columns)


def told(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.error


def due(letter: Letter) -> None:
    """The wait is over."""
    assert letter.not_before is not None
    letter.not_before = None
    letter.save()


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_mail_put_off_is_sent_later(office: PostOffice, send: Any, step: str) -> None:
    office.answers[step] = ["451 Busy, come again"]
    letter = row()
    send()
    state, error = told(letter)
    assert (state, "451 Busy, come again" in error, office.arrived) == (State.WAITING, True, [])
    due(letter)
    send()
    assert told(letter) == (State.SENT, "")
    assert [mail["Message-ID"] for mail in office.arrived] == [f"<{letter.message_id}>"]


def test_mail_to_an_unknown_address_came_back(office: PostOffice, send: Any) -> None:
    office.answers["RCPT"] = ["550 No such user here"]
    letter = row(copy_to="assistant@example.org")
    send()
    assert told(letter) == (
        State.BOUNCED,
        "The mail server does not take mails for juny@example.org: 550 No such user here",
    )
    assert office.arrived == []


@pytest.mark.parametrize("answer", ["550 No such user here", "452 Mailbox full"])
def test_mail_does_not_wait_for_its_copy(office: PostOffice, send: Any, answer: str) -> None:
    office.answers["RCPT"] = ["250 OK", answer]
    letter = row(copy_to="assistant@example.org")
    send()
    assert told(letter) == (
        State.SENT,
        f"Sent, but not the copy to assistant@example.org: {answer}",
    )
    assert office.envelopes == [["juny@example.org"]]


def test_mail_and_copy_go_in_one_envelope(office: PostOffice, send: Any) -> None:
    letter = row(copy_to="assistant@example.org", text="ສະບາຍດີ")
    send()
    assert told(letter) == (State.SENT, "")
    assert office.arrived[0].get_content().strip() == "ສະບາຍດີ"
    assert office.envelopes == [["juny@example.org", "assistant@example.org"]]


def test_refused_mail_has_failed(office: PostOffice, send: Any) -> None:
    office.answers["DATA"] = ["554 Looks like spam"]
    letter = row()
    send()
    assert told(letter) == (
        State.FAILED,
        "The mail server refused this mail: 554 Looks like spam",
    )


def test_server_that_is_away_is_tried_again(office: PostOffice, send: Any, settings: Any) -> None:
    letter = row()
    settings.EMAIL_PORT = 1
    send()
    state, error = told(letter)
    assert (state, error[:35]) == (State.WAITING, "The mail server cannot be reached. ")
    settings.EMAIL_PORT = office.port
    due(letter)
    send()
    assert told(letter) == (State.SENT, "")


def test_server_lost_with_the_mail_in_its_hands_leaves_it_unknown(
    office: PostOffice, send: Any
) -> None:
    def hang_up(step: str) -> None:
        if step == "DATA":
            raise ConnectionResetError

    office.on = hang_up
    letter = row()
    send()
    state, error = told(letter)
    assert (state, len(office.arrived)) == (State.UNKNOWN, 1)
    assert error.startswith("The mail server was lost while it was taking this mail.")


def test_mail_that_cannot_be_written_does_not_keep_the_others(
    office: PostOffice, send: Any
) -> None:
    event = make.event_row()
    bad = make.letter_row(event, "Bad", calendars=["BEGIN:VCALENDAR"])
    good = make.letter_row(event, "Good")
    send()
    assert told(bad) == (
        State.FAILED,
        "This mail cannot be written: A calendar for a mail has a METHOD.",
    )
    assert told(good) == (State.SENT, "")
