"""Service: put a batch of e-mails into the outbox, all or none, and record what was sent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from participants.mail.draft import DraftMail, draft_mail
from participants.mail.pending_news import Kind, needs_cancellation
from participants.mail.recipients import RecipientChoice, fingerprint, list_recipients
from participants.mail.snapshot import MailSnapshot, Recipient, take_snapshot
from participants.models import OutgoingMail, Participation, SentEntry
from workshop.models import Event

MAX_REASON_LENGTH = 500
PlannedMail = tuple[RecipientChoice, Recipient, DraftMail]


class CannotEnqueue(Exception):
    """Nothing was put into the outbox; the message has the reason and a way out."""


@dataclass(frozen=True, slots=True)
class EnqueuedBatch:
    """UID and size of a batch that was put into the outbox."""

    batch: UUID
    count: int


def enqueue(
    *,
    event: Event,
    kind: str,
    people: Collection[str],
    expected_fingerprint: str,
    now: datetime,
    made_by: User | None = None,
) -> EnqueuedBatch:
    """Put an e-mail of this kind to each of `people` (keys) into the outbox, or none at all.

    `expected_fingerprint` is that of the list that the organiser was shown. Listed people are
    invited by an invitation. All recipients count as having received the newest release. Raises
    CannotEnqueue if the list has changed, if nobody is chosen or a person is not in the list.
    """
    # Rendered before any row is locked: many e-mails take seconds.
    snapshot = _unchanged_snapshot(event, kind, expected_fingerprint)
    mails = [
        (choice, recipient, draft_mail(snapshot, recipient, kind, now))
        for choice, recipient in _chosen(snapshot, kind, people)
    ]
    batch = uuid4()
    with transaction.atomic():
        # Of two requests at the same time the second waits, and then finds another list.
        event = Event.objects.select_for_update().get(pk=event.pk)
        participations = _locked_participations(event)
        _unchanged_snapshot(event, kind, expected_fingerprint)
        OutgoingMail.objects.bulk_create(
            _outgoing_mail(
                planned, event=event, kind=kind, batch=batch, made_at=now, made_by=made_by
            )
            for planned in mails
        )
        _record_sent_entries(event, mails)
        _record_sent_releases(participations, snapshot.newest_release, mails)
    return EnqueuedBatch(batch, len(mails))


def _locked_participations(event: Event) -> list[Participation]:
    """All participations of the event, locked: replies at this moment wait."""
    rows = Participation.objects.select_for_update(of=("self",))
    return list(rows.filter(workshop__event=event))


def _unchanged_snapshot(event: Event, kind: str, expected_fingerprint: str) -> MailSnapshot:
    """A snapshot of the event. Raises CannotEnqueue if the recipient list has changed."""
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    if fingerprint(snapshot, kind) != expected_fingerprint:
        raise CannotEnqueue(
            _("Something has changed since this list was shown. Nothing was sent. Check it again.")
        )
    return snapshot


def _chosen(
    snapshot: MailSnapshot, kind: str, people: Collection[str]
) -> list[tuple[RecipientChoice, Recipient]]:
    by_uid = {recipient.uid: recipient for recipient in snapshot.recipients}
    choices = [
        choice
        for choice in list_recipients(snapshot, kind)
        if choice.is_included and choice.key in people
    ]
    if not people:
        raise CannotEnqueue(_("No person is selected. Nothing was sent."))
    if len(choices) != len(set(people)):
        raise CannotEnqueue(_("A selected person does not get this e-mail. Nothing was sent."))
    return [(choice, by_uid[choice.person]) for choice in choices]


def _outgoing_mail(planned: PlannedMail, **columns: object) -> OutgoingMail:
    (choice, recipient, draft), uid = planned, uuid4()
    return OutgoingMail(
        uid=uid,
        person_id=recipient.uid,
        reason=choice.reason[:MAX_REASON_LENGTH],
        to=recipient.email,
        copy_to=recipient.copy_to,
        language=recipient.language,
        subject=draft.rendered.subject,
        text=draft.rendered.text,
        html=draft.rendered.html,
        calendars=[message.text for message in draft.messages],
        with_briefing=draft.with_briefing,
        message_id=f"<{uid}@{urlsplit(settings.SITE).hostname}>",
        **columns,
    )


def _record_sent_entries(event: Event, mails: Iterable[PlannedMail]) -> None:
    rows = [
        SentEntry(
            person_id=recipient.uid,
            event=event,
            entry=message.sent_entry.uid,
            sequence=message.sent_entry.sequence,
            digest=message.sent_entry.digest,
            calendar=message.sent_entry.vevent,
            is_cancelled=message.sent_entry.is_cancelled,
        )
        for _choice, recipient, draft in mails
        for message in draft.messages
    ]
    SentEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "entry"],
        update_fields=["event", "sequence", "digest", "calendar", "is_cancelled"],
    )


def _record_sent_releases(
    participations: Iterable[Participation], release: int, mails: Iterable[PlannedMail]
) -> None:
    """Record the release and join version of the e-mails; listed people become invited."""
    drafts = {
        record.uid: draft
        for _choice, _recipient, draft in mails
        for record in draft.context.participations
    }
    removed = {
        record.uid
        for _choice, recipient, _draft in mails
        for record in recipient.participations
        if needs_cancellation(record)
    }
    for row in participations:
        if row.pk in drafts:
            _record_sent(row, release, drafts[row.pk])
        elif row.pk in removed:
            row.told_release = None
            row.save()


def _record_sent(row: Participation, release: int, draft: DraftMail) -> None:
    before = row.state, row.told_release, row.told_join_version
    join_versions = {info.workshop: info.version for info in draft.context.new_join_info}
    row.told_release = release
    row.told_join_version = join_versions.get(row.workshop_id, row.told_join_version)
    if row.state == Participation.State.LISTED:
        row.state = Participation.State.INVITED
    if (row.state, row.told_release, row.told_join_version) != before:
        row.save()
