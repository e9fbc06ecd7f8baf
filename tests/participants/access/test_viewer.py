"""Tests of visibility at every URL and in every format."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLResolver, get_resolver

from sessions_app.models import Release
from sessions_app.publishing import services
from tests import make
from tests.pdf_text import extract_text
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

# Words that occur only in the afternoon's sessions, people and texts.
AFTERNOON_WORDS = (
    *("Keopanya", "Debashis", "Keping Yao", "Nag", "UNDP RR", "Debriefing", "Saysettha"),
    *("Bachieng", "Checklist", "Roadmap", "Sisattanak", "provide comments", "Pilot tested"),
)
# Private or internal data of the morning.
INTERNAL = ("@un.org", "Concept note", "13:00 pm", "poses the three questions", "Loaded from")

# Every URL by name; anonymous readers are redirected from the desk to sign-in.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "alive": ("/healthz",),
    "metrics": (),  # needs a token: see test_front.py
    "ready": ("/readyz",),
    "events": ("/",),
    "schema": ("/agenda.schema.json",),
    "desk": ("/desk/", "/desk/?all"),
    "sign-in": ("/desk/sign-in/",),
    "agenda": ("/{slug}/", "/{slug}/?tz=Asia/Baku", "/{slug}/?lang=lo"),
    "agenda-json": ("/{slug}/agenda.json",),
    "agenda-ics": ("/{slug}/agenda.ics",),
    "workshop-ics": ("/{slug}/workshops/international.ics", "/{slug}/workshops/national.ics"),
    "session-ics": ("/{slug}/sessions/session-2.ics", "/{slug}/sessions/welcome.ics"),
    "person-ics": ("/{slug}/people/bokyun-shim.ics", "/{slug}/people/debashis-nag.ics"),
    "country-ics": ("/{slug}/countries/LA.ics", "/{slug}/countries/BD.ics"),
    "programme": ("/{slug}/agenda.pdf", "/{slug}/agenda.pdf?short=1"),
    "briefing": ("/{slug}/people/bokyun-shim/briefing.pdf",),
    "country-brief": ("/{slug}/countries/LA.pdf", "/{slug}/countries/BD.pdf"),
    "run-sheet": (
        "/{slug}/workshops/international/script.pdf",
        "/{slug}/workshops/national/script.pdf",
    ),
    "board": ("/desk/{slug}/",),
    "review": ("/desk/{slug}/review/",),
    "draft": ("/desk/{slug}/draft/", "/desk/{slug}/draft/?as=public"),
    "draft-pdf": ("/desk/{slug}/draft.pdf",),
    "compare": ("/desk/{slug}/compare/", "/desk/{slug}/compare/?old=1&new=draft"),
    "releases": ("/desk/{slug}/releases/",),
    "released": ("/desk/{slug}/releases/2/",),
    "awake": ("/desk/{slug}/awake/", "/desk/{slug}/awake/?shift=2"),
    "move": ("/desk/{slug}/sessions/welcome/move/",),
    "reorder": ("/desk/{slug}/sessions/welcome/reorder/?before=end",),
    "people": ("/desk/{slug}/people/",),
    "replace-person": ("/desk/{slug}/people/bokyun-shim/replace/",),
    "merge-people": ("/desk/{slug}/people/bokyun-shim/merge/",),
    "withdraw-country": ("/desk/{slug}/countries/LA/withdraw/",),
    "confirm-name": (),  # needs a placeholder: see tests/sessions_app/desk/people
    "copy": ("/desk/{slug}/copy/", "/desk/{slug}/copy/?starts_on=2021-11-10"),
    "timezone": ("/desk/{slug}/timezone/", "/desk/{slug}/timezone/?zone=Asia/Seoul&keep=clock"),
    # POST only: see tests/sessions_app/desk.
    **dict.fromkeys(("undo-move", "cancel", "duplicate", "restore"), ()),
    "replies": ("/desk/{slug}/replies/",),
    "participant-data": ("/desk/{slug}/participants/juny-kim/data/",),
    "participant-data-file": (),  # e-mail addresses: see test_erasure.py
    # Personal pages: see test_home.py, test_replies.py and test_calendar_feed.py.
    "me-open": ("/me/some-token/",),
    **dict.fromkeys(("me", "me-clock", "me-leave", "me-reply"), ()),
    **dict.fromkeys(("me-calendar", "me-calendar-renew", "participant-link"), ()),
    "participants": ("/desk/{slug}/participants/", "/desk/{slug}/participants/?role=delegate"),
    "participants-csv": ("/desk/{slug}/participants.csv",),
    "list-import": ("/desk/{slug}/participants/import/",),
    "list-preview": ("/desk/{slug}/participants/import/preview/",),
    "list-refused": ("/desk/{slug}/participants/import/refused.csv",),
    # See tests/participants/desk/test_participant_list.py and tests/participants/lists.
    **dict.fromkeys(("participant-add", "participant-take-off", "participant-put-back"), ()),
    **dict.fromkeys(("participants-xlsx", "participants-programme"), ()),
    # POST only: see tests/participants/desk/test_mail.py.
    **dict.fromkeys(("mails-stop", "mail-retry"), ()),
    **dict.fromkeys(("mail-send-again", "mail-counts-as-sent"), ()),
    "mails": ("/desk/{slug}/mails/",),
    "mail-recipients": ("/desk/{slug}/mails/invitation/", "/desk/{slug}/mails/change/"),
    "mail-preview": ("/desk/{slug}/mails/invitation/preview/juny-kim/",),
    "mail-html": ("/desk/{slug}/mails/invitation/preview/juny-kim/mail.html",),
    "documents": ("/desk/{slug}/documents/",),
    "document": ("/desk/{slug}/documents/programme-organisers.pdf",),
    "documents-zip": (),  # its documents are tested one by one
    # Redirects to URLs of this list.
    "former-address": ("/desk/{slug}/letters/", "/desk/{slug}/papers/", "/desk/{slug}/clock/"),
    "session": ("/{slug}/sessions/session-2/", "/{slug}/sessions/welcome/"),
    "person": ("/{slug}/people/bokyun-shim/", "/{slug}/people/debashis-nag/"),
    "country": ("/{slug}/countries/LA/", "/{slug}/countries/BD/"),
    "about": ("/{slug}/about/",),
    "changes": ("/{slug}/changes/",),
    "release": ("/{slug}/releases/1/", "/{slug}/releases/2/"),
}
# URLs that only registered participants can open.
CLOSED = (
    *("/{slug}/sessions/welcome/", "/{slug}/people/debashis-nag/"),
    *("/{slug}/workshops/national.ics", "/{slug}/sessions/welcome.ics"),
    *("/{slug}/people/debashis-nag.ics", "/{slug}/people/bokyun-shim/briefing.pdf"),
    "/{slug}/workshops/international/script.pdf",
    "/{slug}/workshops/national/script.pdf",
)


@pytest.fixture
def two_releases(programme: str) -> str:
    """Programme with a second release that changed only the afternoon."""
    event = Event.objects.get(slug=programme)
    session = event.sessions.get(key="odsc-roadmap")
    session.title_en = "Presentation on ODSC Roadmap and Debriefing"
    session.save()
    assert services.publish(event=event, now=make.at(9))[1]
    return programme


def get_all(client: Client, slug: str) -> dict[str, Any]:
    paths = [path for paths in ADDRESSES.values() for path in paths]
    return {path: client.get(path.format(slug=slug), follow=True) for path in paths}


def response_text(answer: Any) -> str:
    """Text of a response, with unfolded calendar lines and the pages of a PDF.

    Without form tokens, which are random and may contain any word.
    """
    if answer["Content-Type"] == "application/pdf":
        return extract_text(answer.content)
    text: str = answer.content.decode()
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return text.replace("\r\n ", "")


def test_table_has_every_url() -> None:
    assert set(names(get_resolver())) == set(ADDRESSES)


def names(resolver: URLResolver) -> Iterator[str]:
    """URL names of this project, without the admin, which has its own permissions."""
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLResolver):
            yield pattern.name
        elif pattern.namespace != "admin":
            yield from names(pattern)


def test_anonymous_reader_sees_nothing_of_the_afternoon(client: Client, two_releases: str) -> None:
    leaks = [
        (path, word)
        for path, answer in get_all(client, two_releases).items()
        for word in (*AFTERNOON_WORDS, *INTERNAL)
        if word in response_text(answer)
    ]
    assert leaks == []


def test_organiser_sees_the_afternoon(organiser_client: Client, two_releases: str) -> None:
    texts = "".join(
        response_text(answer) for answer in get_all(organiser_client, two_releases).values()
    )
    assert [word for word in AFTERNOON_WORDS if word not in texts] == []
    assert "Concept note" in texts
    assert "poses the three questions" in texts
    assert "@un.org" not in texts


def test_anonymous_reader_gets_404_where_organiser_gets_200(
    client: Client, organiser_client: Client, two_releases: str
) -> None:
    stranger, organiser = (get_all(reader, two_releases) for reader in (client, organiser_client))
    refused = {path for path, answer in stranger.items() if answer.status_code == 404}
    assert refused == set(CLOSED)
    assert {organiser[path].status_code for path in CLOSED} == {200}


def test_invalid_characters_in_parameters_cause_no_server_error(
    organiser_client: Client, programme: str
) -> None:
    names = ("as", "before", "chosen", "country", "from", "keep", "kind", "language", "new", "old")
    names += ("q", "reply", "role", "shift", "show", "starts_on", "state", "workshop", "zone")
    queries = ("&".join(f"{name}={sent}" for name in names) for sent in ("%00", "9" * 40))
    status_codes = {
        (query, path): organiser_client.get(f"{path.format(slug=programme)}?{query}").status_code
        for query in queries
        for path in (*(paths[0].partition("?")[0] for paths in ADDRESSES.values() if paths),)
        if not path.endswith(".pdf")
    }
    assert {at: code for at, code in status_codes.items() if code >= 500} == {}
    for path in ("/{}/releases/" + "9" * 40 + "/", "/me/%00/", "/me/calendar/%00.ics", "/%00/"):
        assert organiser_client.get(path.format(programme)).status_code in (200, 400, 404)
    credentials = {"username": "\0", "password": "\0"}
    assert Client().post("/admin/login/", credentials).status_code == 200


def test_forbidden_and_missing_pages_are_identical(client: Client, programme: str) -> None:
    closed = client.get(f"/{programme}/people/debashis-nag/")
    missing = client.get(f"/{programme}/people/nobody/")
    assert (closed.status_code, closed.content) == (missing.status_code, missing.content)


def test_closed_workshop_shows_only_title_window_and_audience(
    client: Client, programme: str
) -> None:
    document = json.loads(client.get(f"/{programme}/agenda.json").content)
    assert document["workshops"][1] == {
        "key": "national",
        "title": "National Workshop on Lessons Learned and Next Steps in Implementing "
        "the One-Door Service Centers in Lao PDR",
        "starts_at": "2021-08-04T07:15:00Z",
        "ends_at": "2021-08-04T09:00:00Z",
        "audience": "The afternoon session is internal for Lao Officials and UN only.",
        "admission": "internal",
        "readable": False,
        "place": "",
        "people": [],
        "sessions": [],
    }
    page = client.get(f"/{programme}/").content.decode()
    assert "The afternoon session is internal for Lao Officials and UN only." in page
    assert "14:15" in page


def test_closing_a_workshop_applies_at_once_to_old_releases(client: Client, programme: str) -> None:
    assert b"Juny Kim" in client.get(f"/{programme}/releases/1/").content
    Workshop.objects.filter(key="international").update(readership="those_let_in")
    for path in (f"/{programme}/", f"/{programme}/releases/1/", f"/{programme}/agenda.json"):
        answer = client.get(path)
        assert (answer.status_code, b"Juny Kim" in answer.content) == (200, False)
    assert client.get(f"/{programme}/people/juny-kim/").status_code == 404


@pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
def test_removed_staff_access_ends_at_once(programme: str, organiser: User, change: Any) -> None:
    client = Client()
    client.force_login(organiser)
    User.objects.filter(pk=organiser.pk).update(**change)
    assert b"Keopanya" not in client.get(f"/{programme}/").content


def test_anonymous_reader_does_not_see_a_release_of_the_afternoon(
    client: Client, organiser_client: Client, two_releases: str
) -> None:
    stranger, organiser = (
        reader.get(f"/{two_releases}/changes/").content.decode()
        for reader in (client, organiser_client)
    )
    assert ('id="release:2"' in stranger, 'id="release:2"' in organiser) == (False, True)


def test_public_responses_are_revalidated_and_personal_ones_not_stored(
    client: Client, organiser_client: Client, programme: str
) -> None:
    for path in ("", "agenda.json", "releases/1/", "changes/"):
        public = client.get(f"/{programme}/{path}")
        personal = organiser_client.get(f"/{programme}/{path}")
        assert public["Cache-Control"] == "no-cache"
        assert personal["Cache-Control"] == "private, no-store"
        assert "Cookie" in public["Vary"]


def test_unpublished_event_is_404(client: Client) -> None:
    make.workshop_row(make.event_row())
    assert Release.objects.count() == 0
    assert client.get("/event/").status_code == 404
    assert client.get("/event/agenda.json").status_code == 404
