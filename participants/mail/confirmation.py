"""Service: confirmation e-mail with all replies of a person, put into the outbox."""

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

from participants.access.tokens import PLACEHOLDER
from participants.models import OutgoingMail, Participation, Person
from participants.personal.own_timezone import own_zone
from participants.personal.reply import ANSWERED_STATES, Reply, full_sentences, reply_from_row
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.text import Text, in_language
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.renderers import labels, plain_text, time_ranges
from workshop.models import Event
from workshop.zones import Zone

CONFIRMATION_REASON = "their own reply"
MAX_SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ConfirmedSession:
    name: str
    time: str
    takes_part: bool


@dataclass(frozen=True, slots=True)
class ConfirmedReply:
    """A reply to one workshop as lines, with the times in the zone of the person."""

    title: Text
    time: str
    lines: tuple[str, ...]
    sessions: tuple[ConfirmedSession, ...]


@transaction.atomic
def enqueue_confirmation(
    *, person: Person, event: Event, agenda: Agenda, now: datetime
) -> OutgoingMail | None:
    """Put an e-mail with all replies of a person to an event into the outbox.

    `agenda` is the published one of the event, as the person may see it. Replaces an e-mail that
    is still waiting there. Returns None and writes nothing for a person without an address.
    """
    if not person.email:
        return None
    earlier = OutgoingMail.objects.filter(
        event=event,
        person=person,
        kind=OutgoingMail.Kind.CONFIRMATION,
        state=OutgoingMail.State.WAITING,
    )
    earlier.update(state=OutgoingMail.State.STOPPED, error="Replaced by a newer reply.")
    mail = OutgoingMail(
        event=event,
        person=person,
        kind=OutgoingMail.Kind.CONFIRMATION,
        reason=CONFIRMATION_REASON,
        batch=uuid4(),
        to=person.email,
        copy_to=person.assistant_email,
        language=person.language,
        made_at=now,
    )
    mail.message_id = f"<{mail.uid}@{urlsplit(settings.SITE).hostname}>"
    with translation.override(person.language):
        _render(mail, person, in_language(agenda, person.language))
    mail.save()
    return mail


def _render(mail: OutgoingMail, person: Person, agenda: Agenda) -> None:
    zone = own_zone(person.preferred_zone_key, agenda)
    context = {
        "person": person,
        "event": agenda.title,
        "replies": tuple(_replies(person, agenda, zone)),
        "link": PLACEHOLDER,
        "organisers": labels.split_lines(agenda.office_name)
        or labels.split_lines(agenda.organisers)[:1],
        "language": mail.language,
    }
    subject = plain_text.clean(_("Your reply: %(event)s") % {"event": agenda.title})
    mail.subject = Truncator(" ".join(subject.split())).chars(MAX_SUBJECT_LENGTH)
    mail.text = plain_text.clean(render_to_string("mail/confirmation.txt", context)) + "\n"
    mail.html = render_to_string("mail/confirmation.html", context)


def _replies(person: Person, agenda: Agenda, zone: Zone) -> Iterator[ConfirmedReply]:
    rows = Participation.objects.filter(person=person, state__in=ANSWERED_STATES)
    rows = rows.select_related("workshop").prefetch_related("session_replies")
    by_workshop = {row.workshop_id: row for row in rows}
    own_workshops = {workshop.uid: workshop for workshop in for_person(agenda, person.pk).workshops}
    for workshop in agenda.workshops:
        if row := by_workshop.get(workshop.uid):
            reply = reply_from_row(row)
            yield ConfirmedReply(
                title=workshop.title,
                time=_time_range(workshop.starts_at, workshop.ends_at, zone),
                lines=tuple(full_sentences(reply, row.workshop.room)),
                sessions=tuple(_sessions(own_workshops.get(workshop.uid), reply, zone)),
            )


def _sessions(workshop: Workshop | None, reply: Reply, zone: Zone) -> Iterator[ConfirmedSession]:
    takes_part_by_session: dict[UUID, bool] = dict(reply.sessions)
    for session in workshop.sessions if workshop else ():
        if session.uid in takes_part_by_session:
            yield ConfirmedSession(
                name=labels.session_title(session),
                time=_time_range(session.starts_at, session.ends_at, zone),
                takes_part=takes_part_by_session[session.uid],
            )


def _time_range(starts_at: datetime, ends_at: datetime, zone: Zone) -> str:
    """`Tue 3 Aug 21:30–Wed 4 Aug 02:15, New York (UTC−4)`."""
    span = time_ranges.span(starts_at, ends_at, zone)
    return f"{span}, {zone.label} ({zone.offset(starts_at)})"
