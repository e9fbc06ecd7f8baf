"""Renders an e-mail as plain text and HTML, in the recipient's language and time zone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from participants.mail.content import mail_content
from participants.mail.itip import ItipMessage
from participants.mail.pending_news import MailContext
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import plain_text

MAX_SUBJECT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """Subject, plain text and HTML of an e-mail; both texts have a placeholder for the link."""

    subject: str
    text: str
    html: str


def render_mail(
    kind: str,
    context: MailContext,
    agenda: Agenda,
    messages: Sequence[ItipMessage] = (),
    *,
    with_briefing: bool = False,
) -> RenderedMail:
    """Render an e-mail of this kind; `agenda` is cut for its recipient.

    `messages` are the calendar entries that are sent with it. The only access that its text gives
    is the join information in `context`.
    """
    language = context.recipient.language
    with translation.override(language):
        content = mail_content(kind, context, agenda, messages, with_briefing=with_briefing)
        template_context = {"mail": content, "language": language}
        return RenderedMail(
            subject=_subject(content.subject),
            text=_text(render_to_string("mail/mail.txt", template_context)),
            html=_html(render_to_string("mail/mail.html", template_context)),
        )


def _subject(title: str) -> str:
    """The subject in one line, cut between words if it is longer than MAX_SUBJECT_LENGTH."""
    subject = " ".join(plain_text.clean(title).split())
    if len(subject) <= MAX_SUBJECT_LENGTH:
        return subject
    return subject[: MAX_SUBJECT_LENGTH - 1].rsplit(" ", 1)[0][: MAX_SUBJECT_LENGTH - 1] + "…"


def _html(rendered: str) -> str:
    """HTML with a word joiner in time ranges, so that each stays on one line."""
    return re.sub(r"(\d\d:\d\d–)(?=\d\d:\d\d)", r"\1&#8288;", plain_text.without_controls(rendered))


def _text(rendered: str) -> str:
    """Text without spaces at the ends of lines, and with one empty line at most."""
    text = re.sub(r" +\n", "\n", plain_text.clean(rendered))
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"
