"""Reads for the desk: everybody in an event's lists or programme, with replies and ways in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from participants.models import Participation, Person, PersonalLink
from participants.personal.reply import Reply, reply_of
from sessions_app.models import Appearance, Session
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody in the list of one workshop; `no_to` are the sessions that they said no to."""

    person: UUID
    name: str
    country: str
    workshop: UUID
    workshop_title: str
    role: str
    reply: Reply
    room: str
    replied_at: datetime | None
    no_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the event; `link` is the newest personal link that is open."""

    uid: UUID
    key: str
    name: str
    country: str
    has_address: bool
    link_made_at: datetime | None
    link_opened_at: datetime | None


def list_listed(event: Event) -> tuple[Listed, ...]:
    """Every row of every list of the event, by workshop and name. Three queries."""
    rows = (
        Participation.objects.filter(workshop__event=event)
        .select_related("person", "workshop")
        .prefetch_related("session_replies__session")
        .order_by("workshop__starts_at", "workshop__key", "person__sort_name", "person__key")
    )
    return tuple(map(_listed, rows))


def list_people(event: Event, now: datetime) -> tuple[Somebody, ...]:
    """Everybody in a list or in the programme as it stands, in the order of lists."""
    open_links = PersonalLink.objects.open_at(now).filter(purpose=PersonalLink.Purpose.PAGE)
    people = of_event(event).prefetch_related(
        Prefetch("links", open_links.order_by("-made_at"), to_attr="open_links")
    )
    return tuple(_somebody(person, person.open_links) for person in people)


def of_event(event: Event) -> QuerySet[Person]:
    """The people of an event, each once."""
    sessions = Session.objects.current().filter(event=event)
    appearing = Appearance.objects.filter(
        Q(session__in=sessions) | Q(presentation__session__in=sessions) | Q(workshop__event=event)
    )
    listed = Participation.objects.filter(workshop__event=event)
    return Person.objects.filter(
        Q(uid__in=appearing.values("person")) | Q(uid__in=listed.values("person"))
    )


def _listed(row: Participation) -> Listed:
    said = row.session_replies.all()
    return Listed(
        person=row.person_id,
        name=str(row.person),
        country=str(row.person.country.code or ""),
        workshop=row.workshop_id,
        workshop_title=str(row.workshop),
        role=row.role,
        reply=reply_of(row),
        room=row.workshop.room,
        replied_at=row.replied_at,
        no_to=tuple(_name(each.session) for each in said if not each.takes_part),
    )


def _name(session: Session) -> str:
    return f"Session {session.number}: {session}" if session.number else str(session)


def _somebody(person: Person, links: Iterable[PersonalLink]) -> Somebody:
    opened = [link.opened_at for link in links if link.opened_at]
    return Somebody(
        uid=person.pk,
        key=person.key,
        name=str(person),
        country=str(person.country.code or ""),
        has_address=bool(person.email),
        link_made_at=max((link.made_at for link in links), default=None),
        link_opened_at=max(opened, default=None),
    )
