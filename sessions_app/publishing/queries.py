"""Queries: the draft agenda from rows, and the agendas of releases as a viewer may see them.

Each makes a constant number of database queries, whatever the size of the event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants import models as people
from participants.access.levels import Viewer
from sessions_app import models
from sessions_app.agenda import serialization
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, EventSummary, Person, Session
from sessions_app.agenda.visibility import for_viewer
from sessions_app.publishing.from_rows import (
    agenda_of,
    person_of,
    section_of,
    session_of,
    text_of,
)
from workshop import models as events

# Lookups from the history of a row to the UID of its session.
SESSION_PATHS: tuple[tuple[type[Model], str], ...] = (
    (models.Session, "uid"),
    (models.Presentation, "session_id"),
    (models.Appearance, "session_id"),
    (models.Appearance, "presentation__session_id"),
    (models.QuestionBlock, "session_id"),
    (models.Question, "block__session_id"),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Time of an edit and name of its author; the name is empty if nobody was signed in."""

    at: datetime
    author: str


def get_published(slug: str, viewer: Viewer) -> Agenda | None:
    """Agenda of the newest release as `viewer` may see it; None if there is none. One query."""
    return _agenda_or_none(models.Release.objects.newest(slug), viewer)


def get_release(slug: str, number: int, viewer: Viewer) -> Agenda | None:
    """Agenda of one release as `viewer` may see it, by today's permissions; None if missing."""
    return _agenda_or_none(get_release_row(slug, number), viewer)


def get_release_row(slug: str, number: int) -> models.Release | None:
    """Row of one release, for organisers; None if there is none."""
    return models.Release.objects.filter(event__slug=slug, number=number).first()


def list_workshops(event: events.Event) -> list[events.Workshop]:
    """The workshops of an event in the order of the programme."""
    return list(events.Workshop.objects.filter(event=event))


def get_session(event: events.Event, key: str) -> models.Session | None:
    """Session row with this key, also a deleted one; None if there never was one."""
    return models.Session.objects.filter(event=event, key=key).first()


def list_releases(
    slug: str, *, before: int | None = None, limit: int | None = None, with_agendas: bool = False
) -> list[models.Release]:
    """Releases with their authors, newest first, below the number `before`; by default all.

    Their agendas, which are long, are read only if requested.
    """
    releases = models.Release.objects.filter(event__slug=slug).select_related("made_by")
    if before is not None:
        releases = releases.filter(number__lt=before)
    return list((releases if with_agendas else releases.defer("agenda"))[:limit])


def changed_without_release_at(slug: str) -> datetime | None:
    """Time of the last change of public content without a release, or None. One query.

    Such changes are edits of workshop rows (who may read), by their history, and erasures of
    people.
    """
    edited = _history(events.Workshop).filter(event=OuterRef("pk")).order_by("-history_date")
    event = events.Event.objects.filter(slug=slug)
    with_edits = event.annotate(edited_at=Subquery(edited.values("history_date")[:1]))
    moments = with_edits.values_list("erased_at", "edited_at").first() or ()
    return max(filter(None, moments), default=None)


def get_last_edits(sessions: Collection[UUID]) -> dict[UUID, Edit]:
    """Last edit of these sessions, including people, talks and questions, by UID. One query."""
    user = "history_user__first_name", "history_user__last_name", "history_user__username"
    first, *others = (
        _history(model)
        .filter(**{f"{path}__in": sessions})
        .order_by()
        .values_list(F(path), "history_date", "history_id", *user)
        for model, path in SESSION_PATHS
    )
    edits = sorted(first.union(*others, all=True), key=lambda edit: edit[1:3])
    return {
        session: Edit(at, f"{names[0] or ''} {names[1] or ''}".strip() or names[2] or "")
        for session, at, _order, *names in edits
    }


def list_published() -> tuple[EventSummary, ...]:
    """All published events by their newest releases, latest event first. One query."""
    newest = models.Release.objects.filter(event=OuterRef("pk")).order_by("-number")
    text = Case(When(summary="", then="agenda"), default="summary")
    texts = events.Event.objects.values_list(Subquery(newest.values(text=text)[:1]), flat=True)
    published = map(serialization.decode_summary, filter(None, texts))
    return tuple(sorted(published, key=_start, reverse=True))


@dataclass(frozen=True, slots=True)
class EventState:
    """An event with the starts of its workshops and its newest release, if any."""

    slug: str
    title: Text
    zone: str
    starts: tuple[datetime, ...]
    release: int | None
    released_at: datetime | None


def list_events() -> tuple[EventState, ...]:
    """All events, published or not, for organisers, latest first. Two queries."""
    newest = models.Release.objects.filter(event=OuterRef("pk")).order_by("-number")
    rows = events.Event.objects.prefetch_related("workshops").annotate(
        release=Subquery(newest.values("number")[:1]),
        released_at=Subquery(newest.values("made_at")[:1]),
    )
    states = (
        EventState(
            slug=row.slug,
            title=text_of(row, "title"),
            zone=row.zone,
            starts=tuple(workshop.starts_at for workshop in row.workshops.all()),
            release=row.release,
            released_at=row.released_at,
        )
        for row in rows
    )
    return tuple(
        sorted(states, key=lambda event: str(max(event.starts, default="9")), reverse=True)
    )


def agenda_for(release: models.Release, viewer: Viewer) -> Agenda:
    """Agenda of a release row as `viewer` may see it."""
    return for_viewer(full_agenda(release), viewer)


def full_agenda(release: models.Release) -> Agenda:
    """Agenda of a release row, uncut: to compare and restore, never for a reader."""
    agenda = serialization.decode(release.agenda)
    return replace(agenda, release=release.number, released_at=release.made_at)


def get_draft(event: events.Event) -> Agenda:
    """Draft agenda: the current rows, uncut, as publishing would release them. Twelve queries."""
    sessions = models.Session.objects.current().filter(event=event)
    by_workshop = defaultdict(list)
    for session in _with_children(sessions):
        by_workshop[session.workshop_id].append(session_of(session))
    sections = defaultdict(list)
    for section in events.AboutSection.objects.filter(event=event):
        sections[section.workshop_id].append(section_of(section))
    workshops = events.Workshop.objects.filter(event=event).prefetch_related(
        Prefetch("appearances", _appearances()), "stated_windows"
    )
    return agenda_of(
        event,
        workshops,
        sessions_by_workshop=by_workshop,
        sections_by_workshop=sections,
        people=_people_of(event),
    )


def list_sessions(uids: Collection[UUID]) -> tuple[Session, ...]:
    """Sessions by UID, deleted ones too, as now in the draft."""
    return tuple(map(session_of, _with_children(models.Session.objects.filter(pk__in=uids))))


def list_people(uids: Collection[UUID] | None = None) -> tuple[Person, ...]:
    """People of all events, by default all of them, in the order of lists. One query.

    To choose from: without country, time zone and former keys.
    """
    rows = (
        people.Person.objects.all() if uids is None else people.Person.objects.filter(pk__in=uids)
    )
    texts = ("full_name", "honorific", "position", "organisation")
    columns = (f"{name}_{language}" for name in texts for language in ("en", "lo"))
    return tuple(
        Person(
            uid=row.uid,
            key=row.key,
            full_name=text_of(row, "full_name"),
            sort_name=row.sort_name,
            honorific=text_of(row, "honorific"),
            position=text_of(row, "position"),
            organisation=text_of(row, "organisation"),
        )
        for row in rows.values_list("uid", "key", "sort_name", *columns, named=True)
    )


def get_person(uid: UUID) -> Person | None:
    """A person by UID; None if there is none."""
    row = people.Person.objects.filter(pk=uid).first()
    return None if row is None else person_of(row)


def appearances_by_holder(
    holders: Collection[UUID], *, locked: bool = False
) -> dict[UUID, list[models.Appearance]]:
    """Appearance rows by talk, session or workshop, in the order of agendas."""
    where = Q(presentation__in=holders) | Q(session__in=holders) | Q(workshop__in=holders)
    rows = models.Appearance.objects.filter(where).order_by("order", "uid")
    by_holder = defaultdict(list)
    for row in rows.select_for_update() if locked else rows:
        by_holder[row.holder].append(row)
    return by_holder


def _start(event: EventSummary) -> str:
    """Sort key: the start of the first workshop; events without one sort first."""
    return str(min((workshop.starts_at for workshop in event.workshops), default=""))


def _agenda_or_none(release: models.Release | None, viewer: Viewer) -> Agenda | None:
    return None if release is None else agenda_for(release, viewer)


def _history(model: type[Model]) -> Any:
    return model.history  # type: ignore[attr-defined]  # simple-history


def _appearances() -> QuerySet[models.Appearance]:
    return models.Appearance.objects.select_related("person")


def _with_children(sessions: QuerySet[models.Session]) -> QuerySet[models.Session]:
    return sessions.prefetch_related(
        Prefetch("appearances", _appearances()),
        Prefetch("presentations__appearances", _appearances()),
        "question_blocks__questions",
    )


def _people_of(event: events.Event) -> Iterable[people.Person]:
    current = Q(session__event=event, session__dropped_at=None)
    talking = Q(presentation__session__event=event, presentation__session__dropped_at=None)
    appearing = models.Appearance.objects.filter(current | talking | Q(workshop__event=event))
    return people.Person.objects.filter(uid__in=appearing.values("person"))


def describe_contents(uid: UUID) -> Iterator[str]:
    """Lines on the people, talks and questions of a session, which are deleted with it."""
    session = _with_children(models.Session.objects.filter(pk=uid)).first()
    if session is None:
        return
    for appearance in session.appearances.all():
        yield f"{appearance} ({appearance.get_role_display()})"
    for talk in session.presentations.all():
        yield _("the talk “%(title)s”") % {"title": talk}
    for block in session.question_blocks.all():
        count = len(block.questions.all())
        text = ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
        yield f"{text}: {block}" if str(block) else text
