"""Pages for e-mails: choice of recipients, previews, outbox, and access to them."""

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

from participants.models import OutgoingMail, Participation, Person, SentEntry
from sessions_app.models import Session
from tests import make
from tests.mails import JOIN, add_delegate, add_panelists, publish, send
from workshop.models import Event

pytestmark = pytest.mark.django_db

KINDS = ("invitation", "reminder", "change", "joining", "cancellation")


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    add_delegate(event)
    return event


def address(event: Event, kind: str = "", key: str = "", name: str = "") -> str:
    if key:
        return reverse(name or "mail-preview", args=[event.slug, kind, key])
    return (
        reverse("mail-recipients", args=[event.slug, kind])
        if kind
        else reverse("mails", args=[event.slug])
    )


def shown_messages(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def rows(response: Any, table: int = 0) -> list[list[str]]:
    """The texts of the cells of a table of the page."""
    statuses = re.findall(r"<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL)[table]
    cells = (
        re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)
        for row in re.findall(r"<tr>(.*?)</tr>", statuses, re.DOTALL)
    )
    return [[" ".join(strip_tags(cell).split()) for cell in row] for row in cells]


def stored_state() -> tuple[int, int, list[Any]]:
    participations = Participation.objects.order_by("pk").values_list("pk", "state", "told_release")
    return OutgoingMail.objects.count(), SentEntry.objects.count(), list(participations)


def test_page_has_the_number_of_recipients_of_each_kind(
    organiser_client: Client, event: Event
) -> None:
    send(event, "invitation", "juny-kim", "abdul-aliyev")
    Session.objects.filter(key="session-2").update(title_en="Coordination")
    publish(event)
    response = organiser_client.get(address(event))
    counted = {row.kind: row.people for row in response.context["kinds"]}
    assert counted == {
        "invitation": "17 people",
        "reminder": "2 people",
        "change": "1 person",
        "joining": "0 people",
        "cancellation": "0 people",
    }
    assert response["Cache-Control"] == "private, no-store"


def test_list_has_recipients_and_excluded_people_with_reasons(
    organiser_client: Client, event: Event
) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="lee-mui-ling").update(state="declined")
    Session.objects.filter(key="session-3").update(ends_at=make.at(11, 45))
    publish(event)
    response = organiser_client.get(address(event, "change"))
    included, excluded = rows(response), rows(response, 1)
    assert included[2] == [
        "Mr. Anir Chowdhury, Bangladesh anir-chowdhury@example.org",
        "Session 3: time.",
        "Preview Mr. Anir Chowdhury",
    ]
    assert len(included) == 6
    assert ["Ms. Lee Mui Ling, Singapore", "Declined.", "Preview Ms. Lee Mui Ling"] in excluded
    assert ["Mr. Keping Yao", "In the programme, but on no list of participants.", ""] in excluded
    assert response.content.decode().count("checked") == 6
    response = organiser_client.get(address(event, "change"), {"chosen": "none"})
    assert response.content.decode().count("checked") == 0


def test_get_writes_and_sends_nothing(organiser_client: Client, event: Event) -> None:
    send(event, "invitation", "juny-kim")
    before = stored_state()
    paths = [address(event)]
    for kind in KINDS:
        paths += [address(event, kind), address(event, kind, "juny-kim")]
        paths += [address(event, kind, "juny-kim", "mail-html")]
    assert {organiser_client.get(path).status_code for path in paths} == {200}
    assert stored_state() == before


def test_send_puts_mails_to_selected_people_into_the_outbox(
    organiser_client: Client, event: Event
) -> None:
    expected = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    data = {"fingerprint": expected, "person": ["juny-kim", "abdul-aliyev"]}
    response = organiser_client.post(address(event, "invitation"), data)
    assert (response.status_code, response.url) == (302, address(event))
    assert shown_messages(response) == [
        "2 e-mails are in the outbox and will be sent automatically."
    ]
    mails = OutgoingMail.objects.order_by("person__key")
    assert [(mail.person.key, mail.made_by.username) for mail in mails] == [
        ("abdul-aliyev", "organiser"),
        ("juny-kim", "organiser"),
    ]
    response = organiser_client.post(address(event, "invitation"), data)
    assert shown_messages(response)[-1] == (
        "The data were changed since this preview. Nothing was done. Check the new preview."
    )
    assert OutgoingMail.objects.count() == 2


def test_refused_list_is_shown_again_with_the_same_boxes(
    organiser_client: Client, event: Event
) -> None:
    expected = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    Participation.objects.filter(person__key="juny-kim").update(state="declined")
    data = {"fingerprint": expected, "person": ["juny-kim", "abdul-aliyev"]}
    response = organiser_client.post(address(event, "invitation"), data)
    selected = [choice.key for choice, _, is_chosen in response.context["included"] if is_chosen]
    assert (response.status_code, selected, OutgoingMail.objects.count()) == (
        200,
        ["abdul-aliyev"],
        0,
    )
    assert response.context["fingerprint"] != expected


def test_no_selection_sends_nothing(organiser_client: Client, event: Event) -> None:
    expected = organiser_client.get(address(event, "invitation")).context["fingerprint"]
    response = organiser_client.post(address(event, "invitation"), {"fingerprint": expected})
    assert shown_messages(response) == ["No person is selected. Nothing was sent."]
    assert OutgoingMail.objects.count() == 0


def test_preview_shows_the_whole_mail(organiser_client: Client, event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(assistant_email="assistant@example.org")
    response = organiser_client.get(address(event, "invitation", "juny-kim"))
    page = response.content.decode()
    assert "Ms. Juny Kim &lt;juny-kim@example.org&gt;" in page
    assert "assistant@example.org" in page
    assert (
        "<strong>Invitation: Peer-to-Peer Learning Regional Workshop on One-Door-Service "
        "Centers</strong>" in page
    )
    assert rows(response)[0] == [
        *("Session 2: Institutional Coordination", "New"),
        *("Wednesday 4 August, 12:05–12:30, Seoul", "zoom platform", "0"),
    ]
    assert "Dear Ms. Juny Kim,\n\nYou are invited to take part." in page
    frame = address(event, "invitation", "juny-kim", "mail-html")
    assert f'<iframe class="mail-frame" sandbox title="The e-mail as HTML" src="{frame}">' in page
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_preview_shows_the_action_on_each_entry(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    Session.objects.filter(key="session-5").update(ends_at=make.at(12, 50))
    Session.objects.filter(key="session-3").update(title_en="Structures")
    Session.objects.get(key="session-2").appearances.get(person__key="juny-kim").delete()
    publish(event)
    response = organiser_client.get(address(event, "change", "juny-kim"))
    assert [[row[0], row[1], row[4]] for row in rows(response)] == [
        ["Session 3: Structures", "Sent again", "0"],
        ["Session 5: Monitoring, Reporting, and Evaluation", "Moved or changed", "1"],
        ["Session 2: Institutional Coordination", "Removed", "1"],
    ]


def test_preview_for_an_excluded_person_has_the_reason(
    organiser_client: Client, event: Event
) -> None:
    response = organiser_client.get(address(event, "joining", "juny-kim"))
    assert "This person would not get this e-mail: Not invited yet." in " ".join(
        strip_tags(response.content.decode()).split()
    )


def test_html_of_a_mail_has_a_strict_policy(organiser_client: Client, event: Event) -> None:
    response = organiser_client.get(address(event, "invitation", "juny-kim", "mail-html"))
    policy = {choice.strip() for choice in response["Content-Security-Policy"].split(";")}
    assert policy == {
        *("default-src 'none'", "style-src 'unsafe-inline'", "base-uri 'none'"),
        *("form-action 'none'", "frame-ancestors 'self'", "sandbox"),
    }
    assert (response["X-Frame-Options"], response["Cache-Control"]) == (
        "SAMEORIGIN",
        "private, no-store",
    )
    assert "Dear Ms. Juny Kim," in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/desk/{slug}/mails/confirmation/",
        "/desk/{slug}/mails/anything/",
        "/desk/{slug}/mails/invitation/preview/debashis-nag/",
        "/desk/{slug}/mails/invitation/preview/nobody/",
        "/desk/{slug}/mails/confirmation/preview/juny-kim/",
        "/desk/{slug}/mails/invitation/preview/debashis-nag/mail.html",
        "/desk/nowhere/mails/",
    ],
)
def test_unknown_addresses_are_not_found(organiser_client: Client, event: Event, path: str) -> None:
    assert organiser_client.get(path.format(slug=event.slug)).status_code == 404


def test_only_organisers_have_access(client: Client, event: Event) -> None:
    paths = [address(event), address(event, "invitation"), address(event, "change", "juny-kim")]
    paths.append(address(event, "change", "juny-kim", "mail-html"))

    def statuses() -> list[int]:
        codes = [client.get(path).status_code for path in paths]
        return [*codes, client.post(address(event, "invitation")).status_code]

    assert statuses() == [302] * 5
    for group in ("Reader", "Editor"):
        client.force_login(make.account(group.lower(), group))
        assert statuses() == [403] * 5
    client.force_login(make.account("organiser", "Organiser"))
    assert statuses() == [200] * 5


def test_forged_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    assert client.post(address(event, "invitation")).status_code == 403
    organiser_client = Client()
    organiser_client.force_login(organiser)
    assert organiser_client.post(address(event)).status_code == 405


def test_event_without_a_release_links_to_publishing(organiser_client: Client) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event)
    make.participation_row(make.person_row(email="juny@example.org"), workshop, "listed")
    response = organiser_client.get(address(event, "invitation"))
    assert reverse("review", args=[event.slug]) in response.content.decode()
    assert rows(response) == [["Juny Kim", "Not published yet: delegate.", ""]]
    assert organiser_client.get(address(event, "invitation", "juny-kim")).status_code == 404


def test_outbox_shows_progress_and_problems(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    morning = event.workshops.get(key="international")
    morning.join_url = JOIN
    morning.save()
    send(event, "joining", "juny-kim", "abdul-aliyev", hour=9)
    states = {"juny-kim": "bounced", "abdul-aliyev": "unknown", "lee-mui-ling": "waiting"}
    for mail in OutgoingMail.objects.filter(kind="invitation"):
        mail.state = states.get(mail.person.key, "sent")
        mail.error = "550 no such user" if mail.state == "bounced" else ""
        mail.save()
    response = organiser_client.get(address(event))
    batch_rows = response.context["batches"]
    assert [(row.name, row.made, row.sent, row.states) for row in batch_rows] == [
        (
            *("Joining information", "Monday 2 August 2021, 09:00 Lao Time"),
            *("0 of 2 sent", "2 waiting"),
        ),
        (
            *("Invitation", "Monday 2 August 2021, 08:00 Lao Time", "16 of 19 sent"),
            "1 came back, 16 sent, 1 perhaps sent, 1 waiting",
        ),
    ]
    assert [row[3] for row in rows(response)] == ["0 of 2 sent", "16 of 19 sent"]
    problems = rows(response, 1)
    assert [row[:4] for row in problems] == [
        ["Mr. Abdul Aliyev abdul-aliyev@example.org", "invitation", "perhaps sent", "–"],
        ["Ms. Juny Kim juny-kim@example.org", "invitation", "came back", "550 no such user"],
    ]


def test_outbox_takes_a_fixed_number_of_queries(organiser_client: Client, event: Event) -> None:
    counts = []
    for people in (("juny-kim",), ("abdul-aliyev", "james-buyekane")):
        send(event, "invitation", *people)
        OutgoingMail.objects.update(state="bounced")
        with CaptureQueriesContext(connection) as queries:
            organiser_client.get(address(event))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_organiser_decides_on_problem_mails(organiser_client: Client, event: Event) -> None:
    send(event, "invitation")
    states = {"juny-kim": "bounced", "abdul-aliyev": "unknown", "james-buyekane": "unknown"}
    for mail in OutgoingMail.objects.all():
        mail.state = states.get(mail.person.key, "waiting")
        mail.claimed_at = mail.made_at
        mail.save()
    by_key = {mail.person.key: mail for mail in OutgoingMail.objects.select_related("person")}
    for name, key in (
        ("mail-retry", "juny-kim"),
        ("mail-send-again", "abdul-aliyev"),
        ("mail-counts-as-sent", "james-buyekane"),
    ):
        path = reverse(name, args=[event.slug, by_key[key].pk])
        assert organiser_client.get(path).status_code == 405
        assert organiser_client.post(path).status_code == 302
    now = {key: OutgoingMail.objects.get(pk=by_key[key].pk).state for key in states}
    assert now == {"juny-kim": "waiting", "abdul-aliyev": "waiting", "james-buyekane": "sent"}
    stop = reverse("mails-stop", args=[event.slug, by_key["juny-kim"].batch])
    assert organiser_client.post(stop).status_code == 302
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"stopped", "sent"}
