"""Papers off the request path: set once however many ask, and nobody can ask for too many."""

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytz
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from participants.models import Person
from participants.privacy import erasure
from sessions_app.documents import job_queue, rate_limits, responses, storage
from sessions_app.models import PaperWorker, Printing, Question, QuestionBlock
from sessions_app.publishing import services
from sessions_app.renderers.pdf import engine
from sessions_app.renderers.pdf.documents import Paper
from tests import make
from tests.papers import printed
from tests.participants.access.test_permissions_of_people import came_in
from tests.participants.mail.outbox.test_mail_worker import PATIENCE, Machine
from tests.sessions_app.renderers.pdf.test_documents import html
from workshop.models import Workshop

PROGRAMME = "/event/agenda.pdf"
State = Printing.State
TEN_PAGES = html('<p style="break-after: page">A page</p>' * 10)


def paper(said: str = "A line", *, text: str = "") -> Paper:
    return Paper(name=f"{said.lower().replace(' ', '-')}.pdf", html=text or html(f"<p>{said}</p>"))


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where papers lie, of this test alone."""
    own = settings.STORAGES["papers"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "papers": own}
    return tmp_path / "papers"


@pytest.fixture
def event(db: None) -> Any:
    """An event whose programme is one page, and another without its question."""
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    block = QuestionBlock.objects.create(session=session, countries=["KR"])
    Question.objects.create(block=block, text="How?")
    services.publish(event=event, now=make.at(8))
    return event


@pytest.fixture
def all_are_slow(settings: Any) -> None:
    settings.QUICK_PAPER = 0


def work() -> None:
    call_command("set_papers", "--once", "--worker", "one")


def states() -> list[str]:
    return sorted(Printing.objects.values_list("state", flat=True))


def long_ago(**ago: float) -> None:
    """As if the last thing that happened to every paper happened then."""
    moment = timezone.now() - timedelta(**ago)
    Printing.objects.update(asked_at=moment, used_at=moment, beat_at=moment)


# A request


@pytest.mark.usefixtures("event")
def test_quick_paper_is_made_while_its_reader_waits(client: Client) -> None:
    answer = client.get(PROGRAMME)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Leadership" in printed(answer.content)
    assert client.get(PROGRAMME).content == answer.content
    assert [(row.state, row.tries, bytes(row.content)) for row in Printing.objects.all()] == [
        (State.KEPT, 1, b"")
    ]


@pytest.mark.usefixtures("event", "all_are_slow")
def test_slow_paper_is_a_page_until_it_is_made(client: Client) -> None:
    PaperWorker.objects.create(name="elsewhere", seen_at=timezone.now())
    page = client.get(PROGRAMME)
    again = f"{PROGRAMME}?made={Printing.objects.get().pk}"
    assert (page.status_code, page["Retry-After"], page["Refresh"], page["Cache-Control"]) == (
        *(503, "3", f"3; url={again}", "no-cache"),
    )
    assert "It is the next to be made." in page.content.decode()
    row = job_queue.claim_next(by="elsewhere", now=timezone.now())
    assert row is not None
    assert "It is being read" in client.get(again).content.decode()
    job_queue.tell(row, pages=1, is_laid_out=False, now=timezone.now())
    said = client.get(again).content.decode()
    assert "1 page of about 2 is laid out." in said
    assert re.search(r'<progress [^>]*max="2" value="1">', said)
    storage.make(row)
    assert client.get(again)["Content-Type"] == "application/pdf"


@pytest.mark.usefixtures("event", "all_are_slow")
def test_page_that_waited_gives_no_paper_that_was_closed_meanwhile(client: Client) -> None:
    again = client.get(PROGRAMME)["Refresh"].partition("url=")[2]
    work()
    Workshop.objects.update(readership="those_let_in")
    answer = client.get(again)
    assert (answer.status_code, Printing.objects.count()) == (503, 2)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_page_says_where_nothing_makes_papers(client: Client) -> None:
    said = client.get(PROGRAMME).content.decode()
    assert "Nothing on this site makes long papers at the moment." in said
    work()
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_one_request_of_a_machine_waits_and_the_others_are_told(client: Client) -> None:
    with responses.slot() as is_free:
        assert (is_free, client.get(PROGRAMME).status_code) == (True, 503)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event", "all_are_slow")
def test_page_of_a_draft_waits_for_the_draft_of_its_minute(organiser_client: Client) -> None:
    page = organiser_client.get("/desk/event/draft.pdf?short=1")
    assert (page.status_code, page["Cache-Control"]) == (503, "private, no-store")
    work()
    answer = organiser_client.get(page["Refresh"].partition("url=")[2])
    assert (answer.status_code, Printing.objects.count()) == (200, 1)
    assert "DRAFT" in printed(answer.content)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_nobody_learns_of_a_paper_that_is_not_theirs(client: Client) -> None:
    assert client.get("/event/workshops/international/script.pdf").status_code == 404
    assert states() == []
    client.get(PROGRAMME)
    made = Printing.objects.get().pk
    for path in ("event/people/nobody/briefing.pdf", "event/countries/FR.pdf", "no/agenda.pdf"):
        assert client.get(f"/{path}?made={made}").status_code == 404


# Strangers' zones


@pytest.mark.usefixtures("event", "all_are_slow")
def test_strangers_ask_for_so_many_zones_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "OF_ONE_NETWORK", 12)

    def asked(zone: str, network: str) -> int:
        return client.get(f"{PROGRAMME}?tz={zone}", REMOTE_ADDR=network).status_code

    zones = [zone for zone in pytz.common_timezones if zone.startswith("Asia/")]
    first = [asked(zone, "192.0.2.1") for zone in zones[:13]]
    assert first == [503] * 12 + [429]
    # One of those that wait is nothing new, and what the programme itself says never is.
    assert (asked(zones[0], "192.0.2.1"), client.get(PROGRAMME).status_code) == (503, 503)
    assert [asked(zone, "192.0.2.2") for zone in zones[13:23]] == [503] * 10
    assert Printing.objects.filter(is_variant=True).count() == 20
    refused = client.get(f"{PROGRAMME}?tz={zones[30]}&short=1", REMOTE_ADDR="192.0.2.2")
    assert "Many papers in other time zones" in refused.content.decode()
    assert f'href="{PROGRAMME}?short=1"' in refused.content.decode()
    # What nobody set within the hour makes room.
    long_ago(hours=2)
    assert asked(zones[30], "192.0.2.3") == 503
    assert Printing.objects.filter(is_variant=True).count() == 1


@pytest.mark.usefixtures("event", "all_are_slow")
def test_papers_under_other_ports_and_of_people_let_in_are_bounded_too(client: Client) -> None:
    known = came_in(make.person_row())
    for number in range(1, 20):
        client.get(PROGRAMME, headers={"host": f"localhost:{number}"})
        known.get(f"{PROGRAMME}?tz={pytz.common_timezones[number]}")
    made = Printing.objects.order_by().values_list("is_variant", flat=True)
    assert (list(made), client.get(PROGRAMME).status_code) == ([True] * 20, 503)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_plain_paper_is_set_before_variants(client: Client) -> None:
    for query in ("?tz=Asia/Baku", "?lang=en&tz=Asia/Seoul", "", "?short=1"):
        client.get(f"{PROGRAMME}{query}")
    claimed = [job_queue.claim_next(by="one", now=timezone.now()) for _each in range(4)]
    assert [row and (row.file, row.is_variant) for row in claimed] == [
        ("event.pdf", False),
        ("event-short.pdf", False),
        ("event.pdf", True),
        ("event.pdf", True),
    ]


@pytest.mark.django_db
def test_oldest_variants_make_room_and_unused_papers_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "VARIANTS", 2)
    for each in ("Old", "Plain"):
        storage.written(paper(each))
    long_ago(days=29)
    Printing.objects.filter(file="old.pdf").update(used_at=timezone.now() - timedelta(days=31))
    for each in ("One", "Two", "Three"):
        row, _none = storage.ask(paper(each), is_variant=True)
        storage.awaited(row, within=PATIENCE)
    left = Printing.objects.order_by("asked_at")
    assert [row.file for row in left] == ["plain.pdf", "two.pdf", "three.pdf"]
    assert {each.name for each in folder.iterdir()} == {f"{row.name}.pdf" for row in left}


# The worker


@pytest.mark.usefixtures("event")
def test_paper_of_a_new_release_is_there_before_anybody_asks(
    client: Client, event: Any, settings: Any
) -> None:
    settings.SITE = "http://testserver"
    make.session_row(event.workshops.get(), title_en="Yesterday’s news", key="news")
    services.publish(event=event, now=timezone.now())
    work()
    assert states() == [State.KEPT] * 2
    for query in ("", "?short=1"):
        assert "news" in printed(client.get(PROGRAMME + query).content)
    assert set(Printing.objects.values_list("tries", flat=True)) == {1}


@pytest.mark.django_db
def test_claim_without_a_sign_of_life_is_taken_up_by_another() -> None:
    storage.ask(paper())
    now = timezone.now()
    first = job_queue.claim_next(by="one", now=now)
    assert first is not None
    job_queue.tell(first, pages=3, is_laid_out=False, now=now + timedelta(seconds=40))
    assert job_queue.claim_next(by="two", now=now + timedelta(seconds=90)) is None
    second = job_queue.claim_next(by="two", now=now + timedelta(seconds=101))
    assert second is not None
    # The first one lives after all: what it says no longer counts.
    job_queue.finish(first, State.FAILED, error="late", now=now)
    assert storage.make(second) == storage.written(paper())


@pytest.mark.django_db
def test_paper_that_takes_its_worker_down_is_given_up() -> None:
    storage.ask(paper())
    for _each in range(3):
        assert job_queue.claim_next(by="one", now=timezone.now()) is not None
        job_queue.put_back(by="one")
    with pytest.raises(engine.PaperFailed, match="stopped 3 times"):
        storage.written(paper())


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[], Machine]]:
    """Starts a machine on the rows as they are; what it runs ends with the test."""
    made: list[Machine] = []

    def start() -> Machine:
        made.append(Machine(tmp_path, 1))
        return made[-1]

    yield start
    for each in made:
        each.stop()


def on(machine: Machine, statement: str) -> list[Any]:
    if connection.vendor != "sqlite":
        with connection.cursor() as rows:
            rows.execute(statement)
            return list(rows.fetchall())
    with sqlite3.connect(machine.database, timeout=PATIENCE) as rows:
        return rows.execute(statement).fetchall()


def until(happened: Callable[[], Any]) -> Any:
    """What has happened at last, looked at again and again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = happened()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("It did not happen.")


@pytest.mark.django_db(transaction=True)
def test_paper_of_a_killed_worker_is_set_by_the_next(machines: Any, tmp_path: Path) -> None:
    row, _none = storage.ask(paper(text=html("<p>Many words of a line</p>" * 1000)))
    machine = machines()
    first = machine.start("--worker", "one", command="set_papers")
    until(lambda: on(machine, "SELECT 1 FROM sessions_app_printing WHERE state = 'setting'"))
    first.kill()
    first.wait()
    assert not (tmp_path / "papers" / f"{row.name}.pdf").exists()
    again = machine.start("--once", "--worker", "one", command="set_papers")
    assert again.wait(PATIENCE) == 0
    assert on(machine, "SELECT state, tries FROM sessions_app_printing") == [("kept", 2)]
    assert (tmp_path / "papers" / f"{row.name}.pdf").read_bytes()[:5] == b"%PDF-"
    assert "Traceback" not in machine.log.read_text()


@pytest.mark.django_db(transaction=True)
def test_paper_that_many_ask_for_at_once_is_set_once(machines: Any, tmp_path: Path) -> None:
    machine = machines()
    asking = (
        "import django; django.setup()\n"
        "from sessions_app import paper_store\n"
        "from tests.sessions_app.documents.test_job_queue import TEN_PAGES, paper\n"
        "import sys; sys.stdout.buffer.write(paper_store.written(paper(text=TEN_PAGES)))"
    )
    environment = machine.environment | {"DJANGO_SETTINGS_MODULE": "workshop.settings"}
    readers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", asking],
            cwd=site.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
        )
        for _each in range(4)
    ]
    written = {reader.communicate(timeout=PATIENCE)[0][:5] for reader in readers}
    assert (written, [reader.returncode for reader in readers]) == ({b"%PDF-"}, [0] * 4)
    assert on(machine, "SELECT state, tries FROM sessions_app_printing") == [("kept", 1)]


@pytest.mark.django_db(transaction=True)
def test_work_runs_both_workers_and_starts_a_killed_one_again(
    machines: Any, tmp_path: Path
) -> None:
    machine = machines()
    working = machine.start(command="work")

    def said(words: str, times: int) -> bool:
        return machine.log.read_text().count(words) >= times

    until(lambda: said("worker ", 1) and said("papers ", 1))
    children = Path(f"/proc/{working.pid}/task/{working.pid}/children").read_text().split()
    (papers,) = [
        pid for pid in children if b"set_papers" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    subprocess.run(["kill", "-9", papers], check=True)  # noqa: S603, S607
    until(lambda: said(": ready", 3))
    working.send_signal(signal.SIGTERM)
    assert working.wait(PATIENCE) == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert "set_papers ended (-9); it starts again." in machine.log.read_text()


def test_paper_tells_how_far_it_is() -> None:
    heard: list[tuple[int, bool]] = []
    engine.write(TEN_PAGES, told=lambda pages, is_laid_out: heard.append((pages, is_laid_out)))
    heard = list(dict.fromkeys(heard))
    assert heard == [*((pages, False) for pages in range(11)), (10, True)]


# What goes wrong


@pytest.mark.usefixtures("event")
def test_paper_that_failed_is_tried_again_after_a_while(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(engine, "FACES", ())
        assert client.get(PROGRAMME).status_code == 500
    assert client.get(PROGRAMME).status_code == 500
    assert (states(), Printing.objects.get().tries) == ([State.FAILED], 1)
    long_ago(minutes=11)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_full_disk_is_told_and_leaves_nothing_broken(
    client: Client, settings: Any, folder: Path
) -> None:
    room = settings.STORAGES
    full = room["papers"] | {"BACKEND": "tests.storages.FullDisk"}
    settings.STORAGES = {**room, "papers": full}
    answer = client.get(PROGRAMME)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "There is no room for this paper" in answer.content.decode()
    assert (list(folder.iterdir()), Printing.objects.get().error) == ([], "no room is left")
    settings.STORAGES = room
    long_ago(minutes=2)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event", "all_are_slow")
def test_storage_that_cannot_be_looked_through_stops_no_paper(
    client: Client, settings: Any
) -> None:
    room = settings.STORAGES
    shut = room["papers"] | {"BACKEND": "tests.storages.Unlisted"}
    settings.STORAGES = {**room, "papers": shut}
    client.get(PROGRAMME)
    work()
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_paper_whose_file_is_gone_is_set_again(client: Client, folder: Path) -> None:
    first = client.get(PROGRAMME).content
    (file,) = folder.iterdir()
    file.unlink()
    assert client.get(PROGRAMME).content == first


@pytest.mark.django_db
def test_erasing_takes_away_every_paper(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    storage.written(paper("Kept"))
    storage.ask(paper("Waiting"))
    storage.ask(paper("In hand"))
    in_hand = job_queue.claim(storage.name_of(paper("In hand")), by="one", now=timezone.now())
    (folder / "of-another-time.djcache").write_bytes(b"Ms. Juny Kim")
    person = make.person_row()
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(person=person)
    assert in_hand is not None
    storage.make(in_hand)
    assert (list(folder.iterdir()), states()) == ([], [])


def test_paper_drawn_before_an_erasure_and_asked_for_after_it_goes(programme: str) -> None:
    drawn = paper("Ms. Juny Kim")
    erasure.erase(person=Person.objects.get(key="juny-kim"))
    storage.ask(drawn)
    storage.sweep()
    assert states() == []
