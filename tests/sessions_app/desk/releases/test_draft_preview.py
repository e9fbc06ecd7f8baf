"""Draft preview: rendered as for readers, marked on every page, for organisers only."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from sessions_app import models
from tests import make
from tests.participants.access.test_viewer import AFTERNOON_WORDS
from tests.pdf_text import extract_text
from tests.sessions_app.public.test_views import text_of
from tests.sessions_app.renderers.pdf.test_documents import faults

pytestmark = pytest.mark.django_db

EDITED = "A title that nobody published"
MARK = re.compile(r"DRAFT of \d+ \w+ 20\d\d, \d\d:\d\d Lao Time\. Readers see release 1\.")


@pytest.fixture
def draft(programme: str) -> str:
    """Address of the draft, in which a session has a title that readers do not see."""
    session = models.Session.objects.get(key="session-1")
    session.title_en = EDITED
    session.save()
    return f"/desk/{programme}/draft"


def page_text(answer: Any) -> str:
    return text_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def test_draft_shows_what_the_public_page_does_not(
    client: Client, organiser_client: Client, programme: str, draft: str
) -> None:
    page = page_text(organiser_client.get(f"{draft}/"))
    assert EDITED in page
    assert len(MARK.findall(page)) == 2
    assert EDITED not in page_text(client.get(f"/{programme}/"))
    assert "DRAFT" not in page_text(client.get(f"/{programme}/"))


def test_draft_is_for_organisers_and_never_cached(
    client: Client, organiser_client: Client, draft: str
) -> None:
    for address in (f"{draft}/", f"{draft}.pdf", f"{draft}/?as=public"):
        assert "login" in client.get(address)["Location"]
        assert client.post(address).status_code == 405
        assert organiser_client.get(address)["Cache-Control"] == "private, no-store"


def test_draft_links_only_to_the_desk(organiser_client: Client, draft: str) -> None:
    page = organiser_client.get(f"{draft}/?tz=KST&as=juny-kim").content.decode()
    links = re.findall(r'<a [^>]*href="([^"]*)"', page)
    assert [link for link in links if not link.startswith(("/desk/", "#"))] == []
    assert f"{draft}.pdf?as=juny-kim&amp;tz=KST" in links
    assert f"{draft}.pdf?short=1&amp;as=juny-kim&amp;tz=KST" in links
    assert f"{draft}/?as=juny-kim" in links
    assert page.count('<input type="hidden" name="tz" value="KST">') == 1
    assert page.count('<input type="hidden" name="as" value="juny-kim">') == 1


def test_draft_as_everybody_shows_only_the_hours_of_the_afternoon(
    organiser_client: Client, draft: str
) -> None:
    for suffix in ("/", ".pdf"):
        answer = organiser_client.get(f"{draft}{suffix}?as=public")
        text = extract_text(answer.content) if suffix == ".pdf" else page_text(answer)
        assert [word for word in AFTERNOON_WORDS if word in text] == []
        assert "poses the three questions" not in text
        assert EDITED in text
        assert "as seen by everybody" in text


def test_draft_as_a_person_shows_their_session_of_a_closed_workshop(
    organiser_client: Client, draft: str
) -> None:
    content = organiser_client.get(f"{draft}.pdf?as=debashis-nag").content
    text = extract_text(content)
    assert ("Highlights of digital government" in text, "Keopanya" in text) == (True, False)
    assert "as seen by Mr. Debashis Nag" in text


def test_pdf_of_the_draft_is_marked_on_every_page_and_accessible(
    organiser_client: Client, draft: str, tmp_path: Path
) -> None:
    answer = organiser_client.get(f"{draft}.pdf")
    document = PdfReader(BytesIO(answer.content))
    assert len(document.pages) == 8
    assert {page.extract_text().count("DRAFT") for page in document.pages[1:]} == {3}
    assert MARK.search(extract_text(answer.content))
    assert str(document.metadata.title).startswith("DRAFT: Peer-to-Peer")  # type: ignore[union-attr]
    assert "odsc-laos-2021-draft-organisers.pdf" in answer["Content-Disposition"]
    assert EDITED in extract_text(answer.content)
    for profile in ("ua1", "3a"):
        assert faults(answer.content, profile, tmp_path) == []


def test_pdf_of_the_draft_has_no_calendar(organiser_client: Client, draft: str) -> None:
    content = organiser_client.get(f"{draft}.pdf?as=public&short=1").content
    assert PdfReader(BytesIO(content)).attachments == {}
    assert b"METHOD:PUBLISH" not in content


def test_draft_that_was_never_published_shows_that_readers_see_nothing(
    organiser_client: Client,
) -> None:
    workshop = make.workshop_row(make.event_row(), readership="those_let_in")
    make.session_row(workshop)
    page = page_text(organiser_client.get("/desk/event/draft/"))
    assert ("Readers see nothing yet." in page, "Leadership" in page) == (True, True)
    assert "Leadership" not in page_text(organiser_client.get("/desk/event/draft/?as=public"))
    assert "Leadership" in extract_text(organiser_client.get("/desk/event/draft.pdf").content)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as=nobody", "Nobody who appears in the draft has the key “nobody”."),
        ("tz=Nowhere", "“Nowhere” is not a known time zone."),
        ("lang=xx", "This programme has no language “xx”"),
    ],
)
@pytest.mark.parametrize("suffix", ["/", ".pdf"])
def test_draft_refuses_bad_parameters_with_a_sentence(
    organiser_client: Client, draft: str, query: str, sentence: str, suffix: str
) -> None:
    answer = organiser_client.get(f"{draft}{suffix}?{query}")
    assert (answer.status_code, sentence in page_text(answer)) == (400, True)
    assert answer["Cache-Control"] == "private, no-store"
