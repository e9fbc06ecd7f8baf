"""Queue of the outbox: claims, delivery results, and the organisers' decisions. No e-mail twice.

A claim is committed before anything is sent to a mail server, and is never undone automatically:
if a worker died, it is not known if its e-mail was sent. The e-mail becomes `unknown`, and an
organiser decides whether it is sent again.

A claim is abandoned if its worker is dead (workshop/ops/workers.py), or if it is older than LEASE:
no e-mail takes that long. If such a worker was only slow, its result is still recorded.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from participants.mail.outbox.readdress import readdress_calendar
from participants.mail.outbox.stop_reasons import stop_reason
from participants.models import OutgoingMail
from workshop.models import Event

State = OutgoingMail.State

LEASE = timedelta(minutes=5)
# Wait after each temporary failure; after the last of them the e-mail has failed.
RETRY_DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MINUTE = timedelta(minutes=1)


class CannotSend(Exception):
    """Nothing was changed; the message has the reason and a way out."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Number of e-mails in each state."""

    waiting: int = 0
    sending: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0
    bounced: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def is_finished(self) -> bool:
        """True if no e-mail will be sent automatically any more."""
        return not self.waiting and not self.sending


def progress(scope: UUID | Event) -> Progress:
    """Progress of a batch (by UID) or of all e-mails of an event. One query."""
    mails = OutgoingMail.objects.order_by()
    mails = mails.filter(event=scope) if isinstance(scope, Event) else mails.filter(batch=scope)
    return Progress(**dict(mails.values_list("state").annotate(count=Count("pk"))))


def claim_next(*, worker: str, now: datetime) -> OutgoingMail | None:
    """Claim the oldest waiting e-mail for this worker; committed.

    None if no e-mail is due, or if MAILS_A_MINUTE were claimed in the last minute. That limit is
    counted in the rows, so that it holds across restarts; with several workers on PostgreSQL each
    may exceed it by one. Must not be called within a transaction.
    """
    if not is_due(now=now):
        return None
    _synchronous_full()
    with transaction.atomic(durable=True):
        # Two workers at the same time get two e-mails: SQLite has one writer at a time (its
        # transactions are IMMEDIATE), PostgreSQL skips rows that another worker has locked.
        due = _due(now).select_for_update(skip_locked=True)
        mail = None if _is_rate_limited(now) else _first_sendable(due)
        if mail is not None:
            mail.state = State.SENDING
            mail.claimed_by, mail.claimed_at = worker, now
            mail.tries += 1
            _update_address(mail)
            mail.save()
    return mail


def is_due(*, now: datetime) -> bool:
    """True if `claim_next` would claim an e-mail."""
    return _due(now).exists() and not _is_rate_limited(now)


def next_try(mail: OutgoingMail, now: datetime) -> datetime | None:
    """Moment of the next try after a temporary failure; None after the last try."""
    return now + RETRY_DELAYS[mail.tries - 1] if mail.tries <= len(RETRY_DELAYS) else None


def mark_sent(*, mail: OutgoingMail, now: datetime, note: str = "") -> None:
    """Record that the mail server accepted the e-mail; `note` is for organisers.

    Also if it was marked unknown meanwhile, and even if it is waiting to be sent again.
    """
    _record(mail, (State.SENDING, State.UNKNOWN, State.WAITING), State.SENT, note, sent_at=now)


def mark_failed(*, mail: OutgoingMail, error: str, retry_at: datetime | None = None) -> None:
    """Record that the e-mail was certainly not sent; it waits until `retry_at` if that is given.

    If its batch was stopped meanwhile, it is stopped instead.
    """
    state = State.FAILED
    if retry_at is not None:
        stopped = OutgoingMail.objects.filter(batch=mail.batch, state=State.STOPPED)
        state = State.STOPPED if stopped.exists() else State.WAITING
    _record(mail, (State.SENDING, State.UNKNOWN), state, error, not_before=retry_at)


def mark_bounced(*, mail: OutgoingMail, error: str) -> None:
    """Record that the mail server does not accept e-mails for the address."""
    _record(mail, (State.SENDING, State.UNKNOWN), State.BOUNCED, error)


def mark_unknown(*, mail: OutgoingMail, error: str) -> None:
    """Record that the connection was lost: the e-mail may have been sent or not."""
    _record(mail, (State.SENDING,), State.UNKNOWN, error)


def mark_abandoned_unknown(*, dead_workers: Collection[str], now: datetime) -> tuple[UUID, ...]:
    """Mark e-mails whose claims are abandoned as `unknown`, and return their UIDs."""
    is_abandoned = Q(claimed_at__lte=now - LEASE) | Q(claimed_by__in=dead_workers)
    abandoned = tuple(
        OutgoingMail.objects.filter(is_abandoned, state=State.SENDING).values_list("pk", flat=True)
    )
    if abandoned:
        error = _("The program was interrupted while it was sending this e-mail.")
        OutgoingMail.objects.filter(is_abandoned, pk__in=abandoned, state=State.SENDING).update(
            state=State.UNKNOWN, error=error
        )
    return abandoned


@transaction.atomic
def send_again(*, mail: OutgoingMail) -> OutgoingMail:
    """Send an unknown e-mail again: it has not arrived. Raises CannotSend."""
    return _requeue(_locked(mail, State.UNKNOWN))


@transaction.atomic
def count_as_sent(*, mail: OutgoingMail) -> OutgoingMail:
    """Count an unknown e-mail as sent: it has arrived. Raises CannotSend."""
    row = _locked(mail, State.UNKNOWN)
    row.state, row.sent_at, row.error = State.SENT, row.claimed_at, ""
    row.save()
    return row


@transaction.atomic
def retry(*, mail: OutgoingMail) -> OutgoingMail:
    """Send a failed or bounced e-mail to the current address of the person.

    Raises CannotSend if it is in another state, or the person has no address any more.
    """
    return _requeue(_locked(mail, State.FAILED, State.BOUNCED))


@transaction.atomic
def stop(*, batch: UUID) -> int:
    """Stop the waiting e-mails of a batch and return their number. A claimed one is finished."""
    waiting = OutgoingMail.objects.filter(batch=batch, state=State.WAITING)
    return waiting.update(state=State.STOPPED, not_before=None)


def _synchronous_full() -> None:
    """Make SQLite write claims to disk: after a power cut in WAL mode one could be lost otherwise.

    Its e-mail would then be sent twice. SQLite refuses to change this within a transaction.
    https://sqlite.org/pragma.html#pragma_synchronous
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def _due(now: datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(
        Q(not_before=None) | Q(not_before__lte=now), state=State.WAITING
    )


def _first_sendable(due: QuerySet[OutgoingMail]) -> OutgoingMail | None:
    """The first e-mail that may still be sent; those before it are stopped with the reason.

    The content of a stopped e-mail counts as not received, and is in the next one.
    """
    while (mail := due.first()) is not None:
        reason = stop_reason(mail)
        if not reason:
            return mail
        mail.state, mail.error, mail.not_before = State.STOPPED, reason, None
        mail.save(update_fields=["state", "error", "not_before"])
    return None


def _update_address(mail: OutgoingMail) -> None:
    """Change the e-mail to the current address of the person."""
    person = mail.person
    mail.calendars = [
        readdress_calendar(calendar, mail.to, person.email) for calendar in mail.calendars
    ]
    mail.to, mail.copy_to = person.email, person.assistant_email


def _is_rate_limited(now: datetime) -> bool:
    limit = settings.MAILS_A_MINUTE
    return bool(limit) and OutgoingMail.objects.filter(claimed_at__gt=now - MINUTE).count() >= limit


def _record(
    mail: OutgoingMail,
    former_states: tuple[State, ...],
    state: State,
    error: str,
    **columns: datetime | None,
) -> None:
    """Record the result of a claim, unless the e-mail was claimed again or decided on."""
    OutgoingMail.objects.filter(
        pk=mail.pk,
        claimed_by=mail.claimed_by,
        claimed_at=mail.claimed_at,
        state__in=former_states,
    ).update(state=state, error=error, **columns)


def _locked(mail: OutgoingMail, *states: State) -> OutgoingMail:
    row = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if row.state not in states:
        raise CannotSend(
            _("The e-mail to %(name)s is now “%(state)s”. Check the list again.")
            % {"name": row.person, "state": row.get_state_display()}
        )
    return row


def _requeue(mail: OutgoingMail) -> OutgoingMail:
    if reason := stop_reason(mail):
        raise CannotSend(reason)
    _update_address(mail)
    mail.state, mail.tries, mail.not_before, mail.error = State.WAITING, 0, None, ""
    mail.save()
    return mail
