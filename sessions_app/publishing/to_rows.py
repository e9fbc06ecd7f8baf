"""Conversion of an agenda back to rows, by UID: the write part of services.restore."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model

from participants import models as people
from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import (
    AboutSection,
    Agenda,
    Appearance,
    Person,
    QuestionBlock,
    Session,
    Workshop,
)
from sessions_app.publishing.from_rows import text_of
from workshop import models as events
from workshop import zones


def write_back(
    event: events.Event, agenda: Agenda, *, announced: Collection[UUID], now: datetime
) -> None:
    """Set the event's rows to the content of `agenda`; fields that no agenda holds stay.

    Sessions that are not in it are cancelled if their UID is in `announced`, else deleted.
    """
    _write_event(event, agenda)
    for person in agenda.people:
        _write_person(person)
    for workshop in agenda.workshops:
        _write_workshop(event, workshop)
    for workshop, session in agenda.workshop_sessions():
        _write_session(event, workshop, session)
    uids = [session.uid for session in agenda.sessions()]
    for newer in models.Session.objects.current().filter(event=event).exclude(uid__in=uids):
        if newer.uid in announced:
            newer.status = models.Session.Status.CANCELLED
        else:
            newer.dropped_at = now
        newer.save()


def text_columns(**texts: Text) -> dict[str, str]:
    """Column names and values of translated texts: `title_en`, `title_lo`."""
    return {
        f"{name}_{language}": getattr(text, language)
        for name, text in texts.items()
        for language in ("en", "lo")
    }


def _upsert(model: type[Model], uid: UUID, **values: Any) -> None:
    """Update or create the row `uid` with these columns; both are recorded in its history."""
    model._default_manager.update_or_create(uid=uid, defaults=values)


def _delete_others(rows: Any, uids: Iterable[UUID]) -> None:
    for row in rows.exclude(uid__in=list(uids)):
        row.delete()


def _write_event(event: events.Event, agenda: Agenda) -> None:
    _upsert(
        events.Event,
        event.uid,
        zone=agenda.zone,
        languages=",".join(agenda.languages),
        office_address=agenda.office_address,
        **text_columns(
            title=agenda.title,
            organisers=agenda.organisers,
            partners=agenda.partners,
            office_name=agenda.office_name,
            interpretation=agenda.interpretation,
            platform=agenda.platform,
        ),
    )
    event.display_zones.all().delete()
    for order, zone in enumerate(agenda.zones, start=1):
        events.DisplayZone.objects.create(event=event, label=zone.label, key=zone.key, order=order)
    _write_sections(event, None, agenda.about)


def _write_sections(
    event: events.Event, workshop: UUID | None, sections: tuple[AboutSection, ...]
) -> None:
    rows = events.AboutSection.objects.filter(event=event, workshop=workshop)
    _delete_others(rows, (section.uid for section in sections))
    for order, section in enumerate(sections, start=1):
        _upsert(
            events.AboutSection,
            section.uid,
            event=event,
            workshop_id=workshop,
            order=order,
            **text_columns(title=section.title, body=section.body),
        )


def _write_person(person: Person) -> None:
    of_country = zones.country_zone(person.country)
    _upsert(
        people.Person,
        person.uid,
        key=person.key,
        former_keys="\n".join(person.former_keys),
        sort_name=person.sort_name,
        country=person.country,
        zone="" if person.zone == of_country else person.zone,
        **text_columns(
            full_name=person.full_name,
            honorific=person.honorific,
            position=person.position,
            organisation=person.organisation,
        ),
    )


def _write_workshop(event: events.Event, workshop: Workshop) -> None:
    _upsert(
        events.Workshop,
        workshop.uid,
        event=event,
        key=workshop.key,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        admission=workshop.admission,
        other_titles="\n".join(workshop.other_titles),
        **text_columns(title=workshop.title, audience=workshop.audience, place=workshop.place),
    )
    events.StatedWindow.objects.filter(workshop=workshop.uid).delete()
    for window in workshop.stated_windows:
        events.StatedWindow.objects.create(
            workshop_id=workshop.uid,
            source=window.source,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            as_printed=window.as_printed,
        )
    _write_sections(event, workshop.uid, workshop.about)
    _write_people(workshop.people, workshop_id=workshop.uid)


def _write_session(event: events.Event, workshop: Workshop, session: Session) -> None:
    _upsert(
        models.Session,
        session.uid,
        event=event,
        workshop_id=workshop.uid,
        key=session.key,
        kind=session.kind,
        number=session.number,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        questions_minutes=session.questions_minutes,
        dropped_at=None,
        **text_columns(
            heading=session.heading, title=session.title, place=session.place, note=session.note
        ),
    )
    _write_people(session.people, session_id=session.uid)
    talks = models.Presentation.objects.filter(session=session.uid)
    _delete_others(talks, (talk.uid for talk in session.presentations))
    for order, talk in enumerate(session.presentations, start=1):
        _upsert(
            models.Presentation,
            talk.uid,
            session_id=session.uid,
            minutes=talk.minutes,
            order=order,
            **text_columns(title=talk.title),
        )
        _write_people(talk.people, presentation_id=talk.uid)
    blocks = models.QuestionBlock.objects.filter(session=session.uid)
    _delete_others(blocks, (block.uid for block in session.question_blocks))
    for order, block in enumerate(session.question_blocks, start=1):
        _write_block(session, block, order)


def _write_block(session: Session, block: QuestionBlock, order: int) -> None:
    _upsert(
        models.QuestionBlock,
        block.uid,
        session_id=session.uid,
        countries=list(block.countries),
        minutes=block.minutes,
        minutes_are=block.minutes_are or "",
        order=order,
        **text_columns(moderator_note=block.moderator_note),
    )
    questions = models.Question.objects.filter(block=block.uid)
    _delete_others(questions, (question.uid for question in block.questions))
    for order, question in enumerate(block.questions, start=1):
        _upsert(
            models.Question,
            question.uid,
            block_id=block.uid,
            order=order,
            **text_columns(text=question.text),
        )


def _write_people(appearances: tuple[Appearance, ...], **holder: UUID) -> None:
    """Replace all appearances: they have no UID in an agenda."""
    for row in models.Appearance.objects.filter(**holder):
        row.delete()
    known = people.Person.objects.in_bulk(
        [appearance.person for appearance in appearances if appearance.person]
    )
    for order, appearance in enumerate(appearances, start=1):
        person = known.get(appearance.person) if appearance.person else None
        models.Appearance.objects.create(
            **holder,
            role=appearance.role,
            stands_for=appearance.stands_for,
            person=person,
            order=order,
            **text_columns(
                name=Text() if person else appearance.name,
                **printed_affiliation(appearance, person),
            ),
        )


def printed_affiliation(appearance: Appearance, person: people.Person | None) -> dict[str, Text]:
    """Position and organisation to store with an appearance; empty if equal to the person's."""
    printed = {"position": appearance.position, "organisation": appearance.organisation}
    if person and all(text_of(person, name) == text for name, text in printed.items()):
        return dict.fromkeys(printed, Text())
    return printed
