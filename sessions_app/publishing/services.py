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
from sessions_app.agenda.types import Agenda, CalendarState, Person, Workshop
from sessions_app.checks.registry import Finding, Level, check
from sessions_app.models import Release
from sessions_app.publishing import to_rows
from sessions_app.publishing.copy_rows import copy_session
from sessions_app.publishing.queries import full_agenda, get_draft
from sessions_app.renderers.labels import country, session_name
from workshop.models import Event


class CannotPublish(Exception):
    """Publishing was refused, nothing was written; `findings` are the errors to correct first."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(finding.message for finding in findings))
        self.findings = findings


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
    last = Release.objects.newest(event.slug)
    agenda, released = release_candidate(event, workshops)
    if last is not None and agenda == released:
        return last, False
    errors = publishing_errors(event, agenda, released, workshops) if checked else ()
    if errors:
        raise CannotPublish(errors)
    number = 1 if last is None else last.number + 1
    return Release.objects.create(
        event=event,
        number=number,
        made_at=now,
        made_by=user,
        note=note,
        agenda=serialization.encode(_with_calendar_states(released, agenda, number, now)),
    ), True


@transaction.atomic
def restore(*, release: Release, now: datetime, user: User | None = None) -> tuple[Release, bool]:
    """Write an older release back into the rows and publish them as a new one.

    Data that no release holds (e-mail addresses, join links, staff notes, readership) stays
    unchanged. Sessions newer than the release are cancelled if they were ever published, else
    deleted.
    """
    event = Event.objects.select_for_update().get(pk=release.event_id)
    announced = {
        session.uid
        for text in Release.objects.filter(event=event).values_list("agenda", flat=True)
        for session in serialization.decode(text).sessions()
    }
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


def release_candidate(
    event: Event, workshops: Collection[UUID] | None = None
) -> tuple[Agenda, Agenda | None]:
    """The agenda that publishing these workshops would release, and the last released agenda."""
    last = Release.objects.newest(event.slug)
    released = None if last is None else full_agenda(last)
    return _with_unchosen_as_released(get_draft(event), released, workshops), released


def publishing_errors(
    event: Event, agenda: Agenda, released: Agenda | None, workshops: Collection[UUID] | None
) -> tuple[Finding, ...]:
    """Errors against publishing these workshops, and sessions moved between published and not."""
    return (*_moved_between_workshops(event, released, workshops), *list_errors(agenda, workshops))


def _moved_between_workshops(
    event: Event, released: Agenda | None, chosen: Collection[UUID] | None
) -> tuple[Finding, ...]:
    """Sessions moved between two workshops of which only one is to be published."""
    if released is None or chosen is None:
        return ()
    released_in = {session.uid: workshop for workshop, session in released.workshop_sessions()}
    return tuple(
        Finding(
            "moved_between_workshops",
            Level.ERROR,
            f"{session_name(session)} moved from “{released_in[session.uid].title}” to "
            f"“{workshop.title}”. Publish both together.",
            workshop.key,
            (session.key,),
        )
        for workshop, session in get_draft(event).workshop_sessions()
        if session.uid in released_in
        and released_in[session.uid].uid != workshop.uid
        and (released_in[session.uid].uid in chosen) != (workshop.uid in chosen)
    )


def list_errors(agenda: Agenda, workshops: Collection[UUID] | None) -> tuple[Finding, ...]:
    """Errors in one of these workshops, by default in any."""
    chosen = [
        workshop for workshop in agenda.workshops if workshops is None or workshop.uid in workshops
    ]
    keys = {workshop.key for workshop in chosen}
    session_keys = {session.key for workshop in chosen for session in workshop.sessions}
    return tuple(
        finding
        for finding in check(agenda, country)
        if finding.level is Level.ERROR
        and (
            not finding.workshop
            or finding.workshop in keys
            or session_keys.intersection(finding.sessions)
        )
    )


def _with_unchosen_as_released(
    draft: Agenda, released: Agenda | None, chosen: Collection[UUID] | None
) -> Agenda:
    """The draft, with workshops that were not chosen, and their people, as last released."""
    if chosen is None:
        return draft
    old = {} if released is None else {workshop.uid: workshop for workshop in released.workshops}
    new = {workshop.uid: workshop for workshop in draft.workshops if workshop.uid in chosen}
    by_start = sorted((old | new).values(), key=lambda workshop: (workshop.starts_at, workshop.key))
    workshops = tuple(by_start)
    return replace(draft, workshops=workshops, people=_people(draft, released, workshops, new))


def _people(
    draft: Agenda,
    released: Agenda | None,
    workshops: tuple[Workshop, ...],
    new: Collection[UUID],
) -> tuple[Person, ...]:
    """People appearance appear: as in the draft if in a `new` workshop, else as last released."""
    fresh = {person.uid: person for person in draft.people}
    known = fresh if released is None else {person.uid: person for person in released.people}
    people: dict[UUID, Person] = {}
    for workshop in sorted(workshops, key=lambda workshop: workshop.uid in new):
        source, other = (fresh, known) if workshop.uid in new else (known, fresh)
        for uid in _people_in(workshop):
            people[uid] = source.get(uid) or other[uid]
    return tuple(sorted(people.values(), key=lambda person: (person.sort_name, person.key)))


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


def _people_in(workshop: Workshop) -> set[UUID]:
    in_sessions = (appearance for session in workshop.sessions for appearance in session.everybody)
    appearances = (*workshop.people, *in_sessions)
    return {appearance.person for appearance in appearances if appearance.person is not None}
