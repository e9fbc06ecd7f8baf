"""Conversion of rows to agenda values; related rows must be prefetched."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from participants import models as people_rows
from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import (
    AboutSection,
    Agenda,
    Appearance,
    MinutesAre,
    Person,
    Presentation,
    Question,
    QuestionBlock,
    Session,
    StatedWindow,
    Workshop,
)
from workshop import models as events
from workshop.zones import Zone


def agenda_of(
    event: events.Event,
    workshops: Iterable[events.Workshop],
    *,
    sessions_by_workshop: Mapping[UUID, Sequence[Session]],
    sections_by_workshop: Mapping[UUID | None, Sequence[AboutSection]],
    people: Iterable[people_rows.Person],
) -> Agenda:
    """The draft agenda of an event. Sections under None are about the whole event."""
    return Agenda(
        uid=event.uid,
        slug=event.slug,
        title=text_of(event, "title"),
        zone=event.zone,
        zones=tuple(Zone(zone.label, zone.key) for zone in event.display_zones.all()),
        languages=tuple(event.languages.split(",")),
        organisers=text_of(event, "organisers"),
        partners=text_of(event, "partners"),
        office_name=text_of(event, "office_name"),
        office_address=event.office_address,
        interpretation=text_of(event, "interpretation"),
        platform=text_of(event, "platform"),
        about=tuple(sections_by_workshop.get(None, ())),
        people=tuple(map(person_of, people)),
        workshops=tuple(
            workshop_of(
                workshop,
                tuple(sessions_by_workshop.get(workshop.uid, ())),
                tuple(sections_by_workshop.get(workshop.uid, ())),
            )
            for workshop in workshops
        ),
    )


def text_of(row: object, name: str) -> Text:
    """A translated column of a row, in all languages."""
    return Text(
        en=getattr(row, f"{name}_en", None) or "",
        lo=getattr(row, f"{name}_lo", None) or "",
    )


def person_of(row: people_rows.Person) -> Person:
    """A person's row as the value in an agenda."""
    return Person(
        uid=row.uid,
        key=row.key,
        full_name=text_of(row, "full_name"),
        sort_name=row.sort_name,
        honorific=text_of(row, "honorific"),
        position=text_of(row, "position"),
        organisation=text_of(row, "organisation"),
        country=str(row.country.code or ""),
        zone=row.zone_key,
        former_keys=tuple(row.former_keys.split()),
    )


def appearance_of(row: models.Appearance) -> Appearance:
    """An appearance; a position or organisation printed there replaces both of the person."""
    position, organisation = text_of(row, "position"), text_of(row, "organisation")
    if row.person is None:
        return Appearance(
            role=row.role,
            stands_for=row.stands_for,
            name=text_of(row, "name"),
            position=position,
            organisation=organisation,
        )
    person = person_of(row.person)
    as_printed = position or organisation
    return Appearance(
        role=row.role,
        stands_for=row.stands_for,
        name=person.name,
        person=person.uid,
        position=position if as_printed else person.position,
        organisation=organisation if as_printed else person.organisation,
        country=person.country,
    )


def workshop_of(
    row: events.Workshop, sessions: tuple[Session, ...], about: tuple[AboutSection, ...]
) -> Workshop:
    """A workshop with these sessions and about-sections."""
    return Workshop(
        uid=row.uid,
        key=row.key,
        title=text_of(row, "title"),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        audience=text_of(row, "audience"),
        admission=row.admission,
        place=text_of(row, "place"),
        people=tuple(map(appearance_of, row.appearances.all())),
        sessions=sessions,
        about=about,
        other_titles=tuple(filter(None, map(str.strip, row.other_titles.splitlines()))),
        stated_windows=tuple(
            StatedWindow(window.source, window.starts_at, window.ends_at, window.as_printed)
            for window in row.stated_windows.all()
        ),
    )


def session_of(row: models.Session) -> Session:
    """A session with its people, talks and questions, in their order."""
    return Session(
        uid=row.uid,
        key=row.key,
        kind=row.kind,
        title=text_of(row, "title"),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        number=row.number,
        heading=text_of(row, "heading"),
        place=text_of(row, "place"),
        status=row.status,
        note=text_of(row, "note"),
        questions_minutes=row.questions_minutes,
        people=tuple(map(appearance_of, row.appearances.all())),
        presentations=tuple(
            Presentation(
                uid=talk.uid,
                title=text_of(talk, "title"),
                minutes=talk.minutes,
                people=tuple(map(appearance_of, talk.appearances.all())),
            )
            for talk in row.presentations.all()
        ),
        question_blocks=tuple(map(block_of, row.question_blocks.all())),
    )


def block_of(row: models.QuestionBlock) -> QuestionBlock:
    """A question block with its countries in the order in which they were chosen."""
    return QuestionBlock(
        uid=row.uid,
        countries=tuple(str(country.code) for country in row.countries),
        questions=tuple(
            Question(question.uid, text_of(question, "text")) for question in row.questions.all()
        ),
        minutes=row.minutes,
        minutes_are=cast(MinutesAre, row.minutes_are) if row.minutes_are else None,
        moderator_note=text_of(row, "moderator_note"),
    )


def section_of(row: events.AboutSection) -> AboutSection:
    """An about-section of an event or workshop."""
    return AboutSection(row.uid, text_of(row, "title"), text_of(row, "body"))
