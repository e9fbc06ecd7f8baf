"""Invitations to the people of the programme, sent through a real mail server and read there."""

import html
import re
from collections.abc import Iterator
from email.message import EmailMessage

import icalendar
import pytest
from django.core.management import call_command

from participants.models import OutgoingMail, Participation, Person
from tests.calendars import lint
from tests.mails import add_panelists, send
from tests.smtp_server import SmtpServer
from workshop.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

# The first session of a panelist, in the zone of the place where they live.
FIRST_SESSIONS = {
    "james-buyekane": "Wednesday 4 August, 05:25–05:45, Nairobi",
    "abdul-aliyev": "Wednesday 4 August, 06:25–06:45, Baku",
    "vu-thi-kim-chi": "Wednesday 4 August, 09:25–09:45, Ho Chi Minh",
    "adriana-alberti": "Tuesday 3 August, 22:25–22:45, New York",
    "juny-kim": "Wednesday 4 August, 12:05–12:30, Seoul",
}


@pytest.fixture
def arrived(programme: str, settings: object) -> Iterator[dict[str, EmailMessage]]:
    """Every invitation as received by a mail server, by address."""
    event = Event.objects.get(slug=programme)
    Person.objects.filter(key="adriana-alberti").update(zone="America/New_York")
    add_panelists(event)
    send(event, "invitation")
    with SmtpServer() as office:
        settings.EMAIL_BACKEND = "participants.mail.outbox.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port  # type: ignore[attr-defined]
        settings.MAILS_A_MINUTE = 0  # type: ignore[attr-defined]
        call_command("work", "--once")
        yield {str(mail["To"]): mail for mail in office.received}


def entries(mail: EmailMessage) -> list[icalendar.Event]:
    entries_by_uid: dict[str, icalendar.Event] = {}
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_content()
            calendar = icalendar.Calendar.from_ical(text)
            assert calendar["METHOD"] == part.get_param("method") == "REQUEST"
            assert lint(text.replace("\n", "\r\n").replace("\r\r", "\r").encode()) == []
            entries_by_uid |= {str(event["UID"]): event for event in calendar.events}
    return sorted(entries_by_uid.values(), key=lambda event: event["DTSTART"].dt)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_every_mail_has_the_times_in_the_zone_of_its_recipient(
    arrived: dict[str, EmailMessage],
) -> None:
    assert len(arrived) == OutgoingMail.objects.filter(state="sent").count() > 10
    assert Participation.objects.exclude(state="invited").count() == 0
    for key, time in FIRST_SESSIONS.items():
        mail = arrived[f"{key}@example.org"]
        texts = [body(mail, "plain"), html.unescape(re.sub(r"<[^>]+>", "", body(mail, "html")))]
        assert [time in _plain(text) for text in texts] == [True, True], key
        assert "/me/" in texts[0]
        others = set(FIRST_SESSIONS) - {key}
        assert not [other for other in others if f"{other}@" in mail.as_string()]


def test_calendar_in_a_mail_invites_only_its_recipient(arrived: dict[str, EmailMessage]) -> None:
    for address, mail in arrived.items():
        entries_by_uid = entries(mail)
        assert entries_by_uid
        for entry in entries_by_uid:
            assert str(entry["ATTENDEE"]) == f"mailto:{address}"
            assert entry["ATTENDEE"].params["RSVP"] == "FALSE"
            assert str(entry["ORGANIZER"]) != f"mailto:{address}"
            assert entry["SEQUENCE"] == 0


def test_every_mail_has_its_own_personal_link(arrived: dict[str, EmailMessage]) -> None:
    links = {
        address: re.findall(r"/me/([\w-]{43})/", body(mail, "plain"))
        for address, mail in arrived.items()
    }
    assert {len(set(entries_by_uid)) for entries_by_uid in links.values()} == {1}
    assert len({entries_by_uid[0] for entries_by_uid in links.values()}) == len(links)
    assert not [
        link for entries_by_uid in links.values() for link in entries_by_uid if link in _rows()
    ]


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def _rows() -> str:
    return "\n".join(f"{row.text} {row.html} {row.calendars}" for row in OutgoingMail.objects.all())
