"""Composes the message of an outgoing e-mail as it is sent (RFC 5322, MIME, iMIP).

The personal link is inserted only here: no row, log or error message ever has a token.
"""

import re
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from participants.access import tokens
from participants.mail.attachments import briefing_attachment
from participants.models import OutgoingMail
from workshop.models import Event

FILE_NAMES = {"REQUEST": "invite.ics", "CANCEL": "cancellation.ics"}


def compose(mail: OutgoingMail, *, now: datetime) -> EmailMultiAlternatives:
    """Message of an outgoing e-mail, with the address of the recipient's personal page.

    Headers are the same each time; a briefing is of the newest release. Raises RenderFailed if
    the briefing cannot be rendered, ValueError for a calendar without a METHOD.
    """
    with translation.override(mail.language):
        message = _with_texts(mail, now)
        if mail.copy_to.casefold() not in ("", mail.to.casefold()):
            message.cc = [mail.copy_to]
        _add_calendars(message, mail.calendars)
        attachment = briefing_attachment(mail) if mail.with_briefing else None
        if attachment is not None:
            message.attach(*attachment, "application/pdf")
    return message


def _with_texts(mail: OutgoingMail, now: datetime) -> EmailMultiAlternatives:
    text, html = mail.text, mail.html
    if tokens.PLACEHOLDER in text + html:
        address = tokens.get_or_create_page_url(person=mail.person, now=now)
        text, html = (part.replace(tokens.PLACEHOLDER, address) for part in (text, html))
    office = mail.event.office_address
    message = EmailMultiAlternatives(
        subject=_one_line(mail.subject),
        body=text,
        from_email=_sender(mail.event),
        to=[mail.to],
        reply_to=[office] if office else None,
        headers={
            "Message-ID": f"<{_one_line(mail.message_id).strip('<>')}>",
            "Date": format_datetime(mail.made_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    if html:
        message.attach_alternative(html, "text/html")
    return message


def _add_calendars(message: EmailMultiAlternatives, calendars: list[str]) -> None:
    """Add the first calendar as an alternative, for calendar programs, and as a file for others.

    Each has its METHOD in its content type (RFC 6047, 2.4). Further calendars, of another METHOD,
    are separate parts, as the note there requires.
    """
    for number, calendar in enumerate(calendars):
        method = _method(calendar)
        name, kind = FILE_NAMES.get(method, "event.ics"), f"text/calendar; method={method}"
        if number == 0:
            message.attach_alternative(calendar, kind)
            message.attach(name, calendar.encode(), "application/ics")
        else:
            message.attach(name, calendar, kind)


def _method(calendar: str) -> str:
    match = re.search(r"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    if match is None:
        raise ValueError("A calendar in an e-mail needs a METHOD.")
    return match[1]


def _sender(event: Event) -> str:
    """The name of the event's public office or organisers, with the site's address."""
    lines = [*event.office_name.splitlines(), *event.organisers.splitlines(), event.title]
    name = next(filter(None, map(_one_line, lines))).replace("\\", "").replace('"', "'")
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def _one_line(text: str) -> str:
    """A header value: one line, no control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
