"""Reads: what one person has to do with, event by event, as the newest release says it to them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from participants.access import permissions
from participants.models import Participation
from participants.personal.join_links import Joining, get_joining
from participants.personal.reply import MAY_ANSWER, Reply, reply_of
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.models import Release
from sessions_app.models import Session as SessionRow
from sessions_app.publishing import queries


@dataclass(frozen=True, slots=True)
class OwnWorkshop:
    """A workshop in whose list somebody stands.

    `sessions` are those in which they appear, and `to_answer` those of them that may be answered
    for: neither cancelled nor taken off since. `joining` is None for who is not let in.
    """

    participation: UUID
    workshop: Workshop
    role: str
    reply: Reply
    replied_at: datetime | None
    room: str
    sessions: tuple[Session, ...]
    to_answer: tuple[Session, ...]
    joining: Joining | None

    @property
    def may_answer(self) -> bool:
        return self.reply.state in MAY_ANSWER


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event: `agenda` is all that they may read of it, `own` what they have a part in."""

    agenda: Agenda
    own: Agenda
    workshops: tuple[OwnWorkshop, ...]

    @property
    def concerns_them(self) -> bool:
        """Whether there is anything on it to show them: a part, or an invitation."""
        return bool(self.own.workshops) or any(each.may_answer for each in self.workshops)


def list_own(person: UUID, now: datetime) -> tuple[OwnEvent, ...]:
    """Every published event with somebody in its lists or in its programme, the next one first.

    Those that they were taken off are among them: ask `concerns_them`. Four queries, and four
    for each event.
    """
    listed: dict[UUID, Participation] = {
        row.workshop_id: row
        for row in Participation.objects.filter(person=person)
        .select_related("workshop")
        .prefetch_related("session_replies")
    }
    joining = get_joining(person)
    events = (
        _own_event(release, person, listed, joining)
        for release in _releases(person, {row.workshop.event_id for row in listed.values()})
    )
    return tuple(sorted(events, key=lambda event: _in_order(event.agenda, now)))


def _releases(person: UUID, events: Iterable[UUID]) -> Iterable[Release]:
    newest = Release.objects.filter(event=OuterRef("event")).order_by("-number")
    current = Release.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    # A release names by UID everybody who appears in it.
    concerned = current.filter(Q(event__in=list(events)) | Q(agenda__contains=str(person)))
    return concerned.select_related("event")


def _own_event(
    release: Release,
    person: UUID,
    listed: dict[UUID, Participation],
    joining: dict[UUID, Joining],
) -> OwnEvent:
    viewer = permissions.recipient(release.event.slug, frozenset({person}))
    agenda = queries.read(release, viewer)
    own = for_person(agenda, person)
    sessions: dict[UUID, tuple[Session, ...]] = defaultdict(tuple)
    sessions.update({workshop.uid: workshop.sessions for workshop in own.workshops})
    current = _current(own)
    return OwnEvent(
        agenda=agenda,
        own=own,
        workshops=tuple(
            _own_workshop(workshop, row, sessions[workshop.uid], current, joining)
            for workshop in agenda.workshops
            if (row := listed.get(workshop.uid))
        ),
    )


def _current(own: Agenda) -> set[tuple[UUID, UUID]]:
    """The sessions that still stand among the rows, each with its workshop."""
    published = [session.uid for session in own.sessions()]
    rows = SessionRow.objects.current().filter(uid__in=published)
    return set(rows.values_list("uid", "workshop_id"))


def _own_workshop(
    workshop: Workshop,
    row: Participation,
    sessions: tuple[Session, ...],
    current: set[tuple[UUID, UUID]],
    joining: dict[UUID, Joining],
) -> OwnWorkshop:
    return OwnWorkshop(
        participation=row.pk,
        workshop=workshop,
        role=str(row.get_role_display()),
        reply=reply_of(row),
        replied_at=row.replied_at,
        room=row.workshop.room,
        sessions=sessions,
        to_answer=tuple(
            each
            for each in sessions
            if each.status != "cancelled" and (each.uid, workshop.uid) in current
        ),
        joining=joining.get(workshop.uid),
    )


def _in_order(agenda: Agenda, now: datetime) -> tuple[bool, float]:
    """What is to come by its start, then what is over, the latest first."""
    ends_at = max((workshop.ends_at for workshop in agenda.workshops), default=now)
    starts_at = (agenda.starts_at or now).timestamp()
    return (True, -starts_at) if ends_at <= now else (False, starts_at)
