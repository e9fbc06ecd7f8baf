"""The draft at the desk: drawn as for readers, marked on every page, for organisers alone."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from sessions_app import models
from tests import make
from tests.papers import printed
from tests.participants.access.test_permissions import SECRETS
from tests.sessions_app.public.test_views import text_of
from tests.sessions_app.renderers.pdf.test_documents import faults

pytestmark = pytest.mark.django_db

EDITED = "A title that nobody published"
MARK = re.compile(r"DRAFT of \d+ \w+ 20\d\d, \d\d:\d\d Lao Time\. Readers see release 1\.")


@pytest.fixture
def draft(programme: str) -> str:
    """The address of the draft, in which a session has a title that readers do not see."""
    session = models.Session.objects.get(key="session-1")
    session.title_en = EDITED
    session.save()
    return f"/desk/{programme}/draft"


def said(answer: Any) -> str:
    return text_of(answer).replace("\N{NO-BREAK SPACE}", " ")


def test_draft_shows_what_the_public_page_does_not(
    client: Client, organiser_client: Client, programme: str, draft: str
) -> None:
    page = said(organiser_client.get(f"{draft}/"))
    assert EDITED in page
    assert len(MARK.findall(page)) == 2
    assert EDITED not in said(client.get(f"/{programme}/"))
    assert "DRAFT" not in said(client.get(f"/{programme}/"))


def test_draft_is_for_organisers_and_kept_nowhere(
    client: Client, organiser_client: Client, draft: str
) -> None:
    for address in (f"{draft}/", f"{draft}.pdf", f"{draft}/?as=public"):
        assert "login" in client.get(address)["Location"]
        assert client.post(address).status_code == 405
        assert organiser_client.get(address)["Cache-Control"] == "private, no-store"


def test_draft_leads_nowhere_but_to_the_desk(organiser_client: Client, draft: str) -> None:
    page = organiser_client.get(f"{draft}/?tz=KST&as=juny-kim").content.decode()
    found = re.findall(r'<a [^>]*href="([^"]*)"', page)
    assert [each for each in found if not each.startswith(("/desk/", "#"))] == []
    assert f"{draft}.pdf?as=juny-kim&amp;tz=KST" in found
    assert f"{draft}.pdf?short=1&amp;as=juny-kim&amp;tz=KST" in found
    assert f"{draft}/?as=juny-kim" in found
    assert page.count('<input type="hidden" name="tz" value="KST">') == 1
    assert page.count('<input type="hidden" name="as" value="juny-kim">') == 1


def test_draft_as_everybody_tells_of_the_afternoon_its_window(
    organiser_client: Client, draft: str
) -> None:
    for suffix in ("/", ".pdf"):
        answer = organiser_client.get(f"{draft}{suffix}?as=public")
        text = printed(answer.content) if suffix == ".pdf" else said(answer)
        assert [word for word in SECRETS if word in text] == []
        assert "poses the three questions" not in text
        assert EDITED in text
        assert "as everybody would read it" in text


def test_draft_as_a_person_has_their_own_part_of_a_closed_workshop(
    organiser_client: Client, draft: str
) -> None:
    content = organiser_client.get(f"{draft}.pdf?as=debashis-nag").content
    text = printed(content)
    assert ("Highlights of digital government" in text, "Keopanya" in text) == (True, False)
    assert "as Mr. Debashis Nag would read it" in text


def test_paper_of_the_draft_says_so_on_every_page_and_is_accessible(
    organiser_client: Client, draft: str, tmp_path: Path
) -> None:
    answer = organiser_client.get(f"{draft}.pdf")
    paper = PdfReader(BytesIO(answer.content))
    assert len(paper.pages) == 8
    assert {page.extract_text().count("DRAFT") for page in paper.pages[1:]} == {3}
    assert MARK.search(printed(answer.content))
    assert str(paper.metadata.title).startswith("DRAFT: Peer-to-Peer")  # type: ignore[union-attr]
    assert "odsc-laos-2021-draft-organisers.pdf" in answer["Content-Disposition"]
    assert EDITED in printed(answer.content)
    for profile in ("ua1", "3a"):
        assert faults(answer.content, profile, tmp_path) == []


def test_paper_of_the_draft_carries_no_calendar(organiser_client: Client, draft: str) -> None:
    content = organiser_client.get(f"{draft}.pdf?as=public&short=1").content
    assert PdfReader(BytesIO(content)).attachments == {}
    assert b"METHOD:PUBLISH" not in content


def test_draft_that_was_never_published_says_that_readers_see_nothing(
    organiser_client: Client,
) -> None:
    workshop = make.workshop_row(make.event_row(), readership="those_let_in")
    make.session_row(workshop)
    page = said(organiser_client.get("/desk/event/draft/"))
    assert ("Readers see nothing yet." in page, "Leadership" in page) == (True, True)
    assert "Leadership" not in said(organiser_client.get("/desk/event/draft/?as=public"))
    assert "Leadership" in printed(organiser_client.get("/desk/event/draft.pdf").content)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("as=nobody", "Nobody who appears in the draft has the key “nobody”."),
        ("tz=Nowhere", "“Nowhere” is no time zone that this programme knows."),
        ("lang=xx", "This programme has no language “xx”"),
    ],
)
@pytest.mark.parametrize("suffix", ["/", ".pdf"])
def test_draft_refuses_in_a_sentence(
    organiser_client: Client, draft: str, query: str, sentence: str, suffix: str
) -> None:
    answer = organiser_client.get(f"{draft}{suffix}?{query}")
    assert (answer.status_code, sentence in said(answer)) == (400, True)
    assert answer["Cache-Control"] == "private, no-store"
