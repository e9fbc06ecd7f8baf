"""The people of the programme on its lists, with addresses, and mails sent to them."""

from typing import Any

from participants.mail.draft import Mail, mail
from participants.mail.outbox.enqueue import Queued, queue
from participants.mail.pending_news import Kind
from participants.mail.recipients import fingerprint, recipients
from participants.mail.snapshot import open_book
from participants.models import Participation, Person
from sessions_app.publishing import services
from tests import make
from workshop.models import Event

JOIN = "https://meet.example.org/j/48151623?pwd=secret&x=1"


def on_list(event: Event, key: str = "international", **columns: Any) -> None:
    """Everybody who has a part in one workshop gets an address and a place in its list."""
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


def delegate(event: Event, name: str = "Dara Phommachanh", **columns: Any) -> Person:
    """Somebody in Lao PDR who only attends, in every workshop's list."""
    email = f"{name.split()[0].lower()}@example.org"
    person = make.person_row(name, **{"email": email, "country": "LA"} | columns)
    for workshop in event.workshops.all():
        make.participation_row(person, workshop, "listed", role="delegate")
    return person


def who(event: Event, kind: str) -> dict[str, str]:
    """The keys of those who would get a mail now, and why."""
    book = open_book(event, inviting=kind == Kind.INVITATION)
    return {each.key: each.reason for each in recipients(book, kind) if each.gets_it}


def why_not(event: Event, kind: str) -> dict[str, str]:
    book = open_book(event, inviting=kind == Kind.INVITATION)
    return {each.key: each.why_not for each in recipients(book, kind) if not each.gets_it}


def send(event: Event, kind: str, *people: str, hour: int = 8) -> Queued:
    """A mail to these people, by default to all who would get it, into the outbox."""
    book = open_book(event, inviting=kind == Kind.INVITATION)
    return queue(
        event=event,
        kind=kind,
        people=people or tuple(who(event, kind)),
        seen=fingerprint(book, kind),
        now=make.at(hour, day=2),
    )


def made(event: Event, kind: str, key: str) -> Mail:
    """A mail as it would go to somebody now."""
    book = open_book(event, inviting=kind == Kind.INVITATION)
    return mail(book, next(to for to in book.people if to.key == key), kind, make.at(8, day=2))


def publish(event: Event, hour: int = 9) -> None:
    assert services.publish(event=event, now=make.at(hour, day=2))[1]


def withdraw(key: str) -> None:
    for row in Participation.objects.filter(person__key=key):
        row.state = Participation.State.WITHDRAWN
        row.save()
