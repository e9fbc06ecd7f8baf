"""Papers: accessible, archived, the same bytes; each says what its reader may read."""

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
from tests.calendars import by_icalendar
from tests.papers import printed
from tests.participants.access.test_permissions import SECRETS
from workshop.models import Event

SENTENCE = "How has the support from the highest level of government"


def html(body: str, *, title: str = "A paper", lang: str = "en") -> str:
    return (
        f'<html lang="{lang}" data-head="Head" data-foot="Foot"><head><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def faults(content: bytes, profile: str, folder: Path) -> list[str]:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    report = validation.validate_pdf(str(path), profile=profile)
    return [str(failure) for failure in report.failures]


def bookmarks(content: bytes) -> list[str]:
    def titles(outline: list[Any]) -> list[str]:
        found: list[str] = []
        for each in outline:
            found += titles(each) if isinstance(each, list) else [each.title]
        return found

    return titles(PdfReader(BytesIO(content)).outline)


@pytest.mark.django_db
def test_every_paper_of_the_programme_is_accessible_and_made_for_its_reader(
    organiser_client: Client, programme: str, tmp_path: Path
) -> None:
    answer = organiser_client.get(f"/desk/{programme}/papers.zip")
    with zipfile.ZipFile(BytesIO(answer.getvalue())) as archive:
        papers = {name: archive.read(name) for name in archive.namelist()}
    assert len(papers) == 3 + 2 + 21 + 7
    for name, content in papers.items():
        assert faults(content, "ua1", tmp_path) == [], name
        assert len(content) < 300_000, name
        pages = len(PdfReader(BytesIO(content)).pages)
        assert pages <= (3 if "briefings" in name else 10), name
    for name in ("programme.pdf", "briefings/james-buyekane.pdf", "delegations/KE.pdf"):
        assert [word for word in SECRETS if word in printed(papers[name])] == [], name
    own = printed(papers["briefings/debashis-nag.pdf"])
    assert ("Highlights of digital government" in own, "Keopanya" in own) == (True, False)
    assert "poses the three questions" not in printed(papers["briefings/james-buyekane.pdf"])
    assert "poses the three questions" in printed(papers["scripts/international.pdf"])
    assert "@un.org" not in "".join(map(printed, papers.values()))


@pytest.mark.django_db
def test_programme_is_archived_with_its_calendar(
    client: Client, programme: str, tmp_path: Path
) -> None:
    content = client.get(f"/{programme}/agenda.pdf").content
    assert faults(content, "3a", tmp_path) == []
    attached = PdfReader(BytesIO(content)).attachments
    calendar = client.get(f"/{programme}/agenda.ics").content
    assert attached == {f"{programme}.ics": [calendar]}
    assert len(by_icalendar(calendar)) == 15


@pytest.mark.django_db
def test_programme_says_all_that_the_agenda_says(organiser_client: Client, programme: str) -> None:
    content = organiser_client.get(f"/{programme}/agenda.pdf").content
    said = printed(content)
    agenda = get_draft(Event.objects.get())
    folded = said.replace(" ", "")
    for session in agenda.sessions():
        for zone in make.ZONES:
            start, end = (zone.local(at) for at in (session.starts_at, session.ends_at))
            assert f"{start:%H:%M}–" in said
            assert f"{end:%H:%M}" in said
        texts = [session.title, session.note]
        texts += [text for who in session.everybody for text in (who.name, who.position)]
        texts += [q.text for block in session.question_blocks for q in block.questions]
        missing = [str(text) for text in texts if str(text).replace(" ", "") not in folded]
        assert missing == []
    assert "EST Tue 3 Aug 23:55– Wed 4 Aug 00:40" in said.replace("\xa0", " ")
    assert "1 / " in said
    assert f"Release {agenda.release or 1} ·" in said


@pytest.mark.django_db
def test_programme_has_bookmarks_for_its_workshops_and_sessions(
    client: Client, programme: str
) -> None:
    found = bookmarks(client.get(f"/{programme}/agenda.pdf").content)
    assert found[:3] == [
        "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "Programme",
        "Opening remarks",
    ]
    assert len(found) == 1 + 2 + 15


@pytest.mark.django_db
def test_short_programme_leaves_the_questions_out(client: Client, programme: str) -> None:
    whole, short = (
        printed(client.get(f"/{programme}/agenda.pdf{query}").content) for query in ("", "?short=1")
    )
    assert (SENTENCE in whole, SENTENCE in short) == (True, False)
    assert "Institutional Coordination" in short


@pytest.mark.django_db
def test_programme_of_a_stranger_tells_of_the_afternoon_its_window(
    client: Client, programme: str
) -> None:
    said = printed(client.get(f"/{programme}/agenda.pdf?tz=Asia/Kathmandu").content)
    assert "The afternoon session is internal for Lao Officials and UN only." in said
    assert "Wed 4 Aug 13:00–14:45" in said.replace("\xa0", " ")
    assert [word for word in SECRETS if word in said] == []


@pytest.mark.django_db
def test_briefing_speaks_in_the_persons_own_clock(organiser_client: Client, programme: str) -> None:
    address = f"/{programme}/people/james-buyekane/briefing.pdf"
    said = printed(organiser_client.get(address).content).replace("\xa0", " ")
    assert "Times are those of Nairobi (EAT, UTC+3)." in said
    assert "Wed 4 Aug 05:25–05:45 Nairobi" in said
    assert "Wed 4 Aug 04:30–04:50 Opening remarks" in said
    assert "Panelist 2 of 3, after Mr. Abdul Aliyev, before Ms. Vu Thi Kim Chi" in said
    assert "Huduma Secretariat" in said
    assert "How is user feedback collected" not in said


@pytest.mark.django_db
def test_script_gives_everybody_their_minute_and_names_what_is_left(
    organiser_client: Client, programme: str
) -> None:
    address = f"/{programme}/workshops/international/script.pdf"
    said = printed(organiser_client.get(address).content).replace("\xa0", " ")
    assert "10:55–11:01 12:55–13:01 23:55–00:01 6 min Republic of Korea" in said
    assert "11:37–11:40 13:37–13:40 00:37–00:40 3 min not allotted to anybody" in said
    assert "Wed 4 Aug 09:45–10:05 Lao Time · 20 min Nothing is planned here" in said


@pytest.mark.django_db
def test_same_release_gives_the_same_paper(client: Client, programme: str, settings: Any) -> None:
    address = f"/{programme}/agenda.pdf"
    first = client.get(address)
    models.Printing.objects.all().delete()
    settings.STORAGES = {
        **settings.STORAGES,
        "papers": settings.STORAGES["papers"]
        | {"OPTIONS": {"location": f"{settings.VAR}/elsewhere"}},
    }
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, first["ETag"])
    text = html("<p>Twice</p>")
    assert engine.write(text) == engine.write(text)


@pytest.mark.django_db
def test_new_release_gives_a_new_paper(client: Client, programme: str) -> None:
    first = client.get(f"/{programme}/agenda.pdf?short=1")
    models.Session.objects.filter(key="session-1").update(title_en="A new title")
    services.publish(event=Event.objects.get(), now=make.at(9))
    second = client.get(f"/{programme}/agenda.pdf?short=1")
    assert first["ETag"] != second["ETag"]
    assert "A new title" in printed(second.content)


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
def test_file_of_the_machine_is_refused_and_told(hostile: str) -> None:
    with pytest.raises(engine.PaperFailed, match="not among the project's own files"):
        engine.write(html(hostile))


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
    assert '<img src="file:///etc/passwd">' in printed(answer.content)


@pytest.mark.parametrize("sign", ["\x07", "\x0b", "\x0c", "\x85", "\u2028"])
def test_control_character_is_printed_as_a_space(sign: str) -> None:
    assert "a line" in printed(engine.write(html(f"<p>a{sign}line</p>")))


@pytest.mark.django_db
def test_paper_that_cannot_be_made_says_so(
    client: Client, programme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FACES", ())
    answer = client.get(f"/{programme}/agenda.pdf?tz=Asia/Tokyo")
    assert (answer.status_code, b"could not be made" in answer.content) == (500, True)


def test_every_script_is_set_in_fonts_of_the_project(tmp_path: Path) -> None:
    text = html("<p>Nguyễn Thị · ສະບາຍດີ · 안녕하세요 · 😀</p>")
    content = engine.write(text)
    assert faults(content, "ua1", tmp_path) == []
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for sheet in PdfReader(BytesIO(content)).pages
        for font in sheet["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert {font.split("-")[0] for font in fonts} == {"Noto"}


def test_what_stands_around_the_pages_is_no_content() -> None:
    reader = PdfReader(BytesIO(engine.write(html("<p>A line</p><p>Another</p>"))))
    (sheet,) = reader.pages
    drawn = sheet.get_contents().get_data()  # type: ignore[union-attr]
    numbers = {int(number) for number in re.findall(rb"/MCID (\d+)", drawn)}
    tree: Any = reader.trailer["/Root"]["/StructTreeRoot"]  # type: ignore[index]
    elements = tree["/ParentTree"]["/Nums"][1].get_object()
    in_tree = {place for place, each in enumerate(elements) if not isinstance(each, NullObject)}
    assert in_tree == numbers
    assert kids(tree["/K"]) == sorted(numbers)
    # The title and two paragraphs are content, the foot and the number of the page are not.
    assert (len(numbers), drawn.count(b"BT\n")) == (3, 5)


def kids(element: Any) -> list[int]:
    """The numbers of all marked content below an element of the tree."""
    element = element.get_object()
    if isinstance(element, int):
        return [element]
    below = element if isinstance(element, list) else element.get("/K", [])
    return sorted(number for each in below for number in kids(each))


@pytest.mark.django_db
def test_desk_refuses_papers_in_an_unknown_zone(organiser_client: Client, programme: str) -> None:
    for path in ("papers/", "papers/programme.pdf", "papers.zip"):
        answer = organiser_client.get(f"/desk/{programme}/{path}?tz=Nowhere")
        assert (answer.status_code, b"is no time zone" in answer.content) == (400, True)


@pytest.mark.django_db
def test_paper_that_fails_is_named_and_the_others_are_made(
    programme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models.Session.objects.exclude(key="session-1").update(dropped_at=make.at(1))
    services.publish(event=Event.objects.get(), now=make.at(9))

    def broken(*_arguments: Any) -> Any:
        raise engine.PaperFailed("the ink ran out")

    monkeypatch.setattr(documents, "script", broken)
    with pytest.raises(CommandError, match=r"scripts/international.pdf: the ink ran out"):
        call_command("export_papers", programme, "--to", str(tmp_path))
    with zipfile.ZipFile(tmp_path / f"{programme}-papers.zip") as archive:
        names = archive.namelist()
    assert "programme.pdf" in names
    assert "scripts/international.pdf" not in names


@pytest.mark.django_db
def test_desk_lists_every_paper_to_organisers_alone(
    client: Client, organiser_client: Client, programme: str
) -> None:
    assert client.get(f"/desk/{programme}/papers/").status_code == 302
    assert client.get(f"/desk/{programme}/papers.zip").status_code == 302
    page = organiser_client.get(f"/desk/{programme}/papers/").content.decode()
    assert page.count("data-paper") == 33
    assert organiser_client.get(f"/desk/{programme}/papers/none.pdf").status_code == 404


@pytest.mark.django_db
def test_paper_for_everybody_is_for_everybody_when_an_organiser_takes_it(
    organiser_client: Client, programme: str
) -> None:
    public, own = (
        organiser_client.get(f"/desk/{programme}/papers/{name}.pdf")
        for name in ("programme", "programme-organisers")
    )
    assert [word for word in SECRETS if word in printed(public.content)] == []
    assert "for organisers only" not in printed(public.content)
    assert "for organisers only" in printed(own.content)
    assert "odsc-laos-2021-organisers.pdf" in own["Content-Disposition"]
