"""A letter of the outbox becomes a mail as it goes out (RFC 5322, MIME, iMIP).

The personal link is put in here and nowhere else: no row, log or error ever holds a token.
"""

import re
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from participants.access import tokens
from participants.mail.attachments import briefing
from participants.models import Letter
from workshop.models import Event

FILE_NAMES = {"REQUEST": "invite.ics", "CANCEL": "cancellation.ics"}


def compose(letter: Letter, *, now: datetime) -> EmailMultiAlternatives:
    """The mail of a letter, with the address of its person's own page in place.

    Raises pdf.PaperFailed where the briefing cannot be set, ValueError for a calendar without a
    METHOD. Of the same letter the headers are always the same; a briefing is the newest release's.
    """
    with translation.override(letter.language):
        mail = _with_texts(letter, now)
        if letter.copy_to.casefold() not in ("", letter.to.casefold()):
            mail.cc = [letter.copy_to]
        _add_calendars(mail, letter.calendars)
        enclosed = briefing(letter) if letter.with_briefing else None
        if enclosed is not None:
            mail.attach(*enclosed, "application/pdf")
    return mail


def _with_texts(letter: Letter, now: datetime) -> EmailMultiAlternatives:
    text, html = letter.text, letter.html
    if tokens.PLACEHOLDER in text + html:
        address = tokens.own_page(person=letter.person, now=now)
        text, html = (each.replace(tokens.PLACEHOLDER, address) for each in (text, html))
    office = letter.event.office_address
    mail = EmailMultiAlternatives(
        subject=_one_line(letter.subject),
        body=text,
        from_email=_sender(letter.event),
        to=[letter.to],
        reply_to=[office] if office else None,
        headers={
            "Message-ID": f"<{_one_line(letter.message_id).strip('<>')}>",
            "Date": format_datetime(letter.made_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    if html:
        mail.attach_alternative(html, "text/html")
    return mail


def _add_calendars(mail: EmailMultiAlternatives, calendars: list[str]) -> None:
    """The first as an alternative, which calendar programs act on, and as a file for the others.

    Each has its METHOD in its type (RFC 6047, 2.4); one more, of another METHOD, is a part of its
    own beside them, as the note there wants it.
    """
    for place, calendar in enumerate(calendars):
        method = _method(calendar)
        name, kind = FILE_NAMES.get(method, "event.ics"), f"text/calendar; method={method}"
        if place == 0:
            mail.attach_alternative(calendar, kind)
            mail.attach(name, calendar.encode(), "application/ics")
        else:
            mail.attach(name, calendar, kind)


def _method(calendar: str) -> str:
    found = re.search(r"^METHOD:([A-Z]+)\r?$", calendar, re.MULTILINE)
    if found is None:
        raise ValueError("A calendar for a mail has a METHOD.")
    return found[1]


def _sender(event: Event) -> str:
    """The event's public office, or who organises it, by the site's own address."""
    lines = [*event.office_name.splitlines(), *event.organisers.splitlines(), event.title]
    name = next(filter(None, map(_one_line, lines))).replace("\\", "").replace('"', "'")
    return f'"{name}" <{settings.DEFAULT_FROM_EMAIL}>'


def _one_line(text: str) -> str:
    """A header's value: one line, no control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
