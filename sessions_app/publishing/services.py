"""Writes that touch more than one row: publishing a release and restoring one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from sessions_app import models
from sessions_app.agenda import serialization
from sessions_app.agenda.sequences import follow, follow_windows
from sessions_app.agenda.types import Agenda, Person, Track, Workshop
from sessions_app.checks.registry import Finding, Level, check
from sessions_app.models import Release
from sessions_app.publishing import to_rows
from sessions_app.publishing.copy_rows import copy_session
from sessions_app.publishing.queries import get_draft, stored
from sessions_app.renderers.labels import country, session_name
from workshop.models import Event


class CannotPublish(Exception):
    """Nothing was published; `findings` are the errors that stand in the way."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(" ".join(finding.message for finding in findings))
        self.findings = findings


@transaction.atomic
def publish(
    *,
    event: Event,
    now: datetime,
    by: User | None = None,
    note: str = "",
    workshops: Collection[UUID] | None = None,
    checked: bool = True,
) -> tuple[Release, bool]:
    """Make a numbered release of the rows as they stand; readers see it from then on.

    `workshops` are the UIDs of those to publish, all by default; the others stay as they were
    released. Returns the newest release and whether it is new: rows that say what the last
    release says make none. Raises CannotPublish for an error in a workshop to publish, unless
    `checked` is False (for going back to what readers saw before).
    """
    # Two who publish at once come one after the other.
    event = Event.objects.select_for_update().get(pk=event.pk)
    last = Release.objects.newest(event.slug)
    agenda, released = to_be_released(event, workshops)
    if last is not None and agenda == released:
        return last, False
    errors = obstacles(event, agenda, released, workshops) if checked else ()
    if errors:
        raise CannotPublish(errors)
    number = 1 if last is None else last.number + 1
    return Release.objects.create(
        event=event,
        number=number,
        made_at=now,
        made_by=by,
        note=note,
        agenda=serialization.encode(_followed(released, agenda, number, now)),
    ), True


@transaction.atomic
def restore(*, release: Release, now: datetime, by: User | None = None) -> tuple[Release, bool]:
    """Write an older release back into the rows and publish them as a new one.

    What a release never holds (e-mail addresses, join links, staff notes, readership) stays as
    it is. Sessions younger than the release are cancelled if readers have seen them, else dropped.
    """
    event = Event.objects.select_for_update().get(pk=release.event_id)
    announced = {
        session.uid
        for text in Release.objects.filter(event=event).values_list("agenda", flat=True)
        for session in serialization.decode(text).sessions()
    }
    to_rows.write_back(event, stored(release), announced=announced, now=now)
    note = f"Restored from release {release.number}"
    return publish(event=event, now=now, by=by, note=note, checked=False)


@transaction.atomic
def duplicate(*, session: models.Session) -> models.Session:
    """A copy of a session with its people, talks and questions, right after it and as long.

    Every row of the copy has a UID of its own: a calendar's entry belongs to one session.
    """
    # Two copies of one moment get different keys.
    Event.objects.select_for_update().get(pk=session.event_id)
    length = session.ends_at - session.starts_at
    return copy_session(
        session, key="", number=None, starts_at=session.ends_at, ends_at=session.ends_at + length
    )


def _followed(released: Agenda | None, agenda: Agenda, number: int, now: datetime) -> Agenda:
    """The agenda with what calendars need to know of all releases up to this one."""
    tracks = follow(released, agenda, number=number, now=now)
    return replace(
        agenda,
        tracks=tracks,
        windows=follow_windows(released, agenda, number=number, now=now),
        former_people=_former(released, agenda, tracks),
    )


def to_be_released(
    event: Event, workshops: Collection[UUID] | None = None
) -> tuple[Agenda, Agenda | None]:
    """What publishing these workshops would release now, and what is released; writes nothing."""
    last = Release.objects.newest(event.slug)
    released = None if last is None else stored(last)
    return _carried_over(get_draft(event), released, workshops), released


def obstacles(
    event: Event, agenda: Agenda, released: Agenda | None, workshops: Collection[UUID] | None
) -> tuple[Finding, ...]:
    """What stands in the way of publishing these workshops: errors, and rows torn between two."""
    return (*_torn(event, released, workshops), *errors_in(agenda, workshops))


def _torn(
    event: Event, released: Agenda | None, chosen: Collection[UUID] | None
) -> tuple[Finding, ...]:
    """Sessions that went from one workshop to another of which only one is to be published."""
    if released is None or chosen is None:
        return ()
    was = {session.uid: workshop for workshop, session in released.placed_sessions()}
    return tuple(
        Finding(
            "moved_between_workshops",
            Level.ERROR,
            f"{session_name(session)} moved from “{was[session.uid].title}” to "
            f"“{workshop.title}”. Publish both together.",
            workshop.key,
            (session.key,),
        )
        for workshop, session in get_draft(event).placed_sessions()
        if session.uid in was
        and was[session.uid].uid != workshop.uid
        and (was[session.uid].uid in chosen) != (workshop.uid in chosen)
    )


def errors_in(agenda: Agenda, workshops: Collection[UUID] | None) -> tuple[Finding, ...]:
    """The errors of an agenda that concern one of these workshops, by default of any."""
    chosen = [each for each in agenda.workshops if workshops is None or each.uid in workshops]
    keys = {each.key for each in chosen}
    rows = {session.key for each in chosen for session in each.sessions}
    return tuple(
        finding
        for finding in check(agenda, country)
        if finding.level is Level.ERROR
        and (
            not finding.workshop or finding.workshop in keys or rows.intersection(finding.sessions)
        )
    )


def _carried_over(
    draft: Agenda, released: Agenda | None, chosen: Collection[UUID] | None
) -> Agenda:
    """The draft's chosen workshops with the others as they were released, and their people."""
    if chosen is None:
        return draft
    old = {} if released is None else {workshop.uid: workshop for workshop in released.workshops}
    new = {workshop.uid: workshop for workshop in draft.workshops if workshop.uid in chosen}
    workshops = tuple(sorted((old | new).values(), key=lambda each: (each.starts_at, each.key)))
    return replace(draft, workshops=workshops, people=_people(draft, released, workshops, new))


def _people(
    draft: Agenda,
    released: Agenda | None,
    workshops: tuple[Workshop, ...],
    new: Collection[UUID],
) -> tuple[Person, ...]:
    """Those who appear: as the draft has them if in a new workshop, else as last released."""
    fresh = {person.uid: person for person in draft.people}
    known = fresh if released is None else {person.uid: person for person in released.people}
    found: dict[UUID, Person] = {}
    for workshop in sorted(workshops, key=lambda each: each.uid in new):
        source, other = (fresh, known) if workshop.uid in new else (known, fresh)
        for uid in _appearing(workshop):
            found[uid] = source.get(uid) or other[uid]
    return tuple(sorted(found.values(), key=lambda person: (person.sort_name, person.key)))


def _former(
    released: Agenda | None, agenda: Agenda, tracks: tuple[Track, ...]
) -> tuple[Person, ...]:
    """Those who appear only in sessions that are gone: their calendars must still say so."""
    present = {person.uid for person in agenda.people}
    gone = {who.person for track in tracks if track.gone for who in track.gone.everybody}
    known = () if released is None else (*released.people, *released.former_people)
    found = {each.uid: each for each in known if each.uid in gone and each.uid not in present}
    return tuple(found.values())


def _appearing(workshop: Workshop) -> set[UUID]:
    everybody = (who for session in workshop.sessions for who in session.everybody)
    return {who.person for who in (*workshop.people, *everybody) if who.person is not None}
