"""The book of an event's post: everybody on its lists, what they may read, what they know.

Read once for a batch, in a fixed number of queries whatever its size.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Max

from participants import models
from participants.access import permissions
from participants.access.viewer import Viewer
from participants.mail.itip import Held
from participants.mail.undelivered import Lost, list_lost
from participants.personal.calendar_state import Standing, entry_uid, get_standing
from sessions_app.agenda import types as value
from sessions_app.agenda.text import Spoken, Text, in_language
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.visibility import for_viewer
from sessions_app.models import Release
from sessions_app.publishing import from_rows, queries
from workshop.models import Event, Workshop

State = models.Participation.State


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in one workshop: their row in its list, and what they were told of it."""

    uid: UUID
    workshop: UUID
    role: str
    state: str
    is_answered: bool
    attends_by: str
    told_release: int | None
    told_join: int

    @property
    def is_let_in(self) -> bool:
        return self.state in models.Participation.LET_IN


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody on a list of the event: where mails go, in which language, on which clock.

    `replies` are their words on sessions of theirs. Who `is_behind` missed mails, so that `held`
    is more than their calendar shows.
    """

    uid: UUID
    key: str
    name: Text
    sort_name: str
    country: str
    email: str
    copy_to: str
    language: str
    clock: str
    places: tuple[Place, ...]
    replies: tuple[tuple[UUID, bool], ...] = ()
    held: tuple[Held, ...] = ()
    is_behind: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """How to join a workshop: for people let into it, and nobody else."""

    workshop: UUID
    title: Text
    url: str
    code: str
    room: str
    version: int


@dataclass(frozen=True, slots=True)
class Book:
    """An event's post at one moment; `releases` are uncut, the newest and those people know.

    `newest` is 0 before the first release. `unlisted` are people of the newest programme who are
    on no list. `last_batch` is what went into the outbox last, of each kind.
    """

    event: Event
    newest: int
    releases: Mapping[int, Agenda]
    people: tuple[Addressee, ...]
    unlisted: tuple[value.Person, ...]
    viewers: Mapping[UUID, Viewer]
    joining: Mapping[UUID, Joining]
    last_batch: tuple[tuple[str, UUID], ...]
    standing: Mapping[UUID, Standing]
    _cuts: dict[tuple[int, Viewer, str], Agenda] = field(default_factory=dict, compare=False)

    def agenda(self, number: int, to: Addressee) -> Agenda:
        """A release as somebody may read it today, in their language."""
        stored, viewer = self.releases[number], self.viewers[to.uid]
        if all(person.uid != to.uid for person in stored.people):
            # Everybody without a part reads the same.
            viewer = replace(viewer, people=frozenset())
        key = number, viewer, to.language
        if key not in self._cuts:
            self._cuts[key] = in_language(for_viewer(stored, viewer), to.language)
        return self._cuts[key]

    @property
    def published(self) -> frozenset[UUID]:
        """The workshops that the newest release holds."""
        newest = self.releases.get(self.newest)
        return frozenset(each.uid for each in newest.workshops) if newest else frozenset()

    def floor(self, to: Addressee) -> Mapping[UUID, int]:
        """What feeds say of the sequence of each entry, gone ones and whole workshops too."""
        newest = self.releases.get(self.newest)
        if newest is None:
            return {}
        windows = {track.uid: track.sequence for track in newest.windows}
        whole = {
            entry_uid(place.uid): windows.get(place.workshop, 0) + self.standing[place.uid].steps
            for place in to.places
            if place.uid in self.standing
        }
        return {track.uid: track.sequence for track in newest.tracks} | whole


def open_book(event: Event, *, inviting: bool = False) -> Book:
    """The book of an event as the rows stand; `inviting` cuts for those about to be invited."""
    joining = {row.uid: _joining(row) for row in Workshop.objects.filter(event=event)}
    lost = list_lost(event)
    people = tuple(_addressees(event, _places(event, joining, lost), lost))
    told = {place.told_release for each in people for place in each.places}
    releases = _releases(event, told)
    newest = max(releases, default=0)
    known = {each.uid for each in people}
    on_programme = releases[newest].people if newest else ()
    return Book(
        event=event,
        newest=newest,
        releases=releases,
        people=people,
        unlisted=tuple(person for person in on_programme if person.uid not in known),
        viewers=permissions.each_recipient(event.slug, known, once_invited=inviting),
        joining=joining,
        last_batch=_last_batches(event),
        standing=get_standing(place.uid for each in people for place in each.places),
    )


def _releases(event: Event, told: Iterable[int | None]) -> dict[int, Agenda]:
    releases = Release.objects.filter(event=event)
    newest = releases.order_by("-number").values_list("number", flat=True)[:1]
    wanted = {number for number in (*told, *newest) if number is not None}
    return {each.number: queries.stored(each) for each in releases.filter(number__in=wanted)}


def _places(
    event: Event, joining: Mapping[UUID, Joining], lost: Mapping[UUID, Lost]
) -> dict[models.Person, list[Place]]:
    rows = models.Participation.objects.filter(workshop__event=event).select_related("person")
    found = defaultdict(list)
    for row in rows.order_by("person__sort_name", "person__key", "workshop__starts_at"):
        found[row.person].append(
            Place(
                uid=row.uid,
                workshop=row.workshop_id,
                role=row.role,
                state=row.state,
                is_answered=row.replied_at is not None,
                attends_by=row.attends_by,
                told_release=_told_release(row, lost.get(row.person_id)),
                told_join=_told_join(row, joining[row.workshop_id], lost.get(row.person_id)),
            )
        )
    return found


def _told_release(row: models.Participation, lost: Lost | None) -> int | None:
    """The release that somebody knows, whatever the row says that they were sent."""
    if lost is None:
        return row.told_release
    if row.told_release is None:
        # A mail that took them off and did not arrive: they still know what they knew.
        is_lost = models.Letter.Kind.CANCELLATION in lost.kinds and row.state == State.WITHDRAWN
        return lost.release if is_lost else None
    return None if lost.release is None else min(row.told_release, lost.release)


def _told_join(row: models.Participation, joining: Joining, lost: Lost | None) -> int:
    if lost and joining.url and any(joining.url in text for text in lost.texts):
        return min(row.told_join_version, joining.version - 1)
    return row.told_join_version


def _addressees(
    event: Event, listed: Mapping[models.Person, list[Place]], lost: Mapping[UUID, Lost]
) -> Iterable[Addressee]:
    replies, held = defaultdict(list), defaultdict(list)
    said = models.SessionReply.objects.filter(participation__workshop__event=event)
    for uid, session, takes_part in said.order_by("session").values_list(
        "participation__person_id", "session_id", "takes_part"
    ):
        replies[uid].append((session, takes_part))
    for row in models.SentEntry.objects.filter(event=event).order_by("entry"):
        held[row.person_id].append(
            Held(row.entry, row.sequence, row.digest, row.calendar, row.is_cancelled)
        )
    for person, places in listed.items():
        yield Addressee(
            uid=person.uid,
            key=person.key,
            name=_name(person),
            sort_name=person.sort_name,
            country=str(person.country.code or ""),
            email=person.email,
            copy_to=person.assistant_email,
            language=person.language,
            clock=person.clock_key,
            places=tuple(places),
            replies=tuple(replies[person.uid]),
            held=tuple(held[person.uid]),
            is_behind=person.uid in lost,
        )


def _name(person: models.Person) -> Text:
    """With the form of address, in the language that they read."""
    texts: dict[str, Any] = {
        name: from_rows.text_of(person, name) for name in ("full_name", "honorific")
    }
    name = value.Person(uid=person.uid, key=person.key, sort_name=person.sort_name, **texts).name
    return Spoken(name.en, name.lo) if person.language == "lo" else name


def _joining(row: Workshop) -> Joining:
    return Joining(
        workshop=row.uid,
        title=from_rows.text_of(row, "title"),
        url=row.join_url,
        code=row.join_code,
        room=row.room,
        version=row.join_version,
    )


def _last_batches(event: Event) -> tuple[tuple[str, UUID], ...]:
    """Of each kind that organisers send; confirmations go out by themselves."""
    rows = models.Letter.objects.filter(event=event).exclude(kind=models.Letter.Kind.CONFIRMATION)
    batches = rows.values("kind", "batch").annotate(at=Max("made_at")).order_by("at", "batch")
    return tuple(sorted({each["kind"]: each["batch"] for each in batches}.items()))
