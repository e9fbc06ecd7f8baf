"""PDF jobs: each document is rendered once, and the number of requests is limited."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytz
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from participants.models import Person
from participants.privacy import erasure
from sessions_app.documents import job_queue, responses, storage, variant_limits
from sessions_app.models import PdfJob, Question, QuestionBlock
from sessions_app.publishing import services
from sessions_app.renderers.pdf import engine
from sessions_app.renderers.pdf.documents import Document
from tests import make
from tests.machine import PATIENCE, Machine, machines
from tests.participants.access.test_viewer_of_people import signed_in
from tests.pdf_text import extract_text
from tests.sessions_app.renderers.pdf.test_documents import html
from workshop.models import Workshop
from workshop.ops import workers
from workshop.ops.rate_limit import RateLimit

PROGRAMME = "/event/agenda.pdf"
State = PdfJob.State
TEN_PAGES = html('<p style="break-after: page">A page</p>' * 10)


def make_document(title: str = "A line", *, text: str = "") -> Document:
    return Document(
        name=f"{title.lower().replace(' ', '-')}.pdf", html=text or html(f"<p>{title}</p>")
    )


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The document storage of one test."""
    storage_settings = settings.STORAGES["documents"] | {"OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "documents": storage_settings}
    return tmp_path / "papers"


@pytest.fixture
def event(db: None) -> Any:
    """An event whose programme is one page, and another without its question."""
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    block = QuestionBlock.objects.create(session=session, countries=["KR"])
    Question.objects.create(block=block, text="How?")
    services.publish(event=event, now=make.at(8))
    DBTaskResult.objects.all().delete()  # the request for its programmes
    return event


@pytest.fixture
def all_are_slow(settings: Any) -> None:
    settings.QUICK_DOCUMENT_LENGTH = 0


def work() -> None:
    call_command("work", "--once")


def states() -> list[str]:
    return sorted(PdfJob.objects.values_list("state", flat=True))


def age_jobs(**ago: float) -> None:
    """Move the timestamps of every job into the past."""
    moment = timezone.now() - timedelta(**ago)
    PdfJob.objects.update(asked_at=moment, used_at=moment, beat_at=moment)


# A request


@pytest.mark.usefixtures("event")
def test_quick_document_is_rendered_in_the_request(client: Client) -> None:
    answer = client.get(PROGRAMME)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Leadership" in extract_text(answer.content)
    assert client.get(PROGRAMME).content == answer.content
    assert [(row.state, row.tries, bytes(row.content)) for row in PdfJob.objects.all()] == [
        (State.DONE, 1, b"")
    ]


@pytest.mark.usefixtures("event", "all_are_slow")
def test_slow_document_shows_progress_until_it_is_rendered(client: Client) -> None:
    workers.beat("documents", "elsewhere", now=timezone.now())
    page = client.get(PROGRAMME)
    progress_address = f"{PROGRAMME}?made={PdfJob.objects.get().pk}"
    assert (page.status_code, page["Retry-After"], page["Refresh"], page["Cache-Control"]) == (
        *(503, "3", f"3; url={progress_address}", "no-cache"),
    )
    assert "It is next in the queue." in page.content.decode()
    row = job_queue.claim_next(by="elsewhere", now=timezone.now())
    assert row is not None
    assert "Preparing the document." in client.get(progress_address).content.decode()
    job_queue.report_progress(row, pages=1, is_laid_out=False, now=timezone.now())
    page_text = client.get(progress_address).content.decode()
    assert "1 page of about 2 is laid out." in page_text
    assert re.search(r'<progress [^>]*max="2" value="1">', page_text)
    storage.run_job(row)
    assert client.get(progress_address)["Content-Type"] == "application/pdf"


@pytest.mark.usefixtures("event", "all_are_slow")
def test_progress_page_does_not_serve_a_document_closed_meanwhile(client: Client) -> None:
    progress_address = client.get(PROGRAMME)["Refresh"].partition("url=")[2]
    work()
    Workshop.objects.update(readership="those_let_in")
    answer = client.get(progress_address)
    assert (answer.status_code, PdfJob.objects.count()) == (503, 2)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_progress_page_reports_that_no_worker_is_alive(client: Client) -> None:
    page = client.get(PROGRAMME).content.decode()
    assert "Long documents cannot be created at the moment." in page
    work()
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_one_request_of_a_machine_waits_and_the_others_get_503(client: Client) -> None:
    with responses.rendering_slot() as is_free:
        assert (is_free, client.get(PROGRAMME).status_code) == (True, 503)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event", "all_are_slow")
def test_progress_page_of_a_draft_serves_the_requested_draft(organiser_client: Client) -> None:
    page = organiser_client.get("/desk/event/draft.pdf?short=1")
    assert (page.status_code, page["Cache-Control"]) == (503, "private, no-store")
    work()
    answer = organiser_client.get(page["Refresh"].partition("url=")[2])
    assert (answer.status_code, PdfJob.objects.count()) == (200, 1)
    assert "DRAFT" in extract_text(answer.content)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_job_parameter_reveals_no_other_document(client: Client) -> None:
    assert client.get("/event/workshops/international/script.pdf").status_code == 404
    assert states() == []
    client.get(PROGRAMME)
    made = PdfJob.objects.get().pk
    for path in ("event/people/nobody/briefing.pdf", "event/countries/FR.pdf", "no/agenda.pdf"):
        assert client.get(f"/{path}?made={made}").status_code == 404


# Zones chosen by the public


@pytest.mark.usefixtures("event", "all_are_slow")
def test_variants_are_limited_per_network_and_in_total(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variant_limits, "PER_NETWORK", RateLimit("documents", 12))

    def status(zone: str, network: str) -> int:
        return client.get(f"{PROGRAMME}?tz={zone}", REMOTE_ADDR=network).status_code

    zones = [zone for zone in pytz.common_timezones if zone.startswith("Asia/")]
    first = [status(zone, "192.0.2.1") for zone in zones[:13]]
    assert first == [503] * 12 + [429]
    # A document already requested and the programme in its own zones do not count.
    assert (status(zones[0], "192.0.2.1"), client.get(PROGRAMME).status_code) == (503, 503)
    assert [status(zone, "192.0.2.2") for zone in zones[13:23]] == [503] * 10
    assert PdfJob.objects.filter(is_variant=True).count() == 20
    refused = client.get(f"{PROGRAMME}?tz={zones[30]}&short=1", REMOTE_ADDR="192.0.2.2")
    assert "Many documents in other time zones" in refused.content.decode()
    assert f'href="{PROGRAMME}?short=1"' in refused.content.decode()
    # Jobs that have waited for more than an hour are deleted.
    age_jobs(hours=2)
    assert status(zones[30], "192.0.2.3") == 503
    assert PdfJob.objects.filter(is_variant=True).count() == 1


@pytest.mark.usefixtures("event", "all_are_slow")
def test_variants_by_port_and_of_participants_are_limited_too(client: Client) -> None:
    known = signed_in(make.person_row())
    for number in range(1, 20):
        client.get(PROGRAMME, headers={"host": f"localhost:{number}"})
        known.get(f"{PROGRAMME}?tz={pytz.common_timezones[number]}")
    made = PdfJob.objects.order_by().values_list("is_variant", flat=True)
    assert (list(made), client.get(PROGRAMME).status_code) == ([True] * 20, 503)


@pytest.mark.usefixtures("event", "all_are_slow")
def test_plain_document_is_rendered_before_variants(client: Client) -> None:
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
def test_oldest_variants_and_unused_documents_are_deleted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "MAX_VARIANTS", 2)
    for title in ("Old", "Plain"):
        storage.render_blocking(make_document(title))
    age_jobs(days=29)
    PdfJob.objects.filter(file="old.pdf").update(used_at=timezone.now() - timedelta(days=31))
    for title in ("One", "Two", "Three"):
        row, _none = storage.request_pdf(make_document(title), is_variant=True)
        storage.wait_for(row, within=PATIENCE)
    left = PdfJob.objects.order_by("asked_at")
    assert [row.file for row in left] == ["plain.pdf", "two.pdf", "three.pdf"]
    assert {file.name for file in folder.iterdir()} == {f"{row.name}.pdf" for row in left}


# The worker


@pytest.mark.usefixtures("event")
def test_worker_renders_the_programme_of_a_new_release(
    client: Client, event: Any, settings: Any
) -> None:
    settings.SITE = "http://testserver"
    make.session_row(event.workshops.get(), title_en="Yesterday’s news", key="news")
    services.publish(event=event, now=timezone.now())
    work()
    assert states() == [State.DONE] * 2
    for query in ("", "?short=1"):
        assert "news" in extract_text(client.get(PROGRAMME + query).content)
    assert set(PdfJob.objects.values_list("tries", flat=True)) == {1}


@pytest.mark.django_db
def test_claim_without_a_heartbeat_passes_to_another_worker() -> None:
    storage.request_pdf(make_document())
    now = timezone.now()
    first = job_queue.claim_next(by="one", now=now)
    assert first is not None
    job_queue.report_progress(first, pages=3, is_laid_out=False, now=now + timedelta(seconds=40))
    job_queue.release_abandoned(dead_workers=(), now=now + timedelta(seconds=90))
    assert job_queue.claim_next(by="two", now=now + timedelta(seconds=90)) is None
    job_queue.release_abandoned(dead_workers=(), now=now + timedelta(seconds=101))
    second = job_queue.claim_next(by="two", now=now + timedelta(seconds=101))
    assert second is not None
    # The first worker is still alive: its result is ignored.
    job_queue.finish(first, State.FAILED, error="late", now=now)
    assert storage.run_job(second) == storage.render_blocking(make_document())


@pytest.mark.django_db
def test_job_that_kills_its_worker_fails_after_three_tries() -> None:
    storage.request_pdf(make_document())
    for _each in range(3):
        assert job_queue.claim_next(by="one", now=timezone.now()) is not None
        job_queue.release_abandoned(dead_workers=["one"], now=timezone.now())
    with pytest.raises(engine.RenderFailed, match="killed 3 times"):
        storage.render_blocking(make_document())


@pytest.fixture(name="machines")
def _machines(tmp_path: Path) -> Iterator[Callable[..., Machine]]:
    yield from machines(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_requests_render_a_document_once(machines: Any, tmp_path: Path) -> None:
    machine = machines()
    code = (
        "import django; django.setup()\n"
        "from sessions_app.documents import storage\n"
        "from tests.sessions_app.documents.test_job_queue import TEN_PAGES, make_document\n"
        "import sys\n"
        "sys.stdout.buffer.write(storage.render_blocking(make_document(text=TEN_PAGES)))"
    )
    environment = machine.environment | {"DJANGO_SETTINGS_MODULE": "workshop.settings"}
    readers = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", code],
            cwd=site.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
        )
        for _each in range(4)
    ]
    outputs = {reader.communicate(timeout=PATIENCE)[0][:5] for reader in readers}
    assert (outputs, [reader.returncode for reader in readers]) == ({b"%PDF-"}, [0] * 4)
    assert machine.rows("SELECT state, tries FROM sessions_app_printing") == [("kept", 1)]


def test_render_reports_progress() -> None:
    calls: list[tuple[int, bool]] = []
    engine.render(
        TEN_PAGES, on_progress=lambda pages, is_laid_out: calls.append((pages, is_laid_out))
    )
    assert list(dict.fromkeys(calls)) == [*((pages, False) for pages in range(11)), (10, True)]


# Failures


@pytest.mark.usefixtures("event")
def test_failed_job_is_retried_after_a_while(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(engine, "FONT_FACES", ())
        assert client.get(PROGRAMME).status_code == 500
    assert client.get(PROGRAMME).status_code == 500
    assert (states(), PdfJob.objects.get().tries) == ([State.FAILED], 1)
    age_jobs(minutes=11)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_full_disk_is_reported_and_leaves_no_partial_file(
    client: Client, settings: Any, folder: Path
) -> None:
    storages = settings.STORAGES
    full = storages["documents"] | {"BACKEND": "tests.failing_storages.FullDiskStorage"}
    settings.STORAGES = {**storages, "documents": full}
    answer = client.get(PROGRAMME)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "This document could not be stored" in answer.content.decode()
    assert (list(folder.iterdir()), PdfJob.objects.get().error) == ([], "no space left")
    settings.STORAGES = storages
    age_jobs(minutes=2)
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event", "all_are_slow")
def test_storage_that_fails_to_list_files_does_not_stop_rendering(
    client: Client, settings: Any
) -> None:
    storages = settings.STORAGES
    unlistable = storages["documents"] | {"BACKEND": "tests.failing_storages.UnlistableStorage"}
    settings.STORAGES = {**storages, "documents": unlistable}
    client.get(PROGRAMME)
    with pytest.raises(CommandError, match="A task failed"):  # a timer sees it
        work()
    assert client.get(PROGRAMME).status_code == 200


@pytest.mark.usefixtures("event")
def test_document_with_a_missing_file_is_rendered_again(client: Client, folder: Path) -> None:
    first = client.get(PROGRAMME).content
    (file,) = folder.iterdir()
    file.unlink()
    assert client.get(PROGRAMME).content == first


@pytest.mark.django_db
def test_erasure_deletes_every_document(
    folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    storage.render_blocking(make_document("Kept"))
    storage.request_pdf(make_document("Waiting"))
    storage.request_pdf(make_document("Claimed"))
    claimed = job_queue.claim(
        storage.content_hash(make_document("Claimed")), by="one", now=timezone.now()
    )
    (folder / "of-another-time.djcache").write_bytes(b"Ms. Juny Kim")
    person = make.person_row()
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase(person=person)
    assert claimed is not None
    storage.run_job(claimed)
    assert (list(folder.iterdir()), states()) == ([], [])


def test_document_rendered_before_an_erasure_and_requested_after_it_is_deleted(
    programme: str,
) -> None:
    document = make_document("Ms. Juny Kim")
    erasure.erase(person=Person.objects.get(key="juny-kim"))
    storage.request_pdf(document)
    storage.delete_orphans()
    assert states() == []
