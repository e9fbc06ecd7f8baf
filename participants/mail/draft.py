"""One mail to one person, made but not queued: its words and the calendar entries with it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from participants.mail.calendar_entries import invites
from participants.mail.itip import Message, Parties, messages
from participants.mail.pending_news import Kind, Knowing, knowing
from participants.mail.render import Written, write
from participants.mail.snapshot import Addressee, Book
from sessions_app.renderers.ical import organizer

# Whoever was sent these may have lost the entries, or never had them.
_SENT_AGAIN = (Kind.INVITATION, Kind.REMINDER, Kind.JOINING)
_WITH_BRIEFING = (Kind.INVITATION, Kind.CHANGE, Kind.JOINING)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it would go out now, and what its reader knows once it did."""

    known: Knowing
    written: Written
    messages: tuple[Message, ...]
    with_briefing: bool


def mail(book: Book, to: Addressee, kind: str, now: datetime) -> Mail:
    """A mail of this kind to somebody on a list of a published event; writes nothing."""
    known, agenda = knowing(book, to, kind), book.agenda(book.newest, to)
    base = f"{settings.SITE}{reverse('agenda', args=[book.event.slug])}"
    with translation.override(to.language):
        entries = tuple(
            messages(
                invites(known, agenda, base),
                to.held,
                book.floor(to),
                Parties(
                    name=str(to.name),
                    email=to.email,
                    organizer=organizer(agenda, settings.DEFAULT_FROM_EMAIL),
                    now=now,
                ),
                again=kind in _SENT_AGAIN,
                lost=to.is_behind,
            )
        )
    with_briefing = kind in _WITH_BRIEFING and known.now.has_part
    written = write(kind, known, agenda, entries, with_briefing=with_briefing)
    return Mail(known, written, entries, with_briefing)
