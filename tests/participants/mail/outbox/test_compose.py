"""A letter as it goes out: read back as mail, as a calendar's message, as its person reads it."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest

from participants.access import tokens
from participants.mail.outbox.compose import compose
from participants.mail.outbox.deliver import Outcome, Result, tell
from participants.mail.outbox.smtp import SEVEN_BITS
from participants.models import Letter, Participation, Person, PersonalLink
from sessions_app.publishing import services
from tests import make
from tests.papers import printed
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


def sent(letter: Letter) -> EmailMessage:
    """The mail as the other side reads it, from the bytes that go over the wire."""
    composed = compose(letter, now=NOW)
    composed.encoding = SEVEN_BITS
    written = composed.message().as_bytes(linesep="\r\n")
    assert written.isascii()
    assert max(map(len, written.split(b"\r\n"))) <= 998
    assert b"\n" not in written.replace(b"\r\n", b"")
    mail = message_from_bytes(written, policy=policy.default)
    assert not [part.defects for part in mail.walk() if part.defects]
    return mail


def header(mail: EmailMessage, name: str) -> str:
    """A header as mail programs show it; Python's newer parser puts spaces between its words."""
    lines = mail.as_bytes(policy=policy.compat32).decode()
    found = message_from_bytes(lines.encode(), policy=policy.compat32)[name]
    return str(make_header(decode_header(found))).strip()


def parts(mail: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in mail.walk()]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_mail_holds_texts_calendar_and_file(event: Event) -> None:
    mail = sent(
        make.letter_row(
            event,
            subject=LAO,
            text=f"{LAO}\n{KOREAN}\n",
            html=f"<p>{LAO}</p>",
            calendars=[REQUEST, CANCEL],
        )
    )
    assert parts(mail) == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
        "text/calendar",
    ]
    assert (header(mail, "Subject"), body(mail), body(mail, "html").strip()) == (
        LAO,
        f"{LAO}\r\n{KOREAN}\r\n",
        f"<p>{LAO}</p>",
    )
    calendars = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert [dict(part["Content-Type"].params) for part in calendars] == [
        {"method": "REQUEST", "charset": "utf-8"},
        {"method": "CANCEL", "charset": "utf-8"},
    ]
    assert [part.get_content() for part in calendars] == [REQUEST, CANCEL]
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    assert list(files) == ["invite.ics", "cancellation.ics"]
    assert files["invite.ics"] == REQUEST.encode()


def test_headers_say_whose_mail_it_is_and_are_always_the_same(event: Event, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.org"
    letter = make.letter_row(event, to="juny@example.org", copy_to="assistant@example.org")
    first, second = (sent(letter) for _ in range(2))
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
        "Message-ID": f"<{letter.message_id}>",
        "Auto-Submitted": "auto-generated",
    }
    assert second.items() == first.items()


@pytest.mark.parametrize("evil", ["\nBcc: everybody@example.org", "\r\nBcc: x@example.org\r\n\r\n"])
def test_no_header_can_be_smuggled_in(event: Event, evil: str) -> None:
    event.office_name_en = f'Office" <{evil}'
    event.save()
    mail = sent(make.letter_row(event, subject=f"Hello{evil}", message_id=f"1@example.org{evil}"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == f"Hello {' '.join(evil.split())}"
    assert [each.addr_spec for each in mail["From"].addresses] == ["no-reply@localhost"]
    with pytest.raises(ValueError, match=r"newlines|Invalid address"):
        sent(make.letter_row(event, "Somebody", to=f"somebody@example.org{evil}"))


def test_sender_is_named_in_the_language_of_the_letter(event: Event) -> None:
    event.office_name_lo = LAO
    event.save()
    english, lao = (
        header(sent(make.letter_row(event, name, language=name)), "From") for name in ("en", "lo")
    )
    assert (english, lao) == (
        "UN Office, “Vientiane” <no-reply@localhost>",
        f"{LAO} <no-reply@localhost>",
    )


def test_copy_to_the_same_address_is_none(event: Event) -> None:
    letter = make.letter_row(event, to="juny@example.org", copy_to="Juny@example.org")
    assert sent(letter)["Cc"] is None


def test_calendar_without_a_method_is_not_sent(event: Event) -> None:
    with pytest.raises(ValueError, match="METHOD"):
        sent(make.letter_row(event, calendars=[REQUEST.replace("METHOD", "X-METHOD")]))


def test_link_is_put_in_as_it_is_sent_and_kept_nowhere(event: Event, settings: Any) -> None:
    settings.SITE = "https://agenda.example.org"
    letter = make.letter_row(
        event, text=f"Yours: {tokens.PLACEHOLDER}", html=f'<a href="{tokens.PLACEHOLDER}">Yours</a>'
    )
    mail = sent(letter)
    found = re.search(r"Yours: (https://agenda.example.org/me/([\w-]+)/)$", body(mail).strip())
    assert found
    address, token = found.groups()
    assert body(mail, "html").strip() == f'<a href="{address}">Yours</a>'
    link = tokens.find_link(token, PersonalLink.Purpose.PAGE, NOW)
    assert link is not None
    assert link.person == letter.person
    letter.refresh_from_db()
    assert not [value for value in vars(letter).values() if token in str(value)]


def test_link_is_the_newest_that_is_open_and_else_a_new_one(event: Event, settings: Any) -> None:
    letter = make.letter_row(event, text=tokens.PLACEHOLDER)
    page, calendar = PersonalLink.Purpose.PAGE, PersonalLink.Purpose.CALENDAR
    made = {
        "old": tokens.make_link(person=letter.person, purpose=page, now=NOW - timedelta(days=2)),
        "newer": tokens.make_link(person=letter.person, purpose=page, now=NOW - timedelta(days=1)),
        "expired": tokens.make_link(person=letter.person, purpose=page, now=NOW, expires_at=NOW),
        "calendar": tokens.make_link(person=letter.person, purpose=calendar, now=NOW),
    }
    assert body(sent(letter)).strip() == tokens.address_of(made["newer"])
    made["newer"].revoked_at = NOW
    made["newer"].save()
    assert body(sent(letter)).strip() == tokens.address_of(made["old"])
    settings.SECRET_KEY = "another"
    assert tokens.address_of(made["old"]) is None
    first, second = (body(sent(letter)) for _ in range(2))
    assert (first, PersonalLink.objects.count()) == (second, 5)


def test_letter_without_a_link_makes_none(event: Event) -> None:
    sent(make.letter_row(event))
    assert not PersonalLink.objects.exists()


def test_briefing_is_cut_for_its_person_on_their_own_clock(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    person = Person.objects.get(key="debashis-nag")
    person.own_clock = "America/New_York"
    person.save()
    letter = make.letter_row(event, person=person, to="nag@example.org", with_briefing=True)
    (name, said) = enclosed(letter).popitem()
    assert name == f"{programme}-debashis-nag-briefing.pdf"
    assert ("Highlights of digital government" in said, "Keopanya" in said) == (True, False)
    assert "Wed 4 Aug 03:" in said.replace("\xa0", " ")
    make.participation_row(
        person, Workshop.objects.get(event=event, key="national"), Participation.State.WITHDRAWN
    )
    assert enclosed(letter) == {}


def enclosed(letter: Letter) -> dict[str | None, str]:
    """What the papers in a mail say, by the names of their files."""
    files = sent(letter).iter_attachments()
    return {part.get_filename(): printed(part.get_content()) for part in files}


def test_briefing_speaks_the_language_of_the_letter(programme: str) -> None:
    event = Event.objects.get(slug=programme)
    session = event.sessions.get(key="session-4")
    session.title_lo = "ສະບາຍດີ"
    session.save()
    services.publish(event=event, now=NOW)
    person = Person.objects.get(key="juny-kim")
    letter = make.letter_row(event, person=person, to="j@example.org", with_briefing=True)
    english = enclosed(letter)
    letter.language = "lo"
    lao = enclosed(letter)
    assert english.keys() == lao.keys()
    assert ["ສະບາຍດີ" in "".join(each.values()) for each in (english, lao)] == [False, True]


def test_what_is_told_of_a_failure_is_one_line_without_a_token() -> None:
    token = "x" * tokens.LENGTH
    assert tell("Refused:", f"550 spam:\r\n http://s/me/{token}/ ") == (
        "Refused: 550 spam: http://s/me/…/"
    )
    assert Outcome(Result.SENT) == Outcome(Result.SENT, "")
