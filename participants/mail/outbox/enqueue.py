"""Service: put a batch of e-mails into the outbox, all or none, and record what was sent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from participants.mail.draft import DraftMail, draft_mail
from participants.mail.pending_news import Kind, needs_cancellation
from participants.mail.recipients import RecipientChoice, list_recipients
from participants.mail.snapshot import MailSnapshot, Recipient, take_snapshot
from participants.models import OutgoingMail, Participation, SentEntry
from workshop.editing.plans import Plan, PlanChanged
from workshop.models import Event

MAX_REASON_LENGTH = 500
PlannedMail = tuple[RecipientChoice, Recipient, DraftMail]


@dataclass(frozen=True, slots=True)
class MailPlan(Plan):
    """E-mails of one kind that can be sent now, each with its recipient to choose."""

    kind: str
    snapshot: MailSnapshot
    choices: tuple[RecipientChoice, ...]

    @property
    def facts(self) -> object:
        """The recipients, and what their e-mails are made from.

        An e-mail of this kind that is put into the outbox changes them too, so that it is not sent
        twice.
        """
        snapshot = self.snapshot
        included = {choice.person for choice in self.choices if choice.is_included}
        recipients = [
            (recipient, snapshot.viewers[recipient.uid].readable_workshops)
            for recipient in snapshot.recipients
            if recipient.uid in included
        ]
        last_batch = dict(snapshot.last_batches).get(self.kind)
        join_info = sorted(snapshot.join_info.items())
        return self.kind, snapshot.newest_release, last_batch, recipients, join_info


@dataclass(frozen=True, slots=True)
class EnqueuedBatch:
    """UID and size of a batch that was put into the outbox."""

    batch: UUID
    count: int


def plan(event: Event, kind: str) -> MailPlan:
    """Plan e-mails of this kind; the recipients are chosen from all who can get one."""
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    return MailPlan(kind, snapshot, list_recipients(snapshot, kind))


def apply(
    event: Event,
    kind: str,
    *,
    people: Collection[str],
    fingerprint: str,
    now: datetime,
    made_by: User | None = None,
) -> EnqueuedBatch:
    """Put an e-mail of this kind to each of `people` (keys) into the outbox, or none at all.

    Listed people are invited by an invitation. All recipients count as having received the newest
    release. Raises PlanChanged, also if nobody is chosen or a person cannot get this e-mail.
    """
    # Rendered before any row is locked: many e-mails take seconds.
    mail_plan = plan(event, kind)
    mail_plan.confirm(fingerprint)
    snapshot = mail_plan.snapshot
    mails = [
        (choice, recipient, draft_mail(snapshot, recipient, kind, now))
        for choice, recipient in _chosen(mail_plan, people)
    ]
    batch = uuid4()
    with transaction.atomic():
        # Of two requests at the same time the second waits, and then finds another list.
        event = Event.objects.select_for_update().get(pk=event.pk)
        participations = _locked_participations(event)
        plan(event, kind).confirm(fingerprint)
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


def _chosen(
    mail_plan: MailPlan, people: Collection[str]
) -> list[tuple[RecipientChoice, Recipient]]:
    by_uid = {recipient.uid: recipient for recipient in mail_plan.snapshot.recipients}
    choices = [
        choice for choice in mail_plan.choices if choice.is_included and choice.key in people
    ]
    if not choices or len(choices) != len(set(people)):
        raise PlanChanged
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
