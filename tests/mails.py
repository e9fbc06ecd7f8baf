"""Makers for e-mail tests: people on participant lists, and e-mails to them."""

from typing import Any

from participants.mail.draft import DraftMail, draft_mail
from participants.mail.outbox import enqueue
from participants.mail.outbox.enqueue import EnqueuedBatch
from participants.mail.pending_news import Kind
from participants.mail.recipients import list_recipients
from participants.mail.snapshot import take_snapshot
from participants.models import Participation, Person
from sessions_app.publishing import services
from tests import make
from workshop.models import Event

JOIN = "https://meet.example.org/j/48151623?pwd=secret&x=1"


def add_panelists(event: Event, key: str = "international", **columns: Any) -> None:
    """Put everybody with a role in one workshop on its list, with an e-mail address."""
    workshop = event.workshops.get(key=key)
    uids = {*workshop.appearances.values_list("person", flat=True)}
    for session in workshop.sessions.all():
        uids |= {*session.appearances.values_list("person", flat=True)}
        uids |= {*session.presentations.values_list("appearances__person", flat=True)}
    for person in Person.objects.filter(pk__in=uids - {None}):
        person.email = f"{person.key}@example.org"
        person.save()
        make.participation_row(
            person, workshop, **{"state": "listed", "role": "panelist"} | columns
        )


def add_delegate(event: Event, name: str = "Dara Phommachanh", **columns: Any) -> Person:
    """A delegate from Lao PDR, without a role, on the list of every workshop."""
    email = f"{name.split()[0].lower()}@example.org"
    person = make.person_row(name, **{"email": email, "country": "LA"} | columns)
    for workshop in event.workshops.all():
        make.participation_row(person, workshop, "listed", role="delegate")
    return person


def recipient_reasons(event: Event, kind: str) -> dict[str, str]:
    """The reason to send an e-mail now, by the key of its recipient."""
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    choices = list_recipients(snapshot, kind)
    return {choice.key: choice.reason for choice in choices if choice.is_included}


def exclusion_reasons(event: Event, kind: str) -> dict[str, str]:
    """The reason to send no e-mail now, by the key of the person."""
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    choices = list_recipients(snapshot, kind)
    return {choice.key: choice.exclusion_reason for choice in choices if not choice.is_included}


def send(event: Event, kind: str, *people: str, hour: int = 8) -> EnqueuedBatch:
    """Put e-mails to these people, by default to all recipients, into the outbox."""
    return enqueue.apply(
        event,
        kind,
        people=people or tuple(recipient_reasons(event, kind)),
        fingerprint=enqueue.plan(event, kind).fingerprint,
        now=make.at(hour, day=2),
    )


def draft_for(event: Event, kind: str, key: str) -> DraftMail:
    """The e-mail that a person would get now."""
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    recipient = next(row for row in snapshot.recipients if row.key == key)
    return draft_mail(snapshot, recipient, kind, make.at(8, day=2))


def publish(event: Event, hour: int = 9) -> None:
    assert services.publish(event=event, now=make.at(hour, day=2))[1]


def withdraw(key: str) -> None:
    for row in Participation.objects.filter(person__key=key):
        row.state = Participation.State.WITHDRAWN
        row.save()
