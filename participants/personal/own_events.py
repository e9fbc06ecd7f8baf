"""Queries on a person's own events, from the newest release as they may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from participants.access.viewer import recipient_viewer
from participants.models import Participation
from participants.personal.join_links import JoinInfo, get_join_info
from participants.personal.reply import REPLY_ALLOWED_STATES, Reply, reply_from_row
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.models import Release
from sessions_app.models import Session as SessionRow
from sessions_app.publishing import queries


@dataclass(frozen=True, slots=True)
class OwnWorkshop:
    """Workshop in which a person is listed.

    `sessions` are those in which they appear; `sessions_to_confirm` leaves out those cancelled,
    or removed since the release. `join_info` is None unless they are registered.
    """

    participation: UUID
    workshop: Workshop
    role: str
    reply: Reply
    replied_at: datetime | None
    room: str
    sessions: tuple[Session, ...]
    sessions_to_confirm: tuple[Session, ...]
    join_info: JoinInfo | None

    @property
    def can_reply(self) -> bool:
        """True if the person was invited."""
        return self.reply.state in REPLY_ALLOWED_STATES


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """Event of a person: `agenda` is all that they may read, `own` only their own sessions."""

    agenda: Agenda
    own: Agenda
    workshops: tuple[OwnWorkshop, ...]

    @property
    def is_relevant(self) -> bool:
        """True if the person has a session or an invitation in this event."""
        return bool(self.own.workshops) or any(workshop.can_reply for workshop in self.workshops)


def list_own_events(person: UUID, now: datetime) -> tuple[OwnEvent, ...]:
    """List published events with the person in a list or in the programme, the next one first.

    Includes events from which they were removed; see `is_relevant`. Four queries, and four per
    event.
    """
    listed: dict[UUID, Participation] = {
        row.workshop_id: row
        for row in Participation.objects.filter(person=person)
        .select_related("workshop")
        .prefetch_related("session_replies")
    }
    join_info = get_join_info(person)
    events = (
        _own_event(release, person, listed, join_info)
        for release in _releases(person, {row.workshop.event_id for row in listed.values()})
    )
    return tuple(sorted(events, key=lambda event: _order_key(event.agenda, now)))


def _releases(person: UUID, events: Iterable[UUID]) -> Iterable[Release]:
    newest = Release.objects.filter(event=OuterRef("event")).order_by("-number")
    current = Release.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    # A release holds the UID of every person who appears in it.
    relevant = current.filter(Q(event__in=list(events)) | Q(agenda__contains=str(person)))
    return relevant.select_related("event")


def _own_event(
    release: Release,
    person: UUID,
    listed: dict[UUID, Participation],
    join_info: dict[UUID, JoinInfo],
) -> OwnEvent:
    viewer = recipient_viewer(release.event.slug, frozenset({person}))
    agenda = queries.agenda_for(release, viewer)
    own = for_person(agenda, person)
    sessions: dict[UUID, tuple[Session, ...]] = defaultdict(tuple)
    sessions.update({workshop.uid: workshop.sessions for workshop in own.workshops})
    current = _current_sessions(own)
    return OwnEvent(
        agenda=agenda,
        own=own,
        workshops=tuple(
            _own_workshop(workshop, row, sessions[workshop.uid], current, join_info)
            for workshop in agenda.workshops
            if (row := listed.get(workshop.uid))
        ),
    )


def _current_sessions(own: Agenda) -> set[tuple[UUID, UUID]]:
    """Pairs of session and workshop that still exist as rows."""
    published = [session.uid for session in own.sessions()]
    rows = SessionRow.objects.current().filter(uid__in=published)
    return set(rows.values_list("uid", "workshop_id"))


def _own_workshop(
    workshop: Workshop,
    row: Participation,
    sessions: tuple[Session, ...],
    current: set[tuple[UUID, UUID]],
    join_info: dict[UUID, JoinInfo],
) -> OwnWorkshop:
    return OwnWorkshop(
        participation=row.pk,
        workshop=workshop,
        role=str(row.get_role_display()),
        reply=reply_from_row(row),
        replied_at=row.replied_at,
        room=row.workshop.room,
        sessions=sessions,
        sessions_to_confirm=tuple(
            session
            for session in sessions
            if session.status != "cancelled" and (session.uid, workshop.uid) in current
        ),
        join_info=join_info.get(workshop.uid),
    )


def _order_key(agenda: Agenda, now: datetime) -> tuple[bool, float]:
    """Sort key: coming events by start, then past events, the latest first."""
    ends_at = max((workshop.ends_at for workshop in agenda.workshops), default=now)
    starts_at = (agenda.starts_at or now).timestamp()
    return (True, -starts_at) if ends_at <= now else (False, starts_at)
