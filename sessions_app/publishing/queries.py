"""Reads: rows become the draft agenda, a release becomes the agenda that a viewer may see.

Each takes the same number of queries whatever the size of the event.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants import models as people
from participants.access.viewer import Viewer
from sessions_app import models
from sessions_app.agenda import serialization
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Person
from sessions_app.agenda.visibility import for_viewer
from sessions_app.publishing.from_rows import (
    person_of,
    section_of,
    session_of,
    text_of,
    workshop_of,
)
from workshop import models as events
from workshop.zones import Zone

# Where the history of a row says which session it belongs to.
OF_SESSION: tuple[tuple[type[Model], str], ...] = (
    (models.Session, "uid"),
    (models.Presentation, "session_id"),
    (models.Appearance, "session_id"),
    (models.Appearance, "presentation__session_id"),
    (models.QuestionBlock, "session_id"),
    (models.Question, "block__session_id"),
)


@dataclass(frozen=True, slots=True)
class Edit:
    """When something was edited, and by whom; nobody's name where none was signed in."""

    at: datetime
    by: str


def get_published(slug: str, viewer: Viewer) -> Agenda | None:
    """The newest release of an event as `viewer` may read it; None if it has none. One query."""
    return _cut(models.Release.objects.newest(slug), viewer)


def get_release(slug: str, number: int, viewer: Viewer) -> Agenda | None:
    """One release as `viewer` may read it, by today's permissions; None if there is none."""
    return _cut(get_release_row(slug, number), viewer)


def get_release_row(slug: str, number: int) -> models.Release | None:
    """One release of an event as it is stored, for organisers; None if there is none."""
    return models.Release.objects.filter(event__slug=slug, number=number).first()


def list_workshops(event: events.Event) -> list[events.Workshop]:
    """The workshops of an event in the order of the programme."""
    return list(events.Workshop.objects.filter(event=event))


def get_session(event: events.Event, key: str) -> models.Session | None:
    """The row with this key, dropped ones too; None where there never was one."""
    return models.Session.objects.filter(event=event, key=key).first()


def list_releases(slug: str, *, before: int | None = None, most: int) -> list[models.Release]:
    """Releases of an event with their makers, newest first: at most `most`, below `before`."""
    releases = models.Release.objects.filter(event__slug=slug).select_related("made_by")
    if before is not None:
        releases = releases.filter(number__lt=before)
    return list(releases.order_by("-number")[:most])


def list_release_rows(
    slug: str, *, before: int | None = None, most: int | None = None
) -> list[models.Release]:
    """The same without their agendas, which are long; by default all of them."""
    releases = models.Release.objects.filter(event__slug=slug).select_related("made_by")
    if before is not None:
        releases = releases.filter(number__lt=before)
    return list(releases.defer("agenda").order_by("-number")[:most])


def list_newest_releases(*, since: datetime) -> list[tuple[str, int]]:
    """The newest release of each event that was published since then: slug and number."""
    published = models.Release.objects.filter(made_at__gte=since).order_by()
    newest = published.values("event__slug").annotate(newest=Max("number"))
    return list(newest.values_list("event__slug", "newest"))


def changed_beside_releases_at(slug: str) -> datetime | None:
    """When what strangers read last changed with no release. One query.

    Who may read a workshop was edited, as far as history knows, or somebody was erased.
    """
    edited = _history(events.Workshop).filter(event=OuterRef("pk")).order_by("-history_date")
    event = events.Event.objects.filter(slug=slug)
    found = event.annotate(edited_at=Subquery(edited.values("history_date")[:1]))
    moments = found.values_list("erased_at", "edited_at").first() or ()
    return max(filter(None, moments), default=None)


def get_last_edits(sessions: Collection[UUID]) -> dict[UUID, Edit]:
    """The last edit of each of these sessions or of what it consists of, by UID. One query."""
    user = "history_user__first_name", "history_user__last_name", "history_user__username"
    first, *others = (
        _history(model)
        .filter(**{f"{path}__in": sessions})
        .order_by()
        .values_list(F(path), "history_date", "history_id", *user)
        for model, path in OF_SESSION
    )
    edits = sorted(first.union(*others, all=True), key=lambda edit: edit[1:3])
    return {
        session: Edit(at, f"{names[0] or ''} {names[1] or ''}".strip() or names[2] or "")
        for session, at, _order, *names in edits
    }


def list_published(viewer: Viewer) -> tuple[Agenda, ...]:
    """Every published event in its newest release, cut for `viewer`, the latest first."""
    newest = models.Release.objects.filter(event=OuterRef("event")).order_by("-number")
    releases = models.Release.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    agendas = (read(release, viewer) for release in releases)
    return tuple(
        sorted(agendas, key=lambda agenda: str(agenda.starts_at or ""), reverse=True),
    )


@dataclass(frozen=True, slots=True)
class EventState:
    """An event as it stands: when its workshops start, and its newest release if it has one."""

    slug: str
    title: Text
    zone: str
    starts: tuple[datetime, ...]
    release: int | None
    released_at: datetime | None


def list_events() -> tuple[EventState, ...]:
    """Every event, published or not, for organisers: the latest first. Two queries."""
    newest = models.Release.objects.filter(event=OuterRef("pk")).order_by("-number")
    rows = events.Event.objects.prefetch_related("workshops").annotate(
        release=Subquery(newest.values("number")[:1]),
        released_at=Subquery(newest.values("made_at")[:1]),
    )
    found = (
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
    return tuple(sorted(found, key=lambda event: str(max(event.starts, default="9")), reverse=True))


def read(release: models.Release, viewer: Viewer) -> Agenda:
    """What `viewer` may see of a release at hand."""
    return for_viewer(stored(release), viewer)


def stored(release: models.Release) -> Agenda:
    """A release's agenda uncut, for comparing and restoring; never for a reader."""
    agenda = serialization.decode(release.agenda)
    return replace(agenda, release=release.number, released_at=release.made_at)


def get_draft(event: events.Event) -> Agenda:
    """The agenda as the rows stand now, uncut: what publishing would release. Twelve queries."""
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
    return Agenda(
        uid=event.uid,
        slug=event.slug,
        title=text_of(event, "title"),
        zone=event.zone,
        zones=tuple(Zone(zone.label, zone.key) for zone in event.display_zones.all()),
        languages=tuple(event.languages.split(",")),
        organisers=text_of(event, "organisers"),
        partners=text_of(event, "partners"),
        office_name=text_of(event, "office_name"),
        office_address=event.office_address,
        interpretation=text_of(event, "interpretation"),
        platform=text_of(event, "platform"),
        about=tuple(sections[None]),
        people=tuple(map(person_of, _people_of(event))),
        workshops=tuple(
            workshop_of(row, tuple(by_workshop[row.uid]), tuple(sections[row.uid]))
            for row in workshops
        ),
    )


def list_people() -> tuple[Person, ...]:
    """Everybody who has a row, whatever the event, in the order of lists. One query."""
    return tuple(map(person_of, people.Person.objects.all()))


def get_person(uid: UUID) -> Person | None:
    """Somebody by UID, whatever the event; None if there is no such row."""
    row = people.Person.objects.filter(pk=uid).first()
    return None if row is None else person_of(row)


def appearances_by_holder(
    holders: Collection[UUID], *, locked: bool = False
) -> dict[UUID, list[models.Appearance]]:
    """The rows in these talks, sessions and workshops, in the order in which agendas have them."""
    where = Q(presentation__in=holders) | Q(session__in=holders) | Q(workshop__in=holders)
    rows = models.Appearance.objects.filter(where).order_by("order", "uid")
    found = defaultdict(list)
    for row in rows.select_for_update() if locked else rows:
        found[row.holder].append(row)
    return found


def _cut(release: models.Release | None, viewer: Viewer) -> Agenda | None:
    return None if release is None else read(release, viewer)


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


def list_what_hangs_on(uid: UUID) -> Iterator[str]:
    """What goes from the programme with a session, a line each, as its colleagues would say it."""
    session = _with_children(models.Session.objects.filter(pk=uid)).first()
    if session is None:
        return
    for who in session.appearances.all():
        yield f"{who} ({who.get_role_display()})"
    for talk in session.presentations.all():
        yield _("the talk “%(title)s”") % {"title": talk}
    for block in session.question_blocks.all():
        count = len(block.questions.all())
        said = ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
        yield f"{said}: {block}" if str(block) else said
