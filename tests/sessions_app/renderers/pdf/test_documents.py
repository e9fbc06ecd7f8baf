"""PDF documents: accessible, archivable, deterministic, and cut for their recipient."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import page as validation
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pypdf import PdfReader
from pypdf.generic import NullObject

from sessions_app import models
from sessions_app.publishing import services
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers.pdf import documents, engine
from tests import make
from tests.calendars import parse_with_icalendar
from tests.participants.access.test_viewer import AFTERNOON_WORDS
from tests.pdf_text import extract_text
from workshop.models import Event

SENTENCE = "How has the support from the highest level of government"


def html(body: str, *, title: str = "A document", lang: str = "en") -> str:
    return (
        f'<html lang="{lang}" data-head="Head" data-foot="Foot"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def faults(content: bytes, profile: str, folder: Path) -> list[str]:
    path = folder / "document.pdf"
    path.write_bytes(content)
    report = validation.validate_pdf(str(path), profile=profile)
    return [str(failure) for failure in report.failures]


def bookmarks(content: bytes) -> list[str]:
    def titles(outline: list[Any]) -> list[str]:
        texts: list[str] = []
        for item in outline:
            texts += titles(item) if isinstance(item, list) else [item.title]
        return texts

    return titles(PdfReader(BytesIO(content)).outline)


@pytest.mark.django_db
def test_every_document_is_accessible_and_cut_for_its_recipient(
    organiser_client: Client, programme: str, tmp_path: Path
) -> None:
    answer = organiser_client.get(f"/desk/{programme}/documents.zip")
    with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert len(contents) == 3 + 2 + 21 + 7
    for name, content in contents.items():
        assert faults(content, "ua1", tmp_path) == [], name
        assert len(content) < 300_000, name
        pages = len(PdfReader(BytesIO(content)).pages)
        assert pages <= (3 if "briefings" in name else 10), name
    for name in ("programme.pdf", "briefings/james-buyekane.pdf", "delegations/KE.pdf"):
        assert [word for word in AFTERNOON_WORDS if word in extract_text(contents[name])] == [], (
            name
        )
    own = extract_text(contents["briefings/debashis-nag.pdf"])
    assert ("Highlights of digital government" in own, "Keopanya" in own) == (True, False)
    assert "poses the three questions" not in extract_text(contents["briefings/james-buyekane.pdf"])
    assert "poses the three questions" in extract_text(contents["scripts/international.pdf"])
    assert "@un.org" not in "".join(map(extract_text, contents.values()))


@pytest.mark.django_db
def test_programme_is_archived_with_its_calendar(
    client: Client, programme: str, tmp_path: Path
) -> None:
    content = client.get(f"/{programme}/agenda.pdf").content
    assert faults(content, "3a", tmp_path) == []
    attached = PdfReader(BytesIO(content)).attachments
    calendar = client.get(f"/{programme}/agenda.ics").content
    assert attached == {f"{programme}.ics": [calendar]}
    assert len(parse_with_icalendar(calendar)) == 15


@pytest.mark.django_db
def test_programme_contains_every_text_of_the_agenda(
    organiser_client: Client, programme: str
) -> None:
    content = organiser_client.get(f"/{programme}/agenda.pdf").content
    text = extract_text(content)
    agenda = get_draft(Event.objects.get())
    folded = text.replace(" ", "")
    for session in agenda.sessions():
        for zone in make.ZONES:
            start, end = (zone.local(at) for at in (session.starts_at, session.ends_at))
            assert f"{start:%H:%M}–" in text
            assert f"{end:%H:%M}" in text
        texts = [session.title, session.note]
        texts += [text for person in session.everybody for text in (person.name, person.position)]
        texts += [q.text for block in session.question_blocks for q in block.questions]
        missing = [str(text) for text in texts if str(text).replace(" ", "") not in folded]
        assert missing == []
    assert "EST Tue 3 Aug 23:55– Wed 4 Aug 00:40" in text.replace("\xa0", " ")
    assert "1 / " in text
    assert f"Release {agenda.release or 1} ·" in text


@pytest.mark.django_db
def test_programme_has_bookmarks_for_its_workshops_and_sessions(
    client: Client, programme: str
) -> None:
    titles = bookmarks(client.get(f"/{programme}/agenda.pdf").content)
    assert titles[:3] == [
        "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "Programme",
        "Opening remarks",
    ]
    assert len(titles) == 1 + 2 + 15


@pytest.mark.django_db
def test_short_programme_leaves_the_questions_out(client: Client, programme: str) -> None:
    whole, short = (
        extract_text(client.get(f"/{programme}/agenda.pdf{query}").content)
        for query in ("", "?short=1")
    )
    assert (SENTENCE in whole, SENTENCE in short) == (True, False)
    assert "Institutional Coordination" in short


@pytest.mark.django_db
def test_public_programme_shows_only_the_window_of_the_afternoon(
    client: Client, programme: str
) -> None:
    text = extract_text(client.get(f"/{programme}/agenda.pdf?tz=Asia/Kathmandu").content)
    assert "The afternoon session is internal for Lao Officials and UN only." in text
    assert "Wed 4 Aug 13:00–14:45" in text.replace("\xa0", " ")
    assert [word for word in AFTERNOON_WORDS if word in text] == []


@pytest.mark.django_db
def test_briefing_is_in_the_persons_own_zone(organiser_client: Client, programme: str) -> None:
    address = f"/{programme}/people/james-buyekane/briefing.pdf"
    text = extract_text(organiser_client.get(address).content).replace("\xa0", " ")
    assert "Times are in Nairobi (EAT, UTC+3)." in text
    assert "Wed 4 Aug 05:25–05:45 Nairobi" in text
    assert "Wed 4 Aug 04:30–04:50 Opening remarks" in text
    assert "Panelist 2 of 3, after Mr. Abdul Aliyev, before Ms. Vu Thi Kim Chi" in text
    assert "Huduma Secretariat" in text
    assert "How is user feedback collected" not in text


@pytest.mark.django_db
def test_run_sheet_lists_times_of_speakers_and_unassigned_minutes(
    organiser_client: Client, programme: str
) -> None:
    address = f"/{programme}/workshops/international/script.pdf"
    text = extract_text(organiser_client.get(address).content).replace("\xa0", " ")
    assert "10:55–11:01 12:55–13:01 23:55–00:01 6 min Republic of Korea" in text
    assert "11:37–11:40 13:37–13:40 00:37–00:40 3 min not assigned" in text
    assert "Wed 4 Aug 09:45–10:05 Lao Time · 20 min No session planned" in text


@pytest.mark.django_db
def test_same_release_gives_the_same_document(
    client: Client, programme: str, settings: Any
) -> None:
    address = f"/{programme}/agenda.pdf"
    first = client.get(address)
    models.PdfJob.objects.all().delete()
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": settings.STORAGES["documents"]
        | {"OPTIONS": {"location": f"{settings.VAR}/elsewhere"}},
    }
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    text = html("<p>Twice</p>")
    assert engine.render(text) == engine.render(text)


@pytest.mark.django_db
def test_new_release_gives_a_new_document(client: Client, programme: str) -> None:
    first = client.get(f"/{programme}/agenda.pdf?short=1")
    models.Session.objects.filter(key="session-1").update(title_en="A new title")
    services.publish(event=Event.objects.get(), now=make.at(9))
    second = client.get(f"/{programme}/agenda.pdf?short=1")
    assert first["ETag"] != second["ETag"]
    assert "A new title" in extract_text(second.content)


@pytest.mark.parametrize(
    "hostile",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<link rel="attachment" href="file:///etc/passwd">',
        "<style>@import url(file:///etc/passwd);</style>",
    ],
)
def test_local_file_is_refused_with_a_message(hostile: str) -> None:
    with pytest.raises(engine.RenderFailed, match="not among the project's own files"):
        engine.render(html(hostile))


@pytest.mark.django_db
def test_hostile_texts_are_printed_as_text(client: Client) -> None:
    hostile = '<img src="file:///etc/passwd"> & {{ x }} </p>'
    event = make.event_row(title_en=hostile)
    workshop = make.workshop_row(event, title_en=hostile)
    make.session_row(workshop, title_en="x" * 5000, note_en="wide " * 20_000, key="long")
    make.session_row(workshop, title_en=hostile, key="hostile")
    services.publish(event=event, now=make.at(8))
    answer = client.get("/event/agenda.pdf")
    assert answer.status_code == 200
    assert '<img src="file:///etc/passwd">' in extract_text(answer.content)


@pytest.mark.parametrize("sign", ["\x07", "\x0b", "\x0c", "\x85", "\u2028"])
def test_control_character_is_printed_as_a_space(sign: str) -> None:
    assert "a line" in extract_text(engine.render(html(f"<p>a{sign}line</p>")))


@pytest.mark.django_db
def test_document_that_fails_shows_an_error_page(
    client: Client, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FONT_FACES", ())
    answer = client.get(f"/{programme}/agenda.pdf?tz=Asia/Tokyo")
    assert (answer.status_code, b"could not be created" in answer.content) == (500, True)


def test_every_script_uses_fonts_of_the_project(tmp_path: Path) -> None:
    text = html("<p>Nguyễn Thị · ສະບາຍດີ · 안녕하세요 · 😀</p>")
    content = engine.render(text)
    assert faults(content, "ua1", tmp_path) == []
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(BytesIO(content)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert {font.split("-")[0] for font in fonts} == {"Noto"}


def test_running_headers_and_footers_are_artifacts() -> None:
    reader = PdfReader(BytesIO(engine.render(html("<p>A line</p><p>Another</p>"))))
    (page,) = reader.pages
    content = page.get_contents().get_data()  # type: ignore[union-attr]
    numbers = {int(number) for number in re.findall(rb"/MCID (\d+)", content)}
    tree: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    elements = tree["/ParentTree"]["/Nums"][1].get_object()
    in_tree = {
        index for index, element in enumerate(elements) if not isinstance(element, NullObject)
    }
    assert in_tree == numbers
    assert kids(tree["/K"]) == sorted(numbers)
    # The title and two paragraphs are content, the footer and the page number are not.
    assert (len(numbers), content.count(b"BT\n")) == (3, 5)


def kids(element: Any) -> list[int]:
    """Numbers of all marked content below an element of the structure tree."""
    element = element.get_object()
    if isinstance(element, int):
        return [element]
    below = element if isinstance(element, list) else element.get("/K", [])
    return sorted(number for child in below for number in kids(child))


@pytest.mark.django_db
def test_desk_refuses_documents_in_an_unknown_zone(
    organiser_client: Client, programme: str
) -> None:
    for path in ("documents/", "documents/programme.pdf", "documents.zip"):
        answer = organiser_client.get(f"/desk/{programme}/{path}?tz=Nowhere")
        assert (answer.status_code, b"is not a known time zone" in answer.content) == (400, True)


@pytest.mark.django_db
def test_failed_document_is_named_and_the_others_are_exported(
    programme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.Session.objects.exclude(key="session-1").update(dropped_at=make.at(1))
    services.publish(event=Event.objects.get(), now=make.at(9))

    def broken(*_arguments: Any) -> Any:
        raise engine.RenderFailed("the ink ran out")

    monkeypatch.setattr(documents, "render_run_sheet", broken)
    with pytest.raises(CommandError, match=r"scripts/international.pdf: the ink ran out"):
        call_command("export_documents", programme, "--to", str(tmp_path))
    with zipfile.ZipFile(tmp_path / f"{programme}-documents.zip") as archive:
        names = archive.namelist()
    assert "programme.pdf" in names
    assert "scripts/international.pdf" not in names


@pytest.mark.django_db
def test_desk_lists_every_document_for_organisers_only(
    client: Client, organiser_client: Client, programme: str
) -> None:
    assert client.get(f"/desk/{programme}/documents/").status_code == 302
    assert client.get(f"/desk/{programme}/documents.zip").status_code == 302
    page = organiser_client.get(f"/desk/{programme}/documents/").content.decode()
    assert page.count("data-document") == 33
    assert organiser_client.get(f"/desk/{programme}/documents/none.pdf").status_code == 404


@pytest.mark.django_db
def test_public_programme_downloaded_by_an_organiser_has_public_content(
    organiser_client: Client, programme: str
) -> None:
    public, own = (
        organiser_client.get(f"/desk/{programme}/documents/{name}.pdf")
        for name in ("programme", "programme-organisers")
    )
    assert [word for word in AFTERNOON_WORDS if word in extract_text(public.content)] == []
    assert "for organisers only" not in extract_text(public.content)
    assert "for organisers only" in extract_text(own.content)
    assert "odsc-laos-2021-organisers.pdf" in own["Content-Disposition"]
