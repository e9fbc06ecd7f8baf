"""The agenda as JSON: a versioned document and its JSON Schema."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from sessions_app.agenda import types as value
from sessions_app.agenda.types import Agenda, MinutesAre
from workshop.zones import Zone

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class DataZone:
    """A clock the organisers show times in. `offset` is that of the event's first start."""

    label: str
    key: str
    city: str
    abbreviation: str
    offset: str


@dataclass(frozen=True, slots=True)
class DataPerson:
    """Somebody in a role.

    `country` is an ISO 3166 code, null where unknown; `uid` is null where it is no person.
    """

    role: str
    name: str
    position: str
    organisation: str
    country: str | None
    uid: str | None
    stands_for: str


@dataclass(frozen=True, slots=True)
class DataPresentation:
    title: str
    minutes: int | None
    people: tuple[DataPerson, ...]


@dataclass(frozen=True, slots=True)
class DataQuestionBlock:
    """`minutes` are null where none are stated. The note is there for moderators and organisers."""

    countries: tuple[str, ...]
    minutes: int | None
    minutes_are: MinutesAre | None
    questions: tuple[str, ...]
    moderator_note: str


@dataclass(frozen=True, slots=True)
class DataSession:
    """A row of the programme. `people` are all who appear, those of presentations included."""

    uid: str
    key: str
    kind: str
    number: int | None
    heading: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: str
    place: str
    note: str
    questions_minutes: int | None
    people: tuple[DataPerson, ...]
    presentations: tuple[DataPresentation, ...]
    question_blocks: tuple[DataQuestionBlock, ...]


@dataclass(frozen=True, slots=True)
class DataWorkshop:
    """A workshop; where `readable` is false it has neither people nor sessions."""

    key: str
    title: str
    starts_at: datetime
    ends_at: datetime
    audience: str
    admission: str
    readable: bool
    place: str
    people: tuple[DataPerson, ...]
    sessions: tuple[DataSession, ...]


@dataclass(frozen=True, slots=True)
class DataEvent:
    slug: str
    title: str
    release: int
    released_at: datetime | None
    zone: str
    zones: tuple[DataZone, ...]
    languages: tuple[str, ...]
    organisers: tuple[str, ...]
    partners: tuple[str, ...]
    interpretation: str
    platform: str


@dataclass(frozen=True, slots=True)
class Document:
    """The agenda as one reader may see it. Moments are in UTC."""

    version: Literal[1]
    event: DataEvent
    workshops: tuple[DataWorkshop, ...]


def render(agenda: Agenda) -> bytes:
    """The agenda as JSON in UTF-8; the same agenda gives the same bytes."""
    return msgspec.json.encode(
        Document(
            version=VERSION,
            event=_event(agenda),
            workshops=tuple(map(_workshop, agenda.workshops)),
        )
    )


def schema() -> bytes:
    """The JSON Schema (2020-12) of what `render` writes, as JSON."""
    schema = msgspec.json.schema(Document)
    return msgspec.json.encode(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    )


def _event(agenda: Agenda) -> DataEvent:
    return DataEvent(
        slug=agenda.slug,
        title=str(agenda.title),
        release=agenda.release,
        released_at=agenda.released_at,
        zone=agenda.zone,
        zones=tuple(_zone(zone, agenda.starts_at) for zone in agenda.zones),
        languages=agenda.languages,
        organisers=tuple(str(agenda.organisers).splitlines()),
        partners=tuple(str(agenda.partners).splitlines()),
        interpretation=str(agenda.interpretation),
        platform=str(agenda.platform),
    )


def _zone(zone: Zone, at: datetime | None) -> DataZone:
    return DataZone(
        label=zone.label,
        key=zone.key,
        city=zone.city,
        abbreviation=zone.abbreviation(at) if at else "",
        offset=zone.offset(at) if at else "",
    )


def _workshop(workshop: value.Workshop) -> DataWorkshop:
    return DataWorkshop(
        key=workshop.key,
        title=str(workshop.title),
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        audience=str(workshop.audience),
        admission=workshop.admission,
        readable=workshop.readable,
        place=str(workshop.place),
        people=tuple(map(_person, workshop.people)),
        sessions=tuple(map(_session, workshop.sessions)),
    )


def _session(session: value.Session) -> DataSession:
    return DataSession(
        uid=str(session.uid),
        key=session.key,
        kind=session.kind,
        number=session.number,
        heading=str(session.heading),
        title=str(session.title),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        place=str(session.place),
        note=str(session.note),
        questions_minutes=session.questions_minutes,
        people=tuple(map(_person, session.everybody)),
        presentations=tuple(
            DataPresentation(str(talk.title), talk.minutes, tuple(map(_person, talk.people)))
            for talk in session.presentations
        ),
        question_blocks=tuple(map(_block, session.question_blocks)),
    )


def _block(block: value.QuestionBlock) -> DataQuestionBlock:
    return DataQuestionBlock(
        countries=block.countries,
        minutes=block.minutes,
        minutes_are=block.minutes_are,
        questions=tuple(str(question.text) for question in block.questions),
        moderator_note=str(block.moderator_note),
    )


def _person(appearance: value.Appearance) -> DataPerson:
    return DataPerson(
        role=appearance.role,
        name=str(appearance.name),
        position=str(appearance.position),
        organisation=str(appearance.organisation),
        country=appearance.country or None,
        uid=str(appearance.person) if appearance.person else None,
        stands_for=appearance.stands_for,
    )
