"""Queries for the desk: people of an event's lists and programme, with replies and links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from participants.models import Participation, Person, PersonalLink
from participants.personal.reply import Reply, reply_from_row
from sessions_app.models import Appearance, Session
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class ListedParticipant:
    """A person on the list of one workshop, with their reply and the sessions they declined."""

    person: UUID
    name: str
    country: str
    workshop: UUID
    workshop_title: str
    role: str
    reply: Reply
    room: str
    replied_at: datetime | None
    declined_sessions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventPerson:
    """A person of the event, with the dates of their open personal link."""

    uid: UUID
    key: str
    name: str
    country: str
    has_email: bool
    link_made_at: datetime | None
    link_opened_at: datetime | None


def list_participants(event: Event) -> tuple[ListedParticipant, ...]:
    """All participants of all lists of the event, by workshop and name. Three queries."""
    rows = (
        Participation.objects.filter(workshop__event=event)
        .select_related("person", "workshop")
        .prefetch_related("session_replies__session")
        .order_by("workshop__starts_at", "workshop__key", "person__sort_name", "person__key")
    )
    return tuple(map(_participant, rows))


def list_people(event: Event, now: datetime) -> tuple[EventPerson, ...]:
    """All people of the lists or the draft programme, in list order."""
    open_links = PersonalLink.objects.open_at(now).filter(purpose=PersonalLink.Purpose.PAGE)
    people = event_people(event).prefetch_related(
        Prefetch("links", open_links.order_by("-made_at"), to_attr="open_links")
    )
    return tuple(_person(person, person.open_links) for person in people)


def event_people(event: Event) -> QuerySet[Person]:
    """The people of an event's lists and programme, without duplicates."""
    sessions = Session.objects.current().filter(event=event)
    appearing = Appearance.objects.filter(
        Q(session__in=sessions) | Q(presentation__session__in=sessions) | Q(workshop__event=event)
    )
    listed = Participation.objects.filter(workshop__event=event)
    return Person.objects.filter(
        Q(uid__in=appearing.values("person")) | Q(uid__in=listed.values("person"))
    )


def _participant(row: Participation) -> ListedParticipant:
    session_replies = row.session_replies.all()
    return ListedParticipant(
        person=row.person_id,
        name=str(row.person),
        country=str(row.person.country.code or ""),
        workshop=row.workshop_id,
        workshop_title=str(row.workshop),
        role=row.role,
        reply=reply_from_row(row),
        room=row.workshop.room,
        replied_at=row.replied_at,
        declined_sessions=tuple(
            _session_name(reply.session) for reply in session_replies if not reply.takes_part
        ),
    )


def _session_name(session: Session) -> str:
    return f"Session {session.number}: {session}" if session.number else str(session)


def _person(person: Person, links: Iterable[PersonalLink]) -> EventPerson:
    opened = [link.opened_at for link in links if link.opened_at]
    return EventPerson(
        uid=person.pk,
        key=person.key,
        name=str(person),
        country=str(person.country.code or ""),
        has_email=bool(person.email),
        link_made_at=max((link.made_at for link in links), default=None),
        link_opened_at=max(opened, default=None),
    )
