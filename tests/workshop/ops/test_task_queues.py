"""What background work promises, with real processes that are killed.

ENGINE chooses another task engine than the project's own, for comparison: see tests/engines.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from participants.models import OutgoingMail, Person
from sessions_app.documents import storage
from sessions_app.models import PdfJob
from sessions_app.renderers.pdf.documents import Document
from tests import make
from tests.machine import Machine, child_pids, is_running, kill, machines, until
from tests.sessions_app.renderers.pdf.test_documents import html
from tests.smtp_server import SmtpServer

WORK = "_".join(filter(None, (os.environ.get("ENGINE"), "work")))
KILLS = 20
DEADLINE = 10  # seconds in which another worker takes up the document of a killed one

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Iterator[SmtpServer]:
    with SmtpServer() as opened:
        yield opened


@pytest.fixture(name="machine")
def _machines(tmp_path: Path) -> Iterator[Callable[..., Machine]]:
    yield from machines(tmp_path)


def many_mails(count: int) -> None:
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


def request_long_document(
    text: str = "Many words of a line", *, is_variant: bool = False
) -> PdfJob:
    """Request a document that takes some seconds to render."""
    document = Document(name=f"{text}.pdf", html=html(f"<p>{text}</p>" * 1500))
    job, _content = storage.request_pdf(document, is_variant=is_variant)
    return job


def rendering(machine: Machine) -> list[tuple[str, str, int]]:
    """Claim, worker and number of tries of each document being rendered."""
    statement = "SELECT claim, claimed_by, tries FROM sessions_app_printing WHERE state = 'setting'"
    return [(str(claim), worker, tries) for claim, worker, tries in machine.rows(statement)]


def test_killed_workers_send_nothing_twice(machine: Any, office: SmtpServer) -> None:
    """Two machines; whichever is sending is killed at a random point, twenty times in all."""
    chance = random.Random(20210804)  # noqa: S311
    many_mails(400)
    two = [machine(office.port), machine(office.port)]
    working = [each.start(WORK) for each in two]
    for number in range(KILLS):
        arrived = len(office.received)
        until(lambda arrived=arrived: len(office.received) > arrived)
        time.sleep(chance.uniform(0, 0.3))
        at = number % 2
        for pid in child_pids(working[at].pid, "mails"):
            kill(pid)
        if number % 5 == 4:  # the supervisor too, as if the machine had lost its power
            for pid in [*child_pids(working[at].pid, ""), working[at].pid]:
                kill(pid)
            working[at].wait()
            working[at] = two[at].start(WORK)
    until(lambda: set(two[0].mail_states()) <= {"sent", "unknown"}, within=60)
    times = Counter(str(mail["Message-ID"]) for mail in office.received)
    states = two[0].mail_states()
    assert set(times.values()) == {1}
    assert (states.total(), states["unknown"] <= KILLS) == (400, True)
    assert states["sent"] <= len(times) <= states["sent"] + states["unknown"]
    log_text = two[0].log.read_text()
    assert [word for word in ("@", "/me/") if word in log_text] == []


@pytest.mark.parametrize("whole_machine", [False, True], ids=["worker", "machine"])
def test_document_of_a_killed_worker_is_taken_up_by_another(
    machine: Any, whole_machine: bool
) -> None:
    job = request_long_document()
    here = machine()
    two = [here.start(WORK), machine().start(WORK)]
    ((claim, worker, _tries),) = until(lambda: rendering(here))
    (supervisor,) = [each.pid for each in two if child_pids(each.pid, worker)]
    killed_at = time.monotonic()
    for pid in child_pids(supervisor, worker):
        kill(pid)
    if whole_machine:
        kill(supervisor)
    until(lambda: [row for row in rendering(here) if row[0] != claim], within=DEADLINE)
    assert time.monotonic() - killed_at < DEADLINE
    until(lambda: here.rows("SELECT 1 FROM sessions_app_printing WHERE state = 'kept'"))
    assert here.rows("SELECT tries FROM sessions_app_printing") == [(2,)]
    assert (here.log.parent / job.path).read_bytes()[:5] == b"%PDF-"


def test_plain_documents_come_before_custom_ones_and_report_progress(machine: Any) -> None:
    request_long_document("A custom one", is_variant=True)
    request_long_document("A plain one")
    here = machine()
    here.start(WORK)
    until(lambda: rendering(here))
    until(lambda: here.rows("SELECT 1 FROM sessions_app_printing WHERE pages > 0"))
    done = "SELECT file FROM sessions_app_printing WHERE state = 'kept' ORDER BY beat_at"
    until(lambda: len(here.rows(done)) == 2)
    assert here.rows(done) == [("A plain one.pdf",), ("A custom one.pdf",)]


def test_limit_of_mails_a_minute_holds_over_restarts(machine: Any, office: SmtpServer) -> None:
    many_mails(20)
    here = machine(office.port, MAILS_A_MINUTE="7")
    for _start in range(2):
        working = here.start(WORK)
        until(lambda working=working: child_pids(working.pid, "mails"))
        until(lambda: here.mail_states()["sent"] == 7)
        time.sleep(2)
        working.terminate()
        assert working.wait(30) == 0
    assert here.mail_states() == {"sent": 7, "waiting": 13}


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_stop_waits_for_the_mail_in_hand(
    machine: Any, office: SmtpServer, signal_number: signal.Signals
) -> None:
    many_mails(5)
    here = machine(office.port)
    calls: Counter[str] = Counter()

    def stop_at_the_second(command: str) -> None:
        calls[command] += 1
        if (command, calls[command]) == ("RCPT", 2):
            working.send_signal(signal_number)
            time.sleep(1)

    office.on_command = stop_at_the_second
    working = here.start(WORK)
    assert working.wait(30) == 0
    assert (here.mail_states(), len(office.received)) == ({"sent": 2, "waiting": 3}, 2)
    assert child_pids(working.pid, "") == []


def test_killed_worker_is_started_again_and_ends_with_its_supervisor(machine: Any) -> None:
    here = machine()
    working = here.start(WORK)
    (documents,) = until(lambda: child_pids(working.pid, "documents"))
    kill(documents)
    (again,) = until(
        lambda: [pid for pid in child_pids(working.pid, "documents") if pid != documents]
    )
    (mails,) = until(lambda: child_pids(working.pid, "mails"))
    kill(working.pid)
    assert until(lambda: not is_running(again) and not is_running(mails))
