"""Draft of one e-mail to one person, not in the outbox yet: texts and calendar entries."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from participants.mail.calendar_entries import calendar_invites
from participants.mail.itip import ItipMessage, Parties, itip_messages
from participants.mail.pending_news import Kind, MailContext, mail_context
from participants.mail.render import RenderedMail, render_mail
from participants.mail.snapshot import MailSnapshot, Recipient
from sessions_app.renderers.ical import organizer

# Kinds that send all calendar entries again: the recipient may have lost them.
_RESENDS_ENTRIES = (Kind.INVITATION, Kind.REMINDER, Kind.JOINING)
_WITH_BRIEFING = (Kind.INVITATION, Kind.CHANGE, Kind.JOINING)


@dataclass(frozen=True, slots=True)
class DraftMail:
    """An e-mail as it would be sent now, with the data that it was rendered from."""

    context: MailContext
    rendered: RenderedMail
    messages: tuple[ItipMessage, ...]
    with_briefing: bool


def draft_mail(snapshot: MailSnapshot, recipient: Recipient, kind: str, now: datetime) -> DraftMail:
    """Draft an e-mail of this kind about a published event; writes nothing."""
    context = mail_context(snapshot, recipient, kind)
    agenda = snapshot.agenda_for(snapshot.newest_release, recipient)
    base = f"{settings.SITE}{reverse('agenda', args=[snapshot.event.slug])}"
    with translation.override(recipient.language):
        messages = tuple(
            itip_messages(
                calendar_invites(context, agenda, base),
                recipient.sent_entries,
                snapshot.minimum_sequences(recipient),
                Parties(
                    name=str(recipient.name),
                    email=recipient.email,
                    organizer=organizer(agenda, settings.DEFAULT_FROM_EMAIL),
                    now=now,
                ),
                resend=kind in _RESENDS_ENTRIES,
                resend_all=recipient.has_missed_mails,
            )
        )
    with_briefing = kind in _WITH_BRIEFING and context.personal_agenda.has_role
    rendered = render_mail(kind, context, agenda, messages, with_briefing=with_briefing)
    return DraftMail(context, rendered, messages, with_briefing)
