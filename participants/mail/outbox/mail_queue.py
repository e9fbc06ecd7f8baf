"""The outbox: which mail is next, what came of it, and what organisers decide about it.

A mail is claimed, and that is committed, before any of it reaches a mail server. Nothing takes a
claim back by itself: of a mail whose worker died nobody knows whether it went out, so it becomes
`unknown`, and an organiser decides whether it is sent again. Thus none is sent twice.

A worker is taken for dead in two ways. Its name is held by one process at a time (see worker.py):
whoever starts under a name puts aside what that name had in hand. And no mail takes LEASE: what
anybody has had in hand for longer is put aside by any other worker. If a worker so declared dead
was only slow, it still reports what came of its mail, and then that is known.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from participants.mail.outbox.hold_reasons import why_held
from participants.mail.outbox.readdress import readdressed
from participants.models import Letter
from workshop.models import Event

State = Letter.State

LEASE = timedelta(minutes=5)
# After each try that failed for now; after the last of them the mail has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MINUTE = timedelta(minutes=1)


class CannotSend(Exception):
    """Nothing was done; the message says why and what can be done."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many mails are in which state."""

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
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return not self.waiting and not self.sending


def progress(of: UUID | Event) -> Progress:
    """How far the mails of one batch, or all those of an event, have come. One query."""
    letters = Letter.objects.order_by()
    letters = letters.filter(event=of) if isinstance(of, Event) else letters.filter(batch=of)
    return Progress(**dict(letters.values_list("state").annotate(count=Count("pk"))))


def claim_next(*, worker: str, now: datetime) -> Letter | None:
    """The mail that waits longest, from now on in this worker's hands alone; committed.

    None where none is due, or where MAILS_A_MINUTE were claimed in the last minute. That is
    counted in the rows, so that it holds over restarts; of several workers on PostgreSQL each may
    exceed it by one. Must not be called within a transaction.
    """
    if not _due(now).exists() or _is_too_fast(now):
        return None
    with transaction.atomic(durable=True):
        # Two who claim at once get two mails: SQLite lets one write at a time (its transactions
        # are IMMEDIATE), PostgreSQL passes over rows that somebody else has locked.
        due = _due(now).select_for_update(skip_locked=True)
        letter = None if _is_too_fast(now) else _first_to_go(due)
        if letter is not None:
            letter.state = State.SENDING
            letter.claimed_by, letter.claimed_at = worker, now
            letter.tries += 1
            _readdress(letter)
            letter.save()
    return letter


def next_try(letter: Letter, now: datetime) -> datetime | None:
    """When to try a mail again that could not be sent for now; None after the last try."""
    return now + WAITS[letter.tries - 1] if letter.tries <= len(WAITS) else None


def mark_sent(*, letter: Letter, now: datetime, note: str = "") -> None:
    """The mail server has taken it; `note` is what organisers should know all the same.

    Also where it was put aside meanwhile, and even where it waits to be sent again.
    """
    _report(letter, (State.SENDING, State.UNKNOWN, State.WAITING), State.SENT, note, sent_at=now)


def mark_failed(*, letter: Letter, error: str, retry_at: datetime | None = None) -> None:
    """It has surely not been sent; it waits until `retry_at` where that is given.

    Of a batch that was stopped meanwhile it does not wait but is stopped, too.
    """
    state = State.FAILED
    if retry_at is not None:
        stopped = Letter.objects.filter(batch=letter.batch, state=State.STOPPED)
        state = State.STOPPED if stopped.exists() else State.WAITING
    _report(letter, (State.SENDING, State.UNKNOWN), state, error, not_before=retry_at)


def mark_bounced(*, letter: Letter, error: str) -> None:
    """The mail server knows no such address, or does not take mails for it."""
    _report(letter, (State.SENDING, State.UNKNOWN), State.BOUNCED, error)


def mark_unknown(*, letter: Letter, error: str) -> None:
    """The mail server was lost while it had the mail: it may have been sent or not."""
    _report(letter, (State.SENDING,), State.UNKNOWN, error)


def put_aside_unfinished(*, now: datetime, worker: str | None = None) -> tuple[UUID, ...]:
    """What dead workers had in hand becomes `unknown`; returns the UIDs of these mails.

    That is what has been in hand for longer than LEASE, and all that `worker` has in hand, whose
    name the caller holds.
    """
    dead = Q(claimed_at__lte=now - LEASE)
    if worker is not None:
        dead |= Q(claimed_by=worker)
    found = tuple(Letter.objects.filter(dead, state=State.SENDING).values_list("pk", flat=True))
    if found:
        error = _("The program was interrupted while it was sending this mail.")
        Letter.objects.filter(dead, pk__in=found, state=State.SENDING).update(
            state=State.UNKNOWN, error=error
        )
    return found


@transaction.atomic
def send_again(*, letter: Letter) -> Letter:
    """An organiser's decision on an unknown mail: it has not arrived. Raises CannotSend."""
    return _wait_again(_locked(letter, State.UNKNOWN))


@transaction.atomic
def count_as_sent(*, letter: Letter) -> Letter:
    """An organiser's decision on an unknown mail: it has arrived. Raises CannotSend."""
    row = _locked(letter, State.UNKNOWN)
    row.state, row.sent_at, row.error = State.SENT, row.claimed_at, ""
    row.save()
    return row


@transaction.atomic
def retry(*, letter: Letter) -> Letter:
    """Send a mail that failed or came back to the address that its person has now.

    Raises CannotSend where it is in another state, or the person has no address any more.
    """
    return _wait_again(_locked(letter, State.FAILED, State.BOUNCED))


@transaction.atomic
def stop(*, batch: UUID) -> int:
    """Stop the mails of a batch that still wait; returns how many. One in hand is finished."""
    waiting = Letter.objects.filter(batch=batch, state=State.WAITING)
    return waiting.update(state=State.STOPPED, not_before=None)


def _due(now: datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(Q(not_before=None) | Q(not_before__lte=now), state=State.WAITING)


def _first_to_go(due: QuerySet[Letter]) -> Letter | None:
    """The first that may still go out; those before it are stopped, and say why.

    What a stopped mail told counts as not told, and stands in the next one.
    """
    while (letter := due.first()) is not None:
        why = why_held(letter)
        if not letter.person.email:
            why = _("Its reader has no e-mail address any more.")
        if not why:
            return letter
        letter.state, letter.error, letter.not_before = State.STOPPED, why, None
        letter.save(update_fields=["state", "error", "not_before"])
    return None


def _readdress(letter: Letter) -> None:
    """To the address that the person has now."""
    person = letter.person
    letter.calendars = [
        readdressed(calendar, letter.to, person.email) for calendar in letter.calendars
    ]
    letter.to, letter.copy_to = person.email, person.assistant_email


def _is_too_fast(now: datetime) -> bool:
    most = settings.MAILS_A_MINUTE
    return bool(most) and Letter.objects.filter(claimed_at__gt=now - MINUTE).count() >= most


def _report(
    letter: Letter, since: tuple[State, ...], state: State, error: str, **columns: datetime | None
) -> None:
    """Write down what came of a claimed mail, unless it has been claimed anew or decided on."""
    Letter.objects.filter(
        pk=letter.pk,
        claimed_by=letter.claimed_by,
        claimed_at=letter.claimed_at,
        state__in=since,
    ).update(state=state, error=error, **columns)


def _locked(letter: Letter, *states: State) -> Letter:
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    if row.state not in states:
        raise CannotSend(
            _("The mail to %(name)s is “%(state)s” by now: look at the list again.")
            % {"name": row.person, "state": row.get_state_display()}
        )
    return row


def _wait_again(letter: Letter) -> Letter:
    person = letter.person
    if not person.email:
        raise CannotSend(
            _("%(name)s has no e-mail address any more: write one into the list of people first.")
            % {"name": person}
        )
    if why := why_held(letter):
        raise CannotSend(why)
    _readdress(letter)
    letter.state, letter.tries, letter.not_before, letter.error = State.WAITING, 0, None, ""
    letter.save()
    return letter
