"""Snapshot of an event for its e-mails: recipients, what they may read and what they were sent.

Read once for a batch, in a fixed number of queries whatever its size.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Max

from participants import models
from participants.access.levels import Viewer
from participants.access.viewer import recipient_viewers
from participants.mail.itip import SentCalendarEntry
from participants.mail.undelivered import MissedMails, list_missed_mails
from participants.personal.calendar_state import (
    ParticipationState,
    entry_uid,
    get_participation_states,
)
from sessions_app.agenda import types as value
from sessions_app.agenda.text import LaoText, Text, in_language
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.visibility import for_viewer
from sessions_app.models import Release
from sessions_app.publishing import from_rows, queries
from workshop.models import Event, Workshop

State = models.Participation.State


@dataclass(frozen=True, slots=True)
class ParticipationRecord:
    """A person's participation in one workshop, with the release and join version last sent."""

    uid: UUID
    workshop: UUID
    role: str
    state: str
    has_replied: bool
    attends_by: str
    sent_release: int | None
    sent_join_version: int

    @property
    def is_registered(self) -> bool:
        return self.state in models.Participation.REGISTERED_STATES


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person on a participant list of the event; `zone_key` is an IANA key or empty.

    `session_replies` are their yes or no to single sessions. With `has_missed_mails` some e-mails
    did not arrive, so that `sent_entries` may be more than their calendar shows.
    """

    uid: UUID
    key: str
    name: Text
    sort_name: str
    country: str
    email: str
    copy_to: str
    language: str
    zone_key: str
    participations: tuple[ParticipationRecord, ...]
    session_replies: tuple[tuple[UUID, bool], ...] = ()
    sent_entries: tuple[SentCalendarEntry, ...] = ()
    has_missed_mails: bool = False


@dataclass(frozen=True, slots=True)
class JoinInfo:
    """Join link, passcode and room of a workshop; only for its registered participants."""

    workshop: UUID
    title: Text
    url: str
    code: str
    room: str
    version: int


@dataclass(frozen=True, slots=True)
class MailSnapshot:
    """All data for the e-mails of an event at one moment.

    `releases` are uncut: the newest and those last sent to somebody. `newest_release` is 0 before
    the first release. `unlisted` are people of the newest programme who are on no participant
    list. `last_batches` is the batch of each kind that was put into the outbox last.
    """

    event: Event
    newest_release: int
    releases: Mapping[int, Agenda]
    recipients: tuple[Recipient, ...]
    unlisted: tuple[value.Person, ...]
    viewers: Mapping[UUID, Viewer]
    join_info: Mapping[UUID, JoinInfo]
    last_batches: tuple[tuple[str, UUID], ...]
    participation_states: Mapping[UUID, ParticipationState]
    _agendas: dict[tuple[int, Viewer, str], Agenda] = field(default_factory=dict, compare=False)

    def agenda_for(self, number: int, recipient: Recipient) -> Agenda:
        """A release as the recipient may read it today, in their language."""
        stored, viewer = self.releases[number], self.viewers[recipient.uid]
        if all(person.uid != recipient.uid for person in stored.people):
            # Everybody who is not on the programme may read the same.
            viewer = replace(viewer, people=frozenset())
        key = number, viewer, recipient.language
        if key not in self._agendas:
            self._agendas[key] = in_language(for_viewer(stored, viewer), recipient.language)
        return self._agendas[key]

    @property
    def published_workshops(self) -> frozenset[UUID]:
        """The workshops of the newest release."""
        agenda = self.releases.get(self.newest_release)
        return frozenset(workshop.uid for workshop in agenda.workshops) if agenda else frozenset()

    def minimum_sequences(self, recipient: Recipient) -> Mapping[UUID, int]:
        """SEQUENCE of each entry in the feeds, with removed entries and whole workshops."""
        agenda = self.releases.get(self.newest_release)
        if agenda is None:
            return {}
        workshop_sequences = {state.uid: state.sequence for state in agenda.workshop_states}
        whole_workshops = {}
        for participation in recipient.participations:
            if reply_state := self.participation_states.get(participation.uid):
                sequence = (
                    workshop_sequences.get(participation.workshop, 0) + reply_state.change_count
                )
                whole_workshops[entry_uid(participation.uid)] = sequence
        return {state.uid: state.sequence for state in agenda.calendar_states} | whole_workshops


def take_snapshot(event: Event, *, inviting: bool = False) -> MailSnapshot:
    """Snapshot of the current rows; `inviting` gives listed people the access of invited ones."""
    join_info = {row.uid: _join_info(row) for row in Workshop.objects.filter(event=event)}
    missed = list_missed_mails(event)
    recipients = tuple(_recipients(event, _participations(event, join_info, missed), missed))
    participations = [row for recipient in recipients for row in recipient.participations]
    releases = _releases(event, {row.sent_release for row in participations})
    newest_release = max(releases, default=0)
    listed = {recipient.uid for recipient in recipients}
    on_programme = releases[newest_release].people if newest_release else ()
    return MailSnapshot(
        event=event,
        newest_release=newest_release,
        releases=releases,
        recipients=recipients,
        unlisted=tuple(person for person in on_programme if person.uid not in listed),
        viewers=recipient_viewers(event.slug, listed, once_invited=inviting),
        join_info=join_info,
        last_batches=_last_batches(event),
        participation_states=get_participation_states(row.uid for row in participations),
    )


def _releases(event: Event, sent_releases: Iterable[int | None]) -> dict[int, Agenda]:
    releases = Release.objects.filter(event=event)
    newest = releases.order_by("-number").values_list("number", flat=True)[:1]
    wanted = {number for number in (*sent_releases, *newest) if number is not None}
    return {row.number: queries.full_agenda(row) for row in releases.filter(number__in=wanted)}


def _participations(
    event: Event, join_info: Mapping[UUID, JoinInfo], missed: Mapping[UUID, MissedMails]
) -> dict[models.Person, list[ParticipationRecord]]:
    rows = models.Participation.objects.filter(workshop__event=event).select_related("person")
    by_person = defaultdict(list)
    for row in rows.order_by("person__sort_name", "person__key", "workshop__starts_at"):
        by_person[row.person].append(
            ParticipationRecord(
                uid=row.uid,
                workshop=row.workshop_id,
                role=row.role,
                state=row.state,
                has_replied=row.replied_at is not None,
                attends_by=row.attends_by,
                sent_release=_sent_release(row, missed.get(row.person_id)),
                sent_join_version=_sent_join_version(
                    row, join_info[row.workshop_id], missed.get(row.person_id)
                ),
            )
        )
    return by_person


def _sent_release(row: models.Participation, missed: MissedMails | None) -> int | None:
    """The last release that reached a person, which can be older than the one in the row."""
    if missed is None:
        return row.told_release
    if row.told_release is None:
        # The cancellation did not arrive: they still have the release before it.
        is_lost = (
            models.OutgoingMail.Kind.CANCELLATION in missed.kinds and row.state == State.WITHDRAWN
        )
        return missed.release if is_lost else None
    return None if missed.release is None else min(row.told_release, missed.release)


def _sent_join_version(
    row: models.Participation, join_info: JoinInfo, missed: MissedMails | None
) -> int:
    if missed and join_info.url and any(join_info.url in text for text in missed.texts):
        return min(row.told_join_version, join_info.version - 1)
    return row.told_join_version


def _recipients(
    event: Event,
    listed: Mapping[models.Person, list[ParticipationRecord]],
    missed: Mapping[UUID, MissedMails],
) -> Iterable[Recipient]:
    session_replies, sent_entries = defaultdict(list), defaultdict(list)
    reply_rows = models.SessionReply.objects.filter(participation__workshop__event=event)
    for uid, session, takes_part in reply_rows.order_by("session").values_list(
        "participation__person_id", "session_id", "takes_part"
    ):
        session_replies[uid].append((session, takes_part))
    for row in models.SentEntry.objects.filter(event=event).order_by("entry"):
        sent_entries[row.person_id].append(
            SentCalendarEntry(row.entry, row.sequence, row.digest, row.calendar, row.is_cancelled)
        )
    for person, participations in listed.items():
        yield Recipient(
            uid=person.uid,
            key=person.key,
            name=_name(person),
            sort_name=person.sort_name,
            country=str(person.country.code or ""),
            email=person.email,
            copy_to=person.assistant_email,
            language=person.language,
            zone_key=person.preferred_zone_key,
            participations=tuple(participations),
            session_replies=tuple(session_replies[person.uid]),
            sent_entries=tuple(sent_entries[person.uid]),
            has_missed_mails=person.uid in missed,
        )


def _name(person: models.Person) -> Text:
    """Name with the form of address, in the language of the person."""
    texts: dict[str, Any] = {
        name: from_rows.text_of(person, name) for name in ("full_name", "honorific")
    }
    name = value.Person(uid=person.uid, key=person.key, sort_name=person.sort_name, **texts).name
    return LaoText(name.en, name.lo) if person.language == "lo" else name


def _join_info(row: Workshop) -> JoinInfo:
    return JoinInfo(
        workshop=row.uid,
        title=from_rows.text_of(row, "title"),
        url=row.join_url,
        code=row.join_code,
        room=row.room,
        version=row.join_version,
    )


def _last_batches(event: Event) -> tuple[tuple[str, UUID], ...]:
    """The newest batch of each kind that organisers send; confirmations are sent automatically."""
    rows = models.OutgoingMail.objects.filter(event=event).exclude(
        kind=models.OutgoingMail.Kind.CONFIRMATION
    )
    batches = rows.values("kind", "batch").annotate(at=Max("made_at")).order_by("at", "batch")
    return tuple(sorted({row["kind"]: row["batch"] for row in batches}.items()))
