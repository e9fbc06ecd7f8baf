"""Invitations for the real programme's people, through a real mail server, read as they arrive."""

import html
import re
from collections.abc import Iterator
from email.message import EmailMessage

import icalendar
import pytest
from django.core.management import call_command

from participants.models import Letter, Participation, Person
from tests.calendars import lint
from tests.mails import on_list, send
from tests.post_office import PostOffice
from workshop.models import Event

pytestmark = pytest.mark.django_db(transaction=True)

# The first of a panelist's sessions, on the clock of the place where they live.
FIRST_PARTS = {
    "james-buyekane": "Wednesday 4 August, 05:25–05:45, Nairobi",
    "abdul-aliyev": "Wednesday 4 August, 06:25–06:45, Baku",
    "vu-thi-kim-chi": "Wednesday 4 August, 09:25–09:45, Ho Chi Minh",
    "adriana-alberti": "Tuesday 3 August, 22:25–22:45, New York",
    "juny-kim": "Wednesday 4 August, 12:05–12:30, Seoul",
}


@pytest.fixture
def arrived(programme: str, settings: object) -> Iterator[dict[str, EmailMessage]]:
    """Every invitation as a mail server had it, by address."""
    event = Event.objects.get(slug=programme)
    Person.objects.filter(key="adriana-alberti").update(zone="America/New_York")
    on_list(event)
    send(event, "invitation")
    with PostOffice() as office:
        settings.EMAIL_BACKEND = "participants.mail.outbox.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port  # type: ignore[attr-defined]
        settings.MAILS_A_MINUTE = 0  # type: ignore[attr-defined]
        call_command("send_letters", "--once")
        yield {str(mail["To"]): mail for mail in office.arrived}


def entries(mail: EmailMessage) -> list[icalendar.Event]:
    found: dict[str, icalendar.Event] = {}
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            text = part.get_content()
            calendar = icalendar.Calendar.from_ical(text)
            assert calendar["METHOD"] == part.get_param("method") == "REQUEST"
            assert lint(text.replace("\n", "\r\n").replace("\r\r", "\r").encode()) == []
            found |= {str(each["UID"]): each for each in calendar.events}
    return sorted(found.values(), key=lambda each: each["DTSTART"].dt)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_everybody_gets_their_own_mail_on_their_own_clock(
    arrived: dict[str, EmailMessage],
) -> None:
    assert len(arrived) == Letter.objects.filter(state="sent").count() > 10
    assert Participation.objects.exclude(state="invited").count() == 0
    for key, time in FIRST_PARTS.items():
        mail = arrived[f"{key}@example.org"]
        texts = [body(mail, "plain"), html.unescape(re.sub(r"<[^>]+>", "", body(mail, "html")))]
        assert [time in _plain(text) for text in texts] == [True, True], key
        assert "/me/" in texts[0]
        others = set(FIRST_PARTS) - {key}
        assert not [other for other in others if f"{other}@" in mail.as_string()]


def test_calendar_in_each_mail_invites_its_reader_alone(arrived: dict[str, EmailMessage]) -> None:
    for address, mail in arrived.items():
        found = entries(mail)
        assert found
        for entry in found:
            assert str(entry["ATTENDEE"]) == f"mailto:{address}"
            assert entry["ATTENDEE"].params["RSVP"] == "FALSE"
            assert str(entry["ORGANIZER"]) != f"mailto:{address}"
            assert entry["SEQUENCE"] == 0


def test_links_open_and_belong_to_their_readers(arrived: dict[str, EmailMessage]) -> None:
    links = {
        address: re.findall(r"/me/([\w-]{43})/", body(mail, "plain"))
        for address, mail in arrived.items()
    }
    assert {len(set(found)) for found in links.values()} == {1}
    assert len({found[0] for found in links.values()}) == len(links)
    assert not [link for found in links.values() for link in found if link in _rows()]


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split())


def _rows() -> str:
    return "\n".join(f"{row.text} {row.html} {row.calendars}" for row in Letter.objects.all())
