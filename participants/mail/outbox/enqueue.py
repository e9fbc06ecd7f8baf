"""Mails are put into the outbox: all of a batch or none, and what their readers then know."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from participants.mail.draft import Mail, mail
from participants.mail.pending_news import Kind, has_left
from participants.mail.recipients import Recipient, fingerprint, recipients
from participants.mail.snapshot import Addressee, Book, open_book
from participants.models import Letter, Participation, SentEntry
from workshop.models import Event

LONGEST_REASON = 500
Sending = tuple[Recipient, Addressee, Mail]


class CannotQueue(Exception):
    """Nothing was put into the outbox; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Queued:
    """Mails that wait in the outbox under one mark."""

    batch: UUID
    count: int


def queue(
    *,
    event: Event,
    kind: str,
    people: Collection[str],
    seen: str,
    now: datetime,
    by: User | None = None,
) -> Queued:
    """Put a mail of this kind to each of `people` (their keys) into the outbox, or none at all.

    `seen` is the fingerprint of the list that the organiser had before them. Those who were on
    the list are invited by their invitation; everybody knows the newest release afterwards.
    Raises CannotQueue if the list is another by now, if nobody is chosen or somebody is not in it.
    """
    # Written before anything is locked: many mails take seconds.
    book = _same_book(event, kind, seen)
    mails = [(found, to, mail(book, to, kind, now)) for found, to in _chosen(book, kind, people)]
    batch = uuid4()
    with transaction.atomic():
        # Two who send at once come one after the other, and the second finds another list.
        event = Event.objects.select_for_update().get(pk=event.pk)
        places = _locked_places(event)
        _same_book(event, kind, seen)
        Letter.objects.bulk_create(
            _letter(sending, event=event, kind=kind, batch=batch, made_at=now, made_by=by)
            for sending in mails
        )
        _remember_entries(event, mails)
        _remember_told(places, book.newest, mails)
    return Queued(batch, len(mails))


def _locked_places(event: Event) -> list[Participation]:
    """The rows of the event's lists; who replies at this moment waits."""
    rows = Participation.objects.select_for_update(of=("self",))
    return list(rows.filter(workshop__event=event))


def _same_book(event: Event, kind: str, seen: str) -> Book:
    """The event's book, if it still says what was seen."""
    book = open_book(event, inviting=kind == Kind.INVITATION)
    if fingerprint(book, kind) != seen:
        raise CannotQueue(
            _("Something changed since this list was shown. Nothing was sent; look once more.")
        )
    return book


def _chosen(book: Book, kind: str, people: Collection[str]) -> list[tuple[Recipient, Addressee]]:
    by_uid = {to.uid: to for to in book.people}
    found = [each for each in recipients(book, kind) if each.gets_it and each.key in people]
    if not people:
        raise CannotQueue(_("Nobody is chosen. Nothing was sent."))
    if len(found) != len(set(people)):
        raise CannotQueue(_("Somebody who was chosen does not get this mail. Nothing was sent."))
    return [(each, by_uid[each.person]) for each in found]


def _letter(sending: Sending, **columns: object) -> Letter:
    (found, to, made), uid = sending, uuid4()
    return Letter(
        uid=uid,
        person_id=to.uid,
        reason=found.reason[:LONGEST_REASON],
        to=to.email,
        copy_to=to.copy_to,
        language=to.language,
        subject=made.written.subject,
        text=made.written.text,
        html=made.written.html,
        calendars=[message.text for message in made.messages],
        with_briefing=made.with_briefing,
        message_id=f"<{uid}@{urlsplit(settings.SITE).hostname}>",
        **columns,
    )


def _remember_entries(event: Event, mails: Iterable[Sending]) -> None:
    rows = [
        SentEntry(
            person_id=to.uid,
            event=event,
            entry=message.held.entry,
            sequence=message.held.sequence,
            digest=message.held.digest,
            calendar=message.held.vevent,
            is_cancelled=message.held.is_cancelled,
        )
        for _found, to, made in mails
        for message in made.messages
    ]
    SentEntry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "entry"],
        update_fields=["event", "sequence", "digest", "calendar", "is_cancelled"],
    )


def _remember_told(places: Iterable[Participation], release: int, mails: Iterable[Sending]) -> None:
    """What the mails tell is known from now on; who was on the list is invited."""
    told = {place.uid: made for _found, _to, made in mails for place in made.known.places}
    left = {place.uid for _found, to, _made in mails for place in to.places if has_left(place)}
    for row in places:
        if row.pk in told:
            _know(row, release, told[row.pk])
        elif row.pk in left:
            row.told_release = None
            row.save()


def _know(row: Participation, release: int, made: Mail) -> None:
    """A row in a list as it is once its person has read a mail."""
    before = row.state, row.told_release, row.told_join_version
    joining = {each.workshop: each.version for each in made.known.joining}
    row.told_release = release
    row.told_join_version = joining.get(row.workshop_id, row.told_join_version)
    if row.state == Participation.State.LISTED:
        row.state = Participation.State.INVITED
    if (row.state, row.told_release, row.told_join_version) != before:
        row.save()
