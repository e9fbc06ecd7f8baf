"""Services that write many rows: publish and restore a release, duplicate a session."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from sessions_app import models
from sessions_app.agenda import serialization
from sessions_app.agenda.sequences import next_calendar_states, next_workshop_states
from sessions_app.agenda.types import Agenda, CalendarState, Person
from sessions_app.models import Release
from sessions_app.publishing import to_rows
from sessions_app.publishing.candidate import Candidate, get_candidate
from sessions_app.publishing.copy_rows import copy_session
from sessions_app.publishing.queries import full_agenda
from workshop.models import Event


class CannotPublish(Exception):
    """Publishing `candidate` was refused and nothing was written; correct `errors` first."""

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(candidate.errors)
        self.candidate, self.errors = candidate, candidate.errors


@transaction.atomic
def publish(
    *,
    event: Event,
    now: datetime,
    user: User | None = None,
    note: str = "",
    workshops: Collection[UUID] | None = None,
    checked: bool = True,
) -> tuple[Release, bool]:
    """Publish the current rows as a new numbered release, which readers see from then on.

    `workshops` are the UIDs of those to publish, all by default; the others stay as last
    released. Returns the newest release and whether it is new: without a change there is no new
    one. Raises CannotPublish for an error in a workshop to publish, unless `checked` is False
    (to go back to an agenda that readers saw before).
    """
    # The lock puts two publications at the same time one after the other.
    event = Event.objects.select_for_update().get(pk=event.pk)
    candidate = get_candidate(event, workshops)
    agenda, released = candidate.would_release, candidate.released
    if released is not None and agenda == released:
        unchanged = Release.objects.defer("agenda")
        return unchanged.get(event=event, number=released.release), False
    if checked and candidate.errors:
        raise CannotPublish(candidate)
    number = 1 if released is None else released.release + 1
    text = serialization.encode(_with_calendar_states(released, agenda, number, now))
    return Release.objects.create(
        event=event,
        number=number,
        made_at=now,
        made_by=user,
        note=note,
        agenda=text,
        summary=serialization.encode_summary(text),
    ), True


@transaction.atomic
def restore(*, release: Release, now: datetime, user: User | None = None) -> tuple[Release, bool]:
    """Write an older release back into the rows and publish them as a new one.

    Data that no release holds (e-mail addresses, join links, staff notes, readership) stays
    unchanged. Sessions newer than the release are cancelled if they were ever published, else
    deleted.
    """
    event = Event.objects.select_for_update().get(pk=release.event_id)
    released = full_agenda(Release.objects.filter(event=event).latest("number"))
    # Calendar states keep every released UID; the first releases were made without them.
    announced = {state.uid for state in released.calendar_states}
    announced |= {session.uid for session in released.sessions()}
    to_rows.write_back(event, full_agenda(release), announced=announced, now=now)
    note = f"Restored from release {release.number}"
    return publish(event=event, now=now, user=user, note=note, checked=False)


@transaction.atomic
def duplicate(*, session: models.Session) -> models.Session:
    """Copy a session with its people, talks and questions; the copy starts at its end.

    Every row of the copy has a new UID: a calendar entry belongs to one session.
    """
    # The lock gives two copies made at the same time different keys.
    Event.objects.select_for_update().get(pk=session.event_id)
    length = session.ends_at - session.starts_at
    return copy_session(
        session, key="", number=None, starts_at=session.ends_at, ends_at=session.ends_at + length
    )


def _with_calendar_states(
    released: Agenda | None, agenda: Agenda, number: int, now: datetime
) -> Agenda:
    """The agenda with its calendar states and former people, for release `number`."""
    states = next_calendar_states(released, agenda, number=number, now=now)
    return replace(
        agenda,
        calendar_states=states,
        workshop_states=next_workshop_states(released, agenda, number=number, now=now),
        former_people=_former_people(released, agenda, states),
    )


def _former_people(
    released: Agenda | None, agenda: Agenda, states: tuple[CalendarState, ...]
) -> tuple[Person, ...]:
    """People of removed sessions only: their calendars still show these as cancelled."""
    present = {person.uid for person in agenda.people}
    removed = [state.last_known for state in states if state.last_known]
    appearing = {appearance.person for session in removed for appearance in session.everybody}
    known = () if released is None else (*released.people, *released.former_people)
    former = {person.uid: person for person in known if person.uid in appearing - present}
    return tuple(former.values())
