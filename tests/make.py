"""Factories of agenda values and database rows, with defaults."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User

from participants import models as people
from sessions_app import models
from sessions_app.agenda import types as value
from sessions_app.agenda.text import Text
from workshop import models as events
from workshop.zones import Zone

LAO = Zone("Lao Time", "Asia/Vientiane")
KST = Zone("KST", "Asia/Seoul")
EST = Zone("EST", "America/New_York")
ZONES = (LAO, KST, EST)


def at(hour: int, minute: int = 0, *, day: int = 4) -> datetime:
    """UTC datetime of a local time in Vientiane, in August 2021."""
    return datetime(2021, 8, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def uid(name: str) -> uuid.UUID:
    """The same UID for the same name."""
    return uuid.uuid5(uuid.NAMESPACE_URL, name)


def text(english: str, lao: str = "") -> Text:
    return Text(english, lao)


# Values


def person(name: str = "Juny Kim", **facts: Any) -> value.Person:
    key = name.lower().replace(" ", "-")
    return value.Person(
        **{"uid": uid(name), "key": key, "full_name": text(name), "sort_name": name} | facts
    )


def appearance(name: str = "Juny Kim", role: str = "panelist", **facts: Any) -> value.Appearance:
    return value.Appearance(
        **{"role": role, "stands_for": "person", "name": text(name), "person": uid(name)} | facts
    )


def block(*countries: str, questions: tuple[str, ...] = ("How?",), **facts: Any) -> Any:
    name = "-".join(countries)
    rows = tuple(value.Question(uid(name + question), text(question)) for question in questions)
    return value.QuestionBlock(
        **{"uid": uid("block" + name), "countries": countries, "questions": rows} | facts
    )


def session(key: str = "session-1", **facts: Any) -> value.Session:
    """A panel from 09:25 to 09:45 Lao Time, unless the facts say otherwise."""
    return value.Session(
        **{
            "uid": uid(key),
            "key": key,
            "kind": "panel",
            "title": text("Leadership"),
            "starts_at": at(9, 25),
            "ends_at": at(9, 45),
        }
        | facts
    )


def workshop(*sessions: value.Session, key: str = "international", **facts: Any) -> value.Workshop:
    """A morning from 08:30 to 13:15 Lao Time."""
    return value.Workshop(
        **{
            "uid": uid(key),
            "key": key,
            "title": text(key.capitalize()),
            "starts_at": at(8, 30),
            "ends_at": at(13, 15),
            "sessions": sessions,
        }
        | facts
    )


def agenda(*workshops: value.Workshop, **facts: Any) -> value.Agenda:
    return value.Agenda(
        **{
            "uid": uid("event"),
            "slug": "event",
            "title": text("Event"),
            "zone": LAO.key,
            "zones": ZONES,
            "workshops": workshops,
        }
        | facts
    )


# Rows


def account(name: str, *group_names: str, **columns: Any) -> User:
    """A staff account in these groups."""
    user = User.objects.create_user(name, **{"is_staff": True} | columns)
    user.groups.set(Group.objects.filter(name__in=group_names))
    return user


def event_row(slug: str = "event", **columns: Any) -> events.Event:
    """An event with the three zones of the programme of 4 August 2021."""
    event = events.Event.objects.create(
        slug=slug, **{"title_en": "Event", "zone": LAO.key} | columns
    )
    for order, zone in enumerate(ZONES, start=1):
        events.DisplayZone.objects.create(event=event, label=zone.label, key=zone.key, order=order)
    return event


def workshop_row(event: events.Event, key: str = "international", **columns: Any) -> Any:
    """A morning whose programme is public."""
    return events.Workshop.objects.create(
        event=event,
        key=key,
        **{
            "title_en": key.capitalize(),
            "starts_at": at(8, 30),
            "ends_at": at(13, 15),
            "admission": "by_invitation",
            "readership": "everyone",
        }
        | columns,
    )


def session_row(workshop: events.Workshop, **columns: Any) -> models.Session:
    return models.Session.objects.create(
        workshop=workshop,
        **{
            "kind": "panel",
            "title_en": "Leadership",
            "starts_at": at(9, 25),
            "ends_at": at(9, 45),
        }
        | columns,
    )


def person_row(name: str = "Juny Kim", **columns: Any) -> people.Person:
    key = name.lower().replace(" ", "-")
    return people.Person.objects.create(
        **{"key": key, "full_name_en": name, "sort_name": name} | columns
    )


def appearance_row(person: people.Person | None = None, **columns: Any) -> models.Appearance:
    return models.Appearance.objects.create(person=person, **{"role": "panelist"} | columns)


def participation_row(
    person: people.Person, workshop: events.Workshop, state: str = "invited", **columns: Any
) -> people.Participation:
    return people.Participation.objects.create(
        person=person, workshop=workshop, state=state, **columns
    )


def outgoing_mail_row(
    event: events.Event, name: str = "Juny Kim", **columns: Any
) -> people.OutgoingMail:
    """A queued e-mail, to a new person unless the columns name one."""
    person = columns.get("person") or person_row(
        name,
        email=columns.get("to") or f"{uid(name).hex[:8]}@example.org",
        assistant_email=columns.get("copy_to", ""),
    )
    return people.OutgoingMail.objects.create(
        **{
            "event": event,
            "person": person,
            "kind": "invitation",
            "batch": uid("batch"),
            "to": person.email,
            "subject": "Invitation",
            "text": "Good morning",
            "message_id": f"{uid(name).hex}@example.org",
            "made_at": at(8) + timedelta(seconds=people.OutgoingMail.objects.count()),
        }
        | columns
    )
