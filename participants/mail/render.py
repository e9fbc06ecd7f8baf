"""Mails in words: the same in plain text and in HTML, in their reader's language and clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from participants.mail.content import lines
from participants.mail.itip import Message
from participants.mail.pending_news import Knowing
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import plain_text

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's words; where the personal link stands, both texts have a placeholder."""

    subject: str
    text: str
    html: str


def write(
    kind: str,
    known: Knowing,
    agenda: Agenda,
    messages: Sequence[Message] = (),
    *,
    with_briefing: bool = False,
) -> Written:
    """A mail of this kind to the person of `known`, whose `agenda` is cut for them.

    `messages` are the calendar entries that go with it. Nothing in it lets anybody in but the
    joining information that `known` says they may have.
    """
    with translation.override(known.to.language):
        told = lines(kind, known, agenda, messages, with_briefing=with_briefing)
        context = {"letter": told, "language": known.to.language}
        return Written(
            subject=_subject(told.subject),
            text=_text(render_to_string("letters/letter.txt", context)),
            html=_html(render_to_string("letters/letter.html", context)),
        )


def _subject(title: str) -> str:
    """In one line, cut between words where it is longer than a list of mails shows."""
    subject = " ".join(plain_text.clean(title).split())
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return subject[: LONGEST_SUBJECT - 1].rsplit(" ", 1)[0][: LONGEST_SUBJECT - 1] + "…"


def _html(rendered: str) -> str:
    """Times stay in one line."""
    return re.sub(r"(\d\d:\d\d–)(?=\d\d:\d\d)", r"\1&#8288;", plain_text.without_controls(rendered))


def _text(rendered: str) -> str:
    """Without spaces at the ends of lines, and one empty line at most."""
    text = re.sub(r" +\n", "\n", plain_text.clean(rendered))
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"
