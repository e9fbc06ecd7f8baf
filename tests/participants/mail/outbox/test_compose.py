"""Composed messages, read back: MIME parts, headers, calendars, personal links, briefings."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest

from participants.access import tokens
from participants.mail.outbox.compose import compose
from participants.mail.outbox.deliver import DeliveryResult, DeliveryStatus, error_message
from participants.mail.outbox.smtp import SEVEN_BITS
from participants.models import OutgoingMail, Participation, Person, PersonalLink
from sessions_app.publishing import services
from tests import make
from tests.pdf_text import extract_text
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

NOW = make.at(9)
LAO = "ກອງປະຊຸມແລກປ່ຽນບົດຮຽນກ່ຽວກັບການບໍລິການປະຕູດຽວ ລະຫວ່າງປະເທດ"
KOREAN = "원스톱 서비스 센터에 관한 국제 워크숍 초대"
REQUEST = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    f"SUMMARY:{KOREAN}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CANCEL = REQUEST.replace("REQUEST", "CANCEL")


@pytest.fixture
def event(db: None) -> Event:
    return make.event_row(
        office_name_en="UN Office, “Vientiane”", office_address="office@example.org"
    )


def sent_message(mail: OutgoingMail) -> EmailMessage:
    """The message as its recipient parses it, from the bytes sent."""
    composed = compose(mail, now=NOW)
    composed.encoding = SEVEN_BITS
    content = composed.message().as_bytes(linesep="\r\n")
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    message = message_from_bytes(content, policy=policy.default)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def header(message: EmailMessage, name: str) -> str:
    """A header as mail programs show it; the newer parser adds spaces."""
    lines = message.as_bytes(policy=policy.compat32).decode()
    found = message_from_bytes(lines.encode(), policy=policy.compat32)[name]
    return str(make_header(decode_header(found))).strip()


def parts(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_mail_holds_texts_calendar_and_file(event: Event) -> None:
    message = sent_message(
        make.outgoing_mail_row(
            event,
            subject=LAO,
            text=f"{LAO}\n{KOREAN}\n",
            html=f"<p>{LAO}</p>",
            calendars=[REQUEST, CANCEL],
        )
    )
    assert parts(message) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        "text/calendar",
    ]
    assert (header(message, "Subject"), body(message), body(message, "html").strip()) == (
        LAO,
        f"{LAO}\r\n{KOREAN}\r\n",
        f"<p>{LAO}</p>",
    )
    calendars = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [dict(part["Content-Type"].params) for part in calendars] == [
        {"method": "REQUEST", "charset": "utf-8"},
        {"method": "CANCEL", "charset": "utf-8"},
    ]
    assert [part.get_content() for part in calendars] == [REQUEST, CANCEL]
    files = {part.get_filename(): part.get_content() for part in message.iter_attachments()}
    assert list(files) == ["invite.ics", "cancellation.ics"]
    assert files["invite.ics"] == REQUEST.encode()


def test_headers_are_complete_and_deterministic(event: Event, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.org"
    mail = make.outgoing_mail_row(event, to="juny@example.org", copy_to="assistant@example.org")
    first, second = (sent_message(mail) for _ in range(2))
    assert dict(first.items()) | {"Content-Type": "", "Content-Transfer-Encoding": ""} == {
        "Content-Type": "",
        "Content-Transfer-Encoding": "",
        "MIME-Version": "1.0",
        "Subject": "Invitation",
        "From": '"UN Office, “Vientiane”" <no-reply@example.org>',
        "To": "juny@example.org",
        "Cc": "assistant@example.org",
        "Reply-To": "office@example.org",
        "Date": "Wed, 04 Aug 2021 01:00:00 +0000",
        "Message-ID": f"<{mail.message_id}>",
        "Auto-Submitted": "auto-generated",
    }
    assert second.items() == first.items()


@pytest.mark.parametrize(
    "injected", ["\nBcc: everybody@example.org", "\r\nBcc: x@example.org\r\n\r\n"]
)
def test_no_header_can_be_injected(event: Event, injected: str) -> None:
    event.office_name_en = f'Office" <{injected}'
    event.save()
    message = sent_message(
        make.outgoing_mail_row(
            event, subject=f"Hello{injected}", message_id=f"1@example.org{injected}"
        )
    )
    assert message["Bcc"] is None
    assert message["Subject"] == f"Hello {' '.join(injected.split())}"
    assert [texts.addr_spec for texts in message["From"].addresses] == ["no-reply@localhost"]
    with pytest.raises(ValueError, match=r"newlines|Invalid address"):
        sent_message(
            make.outgoing_mail_row(event, "Somebody", to=f"somebody@example.org{injected}")
        )


def test_sender_name_is_in_the_language_of_the_mail(event: Event) -> None:
    event.office_name_lo = LAO
    event.save()
    english, lao = (
        header(sent_message(make.outgoing_mail_row(event, name, language=name)), "From")
        for name in ("en", "lo")
    )
    assert (english, lao) == (
        "UN Office, “Vientiane” <no-reply@localhost>",
        f"{LAO} <no-reply@localhost>",
    )


def test_copy_to_the_same_address_is_left_out(event: Event) -> None:
    mail = make.outgoing_mail_row(event, to="juny@example.org", copy_to="Juny@example.org")
    assert sent_message(mail)["Cc"] is None


def test_calendar_without_a_method_is_not_sent(event: Event) -> None:
    with pytest.raises(ValueError, match="METHOD"):
        sent_message(
            make.outgoing_mail_row(event, calendars=[REQUEST.replace("METHOD", "X-METHOD")])
        )


def test_link_is_inserted_when_sent_and_not_stored(event: Event, settings: Any) -> None:
    settings.SITE = "https://agenda.example.org"
    mail = make.outgoing_mail_row(
        event, text=f"Yours: {tokens.PLACEHOLDER}", html=f'<a href="{tokens.PLACEHOLDER}">Yours</a>'
    )
    message = sent_message(mail)
    found = re.search(r"Yours: (https://agenda.example.org/me/([\w-]+)/)$", body(message).strip())
    assert found
    address, token = found.groups()
    assert body(message, "html").strip() == f'<a href="{address}">Yours</a>'
    link = tokens.find_link(token, PersonalLink.Purpose.PAGE, NOW)
    assert link is not None
    assert link.person == mail.person
    mail.refresh_from_db()
    assert not [value for value in vars(mail).values() if token in str(value)]


def test_link_is_the_newest_valid_one_or_a_new_one(event: Event, settings: Any) -> None:
    mail = make.outgoing_mail_row(event, text=tokens.PLACEHOLDER)
    page, calendar = PersonalLink.Purpose.PAGE, PersonalLink.Purpose.CALENDAR
    links = {
        "old": tokens.make_link(person=mail.person, purpose=page, now=NOW - timedelta(days=2)),
        "newer": tokens.make_link(person=mail.person, purpose=page, now=NOW - timedelta(days=1)),
        "expired": tokens.make_link(person=mail.person, purpose=page, now=NOW, expires_at=NOW),
        "calendar": tokens.make_link(person=mail.person, purpose=calendar, now=NOW),
    }
    assert body(sent_message(mail)).strip() == tokens.address_of(links["newer"])
    links["newer"].revoked_at = NOW
    links["newer"].save()
    assert body(sent_message(mail)).strip() == tokens.address_of(links["old"])
    settings.SECRET_KEY = "another"
    assert tokens.address_of(links["old"]) is None
    first, second = (body(sent_message(mail)) for _ in range(2))
    assert (first, PersonalLink.objects.count()) == (second, 5)


def test_mail_without_a_link_creates_none(event: Event) -> None:
    sent_message(make.outgoing_mail_row(event))
    assert not PersonalLink.objects.exists()


def test_briefing_is_cut_for_the_recipient_in_their_zone(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    person = Person.objects.get(key="debashis-nag")
    person.own_clock = "America/New_York"
    person.save()
    mail = make.outgoing_mail_row(event, person=person, to="nag@example.org", with_briefing=True)
    (name, text) = pdf_texts(mail).popitem()
    assert name == f"{programme}-debashis-nag-briefing.pdf"
    assert ("Highlights of digital government" in text, "Keopanya" in text) == (True, False)
    assert "Wed 4 Aug 03:" in text.replace("\xa0", " ")
    make.participation_row(
        person, Workshop.objects.get(event=event, key="national"), Participation.State.WITHDRAWN
    )
    assert pdf_texts(mail) == {}


def pdf_texts(mail: OutgoingMail) -> dict[str | None, str]:
    """The texts of the PDFs in a message, by file name."""
    files = sent_message(mail).iter_attachments()
    return {part.get_filename(): extract_text(part.get_content()) for part in files}


def test_briefing_is_in_the_language_of_the_mail(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    session = event.sessions.get(key="session-4")
    session.title_lo = "ສະບາຍດີ"
    session.save()
    services.publish(event=event, now=NOW)
    person = Person.objects.get(key="juny-kim")
    mail = make.outgoing_mail_row(event, person=person, to="j@example.org", with_briefing=True)
    english = pdf_texts(mail)
    mail.language = "lo"
    lao = pdf_texts(mail)
    assert english.keys() == lao.keys()
    assert ["ສະບາຍດີ" in "".join(texts.values()) for texts in (english, lao)] == [False, True]


def test_error_message_is_one_line_without_a_token() -> None:
    token = "x" * tokens.LENGTH
    assert error_message("Refused:", f"550 spam:\r\n http://s/me/{token}/ ") == (
        "Refused: 550 spam: http://s/me/…/"
    )
    assert DeliveryResult(DeliveryStatus.SENT) == DeliveryResult(DeliveryStatus.SENT, "")
