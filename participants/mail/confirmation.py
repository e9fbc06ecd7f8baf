"""Service: a mail that repeats somebody's replies, put into the outbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from participants.access import permissions
from participants.access.tokens import PLACEHOLDER
from participants.models import Letter, Participation, Person
from participants.personal.own_timezone import own_zone
from participants.personal.reply import ANSWERS, Reply, in_full, reply_of
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.text import Text, in_language
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.publishing.queries import get_published
from sessions_app.renderers import labels, plain_text, time_ranges
from workshop.models import Event
from workshop.zones import Zone

REASON = "their own reply"
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class ConfirmedSession:
    name: str
    when: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class ConfirmedReply:
    """A reply in words, on the clock of who gave it."""

    title: Text
    when: str
    said: tuple[str, ...]
    sessions: tuple[ConfirmedSession, ...]


@transaction.atomic
def queue_confirmation(*, person: Person, event: Event, now: datetime) -> Letter | None:
    """Put a mail with all of somebody's replies for an event into the outbox.

    It takes the place of one that still waits there. None, and nothing is written, for somebody
    without an address and for an event that is not published.
    """
    agenda = get_published(event.slug, permissions.recipient(event.slug, frozenset({person.pk})))
    if not person.email or agenda is None:
        return None
    waiting = Letter.objects.filter(
        event=event, person=person, kind=Letter.Kind.CONFIRMATION, state=Letter.State.WAITING
    )
    waiting.update(state=Letter.State.STOPPED, error="A newer reply took its place.")
    letter = Letter(
        event=event,
        person=person,
        kind=Letter.Kind.CONFIRMATION,
        reason=REASON,
        batch=uuid4(),
        to=person.email,
        copy_to=person.assistant_email,
        language=person.language,
        made_at=now,
    )
    letter.message_id = f"<{letter.uid}@{urlsplit(settings.SITE).hostname}>"
    with translation.override(person.language):
        _write(letter, person, in_language(agenda, person.language))
    letter.save()
    return letter


def _write(letter: Letter, person: Person, agenda: Agenda) -> None:
    zone = own_zone(person.clock_key, agenda)
    context = {
        "person": person,
        "event": agenda.title,
        "replies": tuple(_replies(person, agenda, zone)),
        "link": PLACEHOLDER,
        "organisers": labels.lines(agenda.office_name) or labels.lines(agenda.organisers)[:1],
        "language": letter.language,
    }
    subject = plain_text.clean(_("Your reply: %(event)s") % {"event": agenda.title})
    letter.subject = Truncator(" ".join(subject.split())).chars(LONGEST_SUBJECT)
    letter.text = plain_text.clean(render_to_string("letters/confirmation.txt", context)) + "\n"
    letter.html = render_to_string("letters/confirmation.html", context)


def _replies(person: Person, agenda: Agenda, zone: Zone) -> Iterator[ConfirmedReply]:
    rows = Participation.objects.filter(person=person, state__in=ANSWERS)
    rows = rows.select_related("workshop").prefetch_related("session_replies")
    by_workshop = {row.workshop_id: row for row in rows}
    own = {workshop.uid: workshop for workshop in for_person(agenda, person.pk).workshops}
    for workshop in agenda.workshops:
        if row := by_workshop.get(workshop.uid):
            reply = reply_of(row)
            yield ConfirmedReply(
                title=workshop.title,
                when=_when(workshop.starts_at, workshop.ends_at, zone),
                said=tuple(in_full(reply, row.workshop.room)),
                sessions=tuple(_sessions(own.get(workshop.uid), reply, zone)),
            )


def _sessions(workshop: Workshop | None, reply: Reply, zone: Zone) -> Iterator[ConfirmedSession]:
    said: dict[UUID, bool] = dict(reply.sessions)
    for session in workshop.sessions if workshop else ():
        if session.uid in said:
            yield ConfirmedSession(
                name=labels.session_title(session),
                when=_when(session.starts_at, session.ends_at, zone),
                takes_part=said[session.uid],
            )


def _when(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """`Tue 3 Aug 21:30–Wed 4 Aug 02:15, New York (UTC−4)`."""
    span = time_ranges.span(starts_at, ends_at, zone)
    return f"{span}, {zone.label} ({zone.offset(starts_at)})"
