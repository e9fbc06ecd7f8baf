"""Mails at the desk: nothing goes out unseen, nothing by a GET, nothing to whom it does not go."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from participants.models import Letter, Participation, Person, SentEntry
from sessions_app.models import Session
from tests import make
from tests.mails import JOIN, delegate, on_list, publish, send
from workshop.models import Event

pytestmark = pytest.mark.django_db

KINDS = ("invitation", "reminder", "change", "joining", "cancellation")


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    on_list(event)
    delegate(event)
    return event


def address(event: Event, kind: str = "", key: str = "", name: str = "") -> str:
    if key:
        return reverse(name or "letter-preview", args=[event.slug, kind, key])
    return (
        reverse("letter-list", args=[event.slug, kind])
        if kind
        else reverse("letters", args=[event.slug])
    )


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def rows(answer: Any, table: int = 0) -> list[list[str]]:
    """The cells of a table of the page, in words."""
    found = re.findall(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)[table]
    cells = (
        re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    )
    return [[" ".join(strip_tags(cell).split()) for cell in row] for row in cells]


def everything() -> tuple[int, int, list[Any]]:
    places = Participation.objects.order_by("pk").values_list("pk", "state", "told_release")
    return Letter.objects.count(), SentEntry.objects.count(), list(places)


def test_choice_says_how_many_would_get_each(organiser_client: Client, event: Event) -> None:
    send(event, "invitation", "juny-kim", "abdul-aliyev")
    Session.objects.filter(key="session-2").update(title_en="Coordination")
    publish(event)
    answer = organiser_client.get(address(event))
    counted = {line.kind: line.people for line in answer.context["kinds"]}
    assert counted == {
        "invitation": "17 people",
        "reminder": "2 people",
        "change": "1 person",
        "joining": "0 people",
        "cancellation": "0 people",
    }
    assert answer["Cache-Control"] == "private, no-store"


def test_list_says_who_gets_it_and_who_not_and_why(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="lee-mui-ling").update(state="declined")
    Session.objects.filter(key="session-3").update(ends_at=make.at(11, 45))
    publish(event)
    answer = organiser_client.get(address(event, "change"))
    gets, gets_not = rows(answer), rows(answer, 1)
    assert gets[2] == [
        "Mr. Anir Chowdhury, Bangladesh anir-chowdhury@example.org",
        "Session 3: time.",
        "Preview Mr. Anir Chowdhury",
    ]
    assert len(gets) == 6
    assert ["Ms. Lee Mui Ling, Singapore", "Declined.", "Preview Ms. Lee Mui Ling"] in gets_not
    assert ["Mr. Keping Yao", "In the programme, but on no list of participants.", ""] in gets_not
    assert answer.content.decode().count("checked") == 6
    answer = organiser_client.get(address(event, "change"), {"chosen": "none"})
    assert answer.content.decode().count("checked") == 0


def test_get_writes_and_sends_nothing(organiser_client: Client, event: Event) -> None:
    send(event, "invitation", "juny-kim")
    before = everything()
    paths = [address(event)]
    for kind in KINDS:
        paths += [address(event, kind), address(event, kind, "juny-kim")]
        paths += [address(event, kind, "juny-kim", "letter-html")]
    assert {organiser_client.get(path).status_code for path in paths} == {200}
    assert everything() == before


def test_send_puts_those_ticked_into_the_outbox(organiser_client: Client, event: Event) -> None:
    mark = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    sent = {"seen": mark, "person": ["juny-kim", "abdul-aliyev"]}
    answer = organiser_client.post(address(event, "invitation"), sent)
    assert (answer.status_code, answer.url) == (302, address(event))
    assert said(answer) == ["2 mails are in the outbox and go out by themselves."]
    letters = Letter.objects.order_by("person__key")
    assert [(letter.person.key, letter.made_by.username) for letter in letters] == [
        ("abdul-aliyev", "organiser"),
        ("juny-kim", "organiser"),
    ]
    answer = organiser_client.post(address(event, "invitation"), sent)
    assert said(answer)[-1] == (
        "Something changed since this list was shown. Nothing was sent; look once more."
    )
    assert Letter.objects.count() == 2


def test_refused_list_comes_fresh_with_the_same_boxes(
    organiser_client: Client, event: Event
) -> None:
    mark = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    Participation.objects.filter(person__key="juny-kim").update(state="declined")
    sent = {"seen": mark, "person": ["juny-kim", "abdul-aliyev"]}
    answer = organiser_client.post(address(event, "invitation"), sent)
    ticked = [each.key for each, _, is_chosen in answer.context["ready"] if is_chosen]
    assert (answer.status_code, ticked, Letter.objects.count()) == (200, ["abdul-aliyev"], 0)
    assert answer.context["fingerprint"] != mark


def test_nobody_ticked_sends_nothing(organiser_client: Client, event: Event) -> None:
    mark = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    answer = organiser_client.post(address(event, "invitation"), {"seen": mark})
    assert said(answer) == ["Nobody is chosen. Nothing was sent."]
    assert Letter.objects.count() == 0


def test_preview_shows_all_of_a_mail(organiser_client: Client, event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(assistant_email="assistant@example.org")
    answer = organiser_client.get(address(event, "invitation", "juny-kim"))
    page = answer.content.decode()
    assert "Ms. Juny Kim &lt;juny-kim@example.org&gt;" in page
    assert "assistant@example.org" in page
    assert (
        "<strong>Invitation: Peer-to-Peer Learning Regional Workshop on One-Door-Service "
        "Centers</strong>" in page
    )
    assert rows(answer)[0] == [
        *("Session 2: Institutional Coordination", "New"),
        *("Wednesday 4 August, 12:05–12:30, Seoul", "zoom platform", "0"),
    ]
    assert "Dear Ms. Juny Kim,\n\nYou are invited to take part." in page
    frame = address(event, "invitation", "juny-kim", "letter-html")
    assert f'<iframe class="letter-frame" sandbox title="The mail as HTML" src="{frame}">' in page
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_preview_tells_what_happens_to_each_entry(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    Session.objects.filter(key="session-5").update(ends_at=make.at(12, 50))
    Session.objects.filter(key="session-3").update(title_en="Structures")
    Session.objects.get(key="session-2").appearances.get(person__key="juny-kim").delete()
    publish(event)
    answer = organiser_client.get(address(event, "change", "juny-kim"))
    assert [[row[0], row[1], row[4]] for row in rows(answer)] == [
        ["Session 3: Structures", "Sent again", "0"],
        ["Session 5: Monitoring, Reporting, and Evaluation", "Moved or changed", "1"],
        ["Session 2: Institutional Coordination", "Taken out", "1"],
    ]


def test_preview_of_somebody_who_would_not_get_it_says_so(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(address(event, "joining", "juny-kim"))
    assert "They would not get it: Not invited yet." in " ".join(
        strip_tags(answer.content.decode()).split()
    )


def test_html_of_a_mail_stands_alone_and_can_do_nothing(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(address(event, "invitation", "juny-kim", "letter-html"))
    policy = {each.strip() for each in answer["Content-Security-Policy"].split(";")}
    assert policy == {
        *("default-src 'none'", "style-src 'unsafe-inline'", "base-uri 'none'"),
        *("form-action 'none'", "frame-ancestors 'self'", "sandbox"),
    }
    assert (answer["X-Frame-Options"], answer["Cache-Control"]) == (
        "SAMEORIGIN",
        "private, no-store",
    )
    assert "Dear Ms. Juny Kim," in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/desk/{slug}/letters/confirmation/",
        "/desk/{slug}/letters/anything/",
        "/desk/{slug}/letters/invitation/preview/debashis-nag/",
        "/desk/{slug}/letters/invitation/preview/nobody/",
        "/desk/{slug}/letters/confirmation/preview/juny-kim/",
        "/desk/{slug}/letters/invitation/preview/debashis-nag/mail.html",
        "/desk/nowhere/letters/",
    ],
)
def test_what_is_not_there_is_not_found(organiser_client: Client, event: Event, path: str) -> None:
    assert organiser_client.get(path.format(slug=event.slug)).status_code == 404


def test_only_organisers_are_let_in(client: Client, event: Event) -> None:
    paths = [address(event), address(event, "invitation"), address(event, "change", "juny-kim")]
    paths.append(address(event, "change", "juny-kim", "letter-html"))

    def found() -> list[int]:
        got = [client.get(path).status_code for path in paths]
        return [*got, client.post(address(event, "invitation")).status_code]

    assert found() == [302] * 5
    for who in ("Reader", "Editor"):
        client.force_login(make.account(who.lower(), who))
        assert found() == [403] * 5
    client.force_login(make.account("organiser", "Organiser"))
    assert found() == [200] * 5


def test_forged_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    assert client.post(address(event, "invitation")).status_code == 403
    organiser_client = Client()
    organiser_client.force_login(organiser)
    assert organiser_client.post(address(event)).status_code == 405


def test_event_without_a_release_leads_to_publishing(organiser_client: Client) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    make.participation_row(make.person_row(email="juny@example.org"), workshop, "listed")
    answer = organiser_client.get(address(event, "invitation"))
    assert reverse("review", args=[event.slug]) in answer.content.decode()
    assert rows(answer) == [["Juny Kim", "Not published yet: delegate.", ""]]
    assert organiser_client.get(address(event, "invitation", "juny-kim")).status_code == 404


def test_outbox_says_how_far_each_batch_is_and_what_went_wrong(
    organiser_client: Client, event: Event
) -> None:
    send(event, "invitation")
    morning = event.workshops.get(key="international")
    morning.join_url = JOIN
    morning.save()
    send(event, "joining", "juny-kim", "abdul-aliyev", hour=9)
    states = {"juny-kim": "bounced", "abdul-aliyev": "unknown", "lee-mui-ling": "waiting"}
    for letter in Letter.objects.filter(kind="invitation"):
        letter.state = states.get(letter.person.key, "sent")
        letter.error = "550 no such user" if letter.state == "bounced" else ""
        letter.save()
    answer = organiser_client.get(address(event))
    lines = answer.context["batches"]
    assert [(line.name, line.made, line.sent, line.states) for line in lines] == [
        (
            *("Joining information", "Monday 2 August 2021, 09:00 Lao Time"),
            *("0 of 2 sent", "2 waiting"),
        ),
        (
            *("Invitation", "Monday 2 August 2021, 08:00 Lao Time", "16 of 19 sent"),
            "1 came back, 16 sent, 1 perhaps sent, 1 waiting",
        ),
    ]
    assert [row[3] for row in rows(answer)] == ["0 of 2 sent", "16 of 19 sent"]
    trouble = rows(answer, 1)
    assert [row[:4] for row in trouble] == [
        ["Mr. Abdul Aliyev abdul-aliyev@example.org", "invitation", "perhaps sent", "–"],
        ["Ms. Juny Kim juny-kim@example.org", "invitation", "came back", "550 no such user"],
    ]


def test_outbox_takes_a_fixed_number_of_queries(organiser_client: Client, event: Event) -> None:
    counts = []
    for people in (("juny-kim",), ("abdul-aliyev", "james-buyekane")):
        send(event, "invitation", *people)
        Letter.objects.update(state="bounced")
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(address(event))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_organiser_decides_on_what_went_wrong(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    states = {"juny-kim": "bounced", "abdul-aliyev": "unknown", "james-buyekane": "unknown"}
    for letter in Letter.objects.all():
        letter.state = states.get(letter.person.key, "waiting")
        letter.claimed_at = letter.made_at
        letter.save()
    of = {letter.person.key: letter for letter in Letter.objects.select_related("person")}
    for name, key in (
        ("letter-retry", "juny-kim"),
        ("letter-send-again", "abdul-aliyev"),
        ("letter-counts-as-sent", "james-buyekane"),
    ):
        path = reverse(name, args=[event.slug, of[key].pk])
        assert organiser_client.get(path).status_code == 405
        assert organiser_client.post(path).status_code == 302
    now = {key: Letter.objects.get(pk=of[key].pk).state for key in states}
    assert now == {"juny-kim": "waiting", "abdul-aliyev": "waiting", "james-buyekane": "sent"}
    stop = reverse("letters-stop", args=[event.slug, of["juny-kim"].batch])
    assert organiser_client.post(stop).status_code == 302
    assert set(Letter.objects.values_list("state", flat=True)) == {"stopped", "sent"}
