"""Compares what a person was last e-mailed with the newest release: the next e-mail, as data.

An e-mail of any kind has all changes since the last one; after it the recipient's calendar shows
the newest release.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from participants.mail.personal_agenda import (
    PersonalAgenda,
    combine,
    limit_to_workshops,
    personal_agenda,
    personal_changes,
)
from participants.mail.snapshot import JoinInfo, MailSnapshot, ParticipationRecord, Recipient
from participants.models import OutgoingMail, Participation
from sessions_app.agenda.diff import Change

Kind = OutgoingMail.Kind
KINDS = (Kind.INVITATION, Kind.REMINDER, Kind.CHANGE, Kind.JOINING, Kind.CANCELLATION)


@dataclass(frozen=True, slots=True)
class MailContext:
    """Data for one e-mail to one person.

    `participations` are those as a registered participant once this e-mail is sent.
    `personal_agenda` is from the newest release, `changes` are those that the person was not sent
    yet. `new_join_info` is in this e-mail, `known_join_info` is what the person has after it.
    `left_workshops` are those from which they were removed without a cancellation so far.
    """

    recipient: Recipient
    participations: tuple[ParticipationRecord, ...]
    personal_agenda: PersonalAgenda
    changes: tuple[Change, ...]
    new_join_info: tuple[JoinInfo, ...]
    known_join_info: tuple[JoinInfo, ...]
    left_workshops: tuple[JoinInfo, ...]

    def participation_in(self, workshop: UUID) -> ParticipationRecord | None:
        return next((row for row in self.participations if row.workshop == workshop), None)


def mail_context(snapshot: MailSnapshot, recipient: Recipient, kind: str) -> MailContext:
    """Compare what a person was last e-mailed with the newest release, for an e-mail of this kind.

    The event must have a release.
    """
    agenda = snapshot.agenda_for(snapshot.newest_release, recipient)
    titles = {workshop.uid: workshop.title for workshop in agenda.workshops}
    inviting = (Participation.State.LISTED,) if kind == Kind.INVITATION else ()
    participations = tuple(
        row
        for row in recipient.participations
        if row.workshop in titles and (row.is_registered or row.state in inviting)
    )
    newest = _personal_agenda(snapshot, recipient, participations, snapshot.newest_release)

    def join_info(records: Iterable[ParticipationRecord]) -> tuple[JoinInfo, ...]:
        rows = (snapshot.join_info[record.workshop] for record in records)
        return tuple(replace(row, title=titles.get(row.workshop, row.title)) for row in rows)

    with_link = [row for row in participations if _sees_link(snapshot, row)]
    return MailContext(
        recipient=recipient,
        participations=participations,
        personal_agenda=newest,
        changes=_changes(snapshot, recipient, participations, newest),
        new_join_info=join_info(
            row for row in with_link if kind == Kind.JOINING or _is_outdated(snapshot, row)
        ),
        known_join_info=join_info(
            row for row in with_link if kind == Kind.JOINING or row.sent_join_version
        ),
        left_workshops=join_info(
            row for row in recipient.participations if needs_cancellation(row)
        ),
    )


def needs_cancellation(participation: ParticipationRecord) -> bool:
    """True for a person who was e-mailed, then removed from the list, and not e-mailed that."""
    return (
        participation.state == Participation.State.WITHDRAWN
        and participation.sent_release is not None
    )


def _personal_agenda(
    snapshot: MailSnapshot,
    recipient: Recipient,
    participations: Collection[ParticipationRecord],
    release: int,
) -> PersonalAgenda:
    listed = {row.workshop for row in participations}
    others = {row.workshop for row in recipient.participations} - listed
    agenda = snapshot.agenda_for(release, recipient)
    return personal_agenda(agenda, recipient.uid, listed=listed, without=others)


def _changes(
    snapshot: MailSnapshot,
    recipient: Recipient,
    participations: Collection[ParticipationRecord],
    newest: PersonalAgenda,
) -> tuple[Change, ...]:
    """Changes since the last e-mail, each workshop compared with the release last sent for it.

    A role in a workshop without a participation counts as sent with the others, at the earliest.
    """
    sent = {
        row.workshop: row.sent_release
        for row in participations
        if row.sent_release is not None and row.sent_release in snapshot.releases
    }
    if not sent:
        return ()
    elsewhere = {
        workshop.uid for agenda in snapshot.releases.values() for workshop in agenda.workshops
    }
    elsewhere -= {row.workshop for row in recipient.participations}
    sent |= dict.fromkeys(elsewhere, min(sent.values()))
    sent_agendas = [
        limit_to_workshops(
            _personal_agenda(snapshot, recipient, participations, release),
            [workshop for workshop, number in sent.items() if number == release],
        )
        for release in sorted(set(sent.values()))
    ]
    return personal_changes(combine(recipient.uid, sent_agendas), limit_to_workshops(newest, sent))


def _sees_link(snapshot: MailSnapshot, participation: ParticipationRecord) -> bool:
    """True for a registered participant of a workshop that has a join link."""
    return participation.is_registered and bool(snapshot.join_info[participation.workshop].url)


def _is_outdated(snapshot: MailSnapshot, participation: ParticipationRecord) -> bool:
    version = snapshot.join_info[participation.workshop].version
    return 0 < participation.sent_join_version < version
