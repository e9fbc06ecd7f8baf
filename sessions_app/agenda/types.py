"""The agenda as a frozen value, independent of database and request.

Datetimes are aware and in UTC. Texts are `Text`, in all stored languages, until `in_language`
chooses one. Tuples are in the order in which they are shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from participants.access.levels import Level
from sessions_app.agenda.field_levels import visible_from
from sessions_app.agenda.kinds import KINDS, ORDINARY_KIND, ORDINARY_ROLE, ROLES, Kind, Role
from sessions_app.agenda.text import Text
from workshop.zones import Zone

MinutesAre = Literal["per_country", "in_total"]


@dataclass(frozen=True, slots=True)
class Person:
    """Public data of a person; `zone` is an IANA key, empty if unknown.

    `former_keys` are the keys of duplicates that were merged into this person.
    """

    uid: UUID
    key: str
    full_name: Text
    sort_name: str
    honorific: Text = Text()
    position: Text = Text()
    organisation: Text = Text()
    country: str = ""
    zone: str = ""
    former_keys: tuple[str, ...] = ()

    @property
    def name(self) -> Text:
        """Name with the form of address, as printed in a programme."""
        full, honorific = self.full_name, self.honorific
        return replace(
            full,
            en=f"{honorific.en} {full.en}".strip() if full.en else "",
            lo=f"{honorific.lo} {full.lo}".strip() if full.lo else "",
        )


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person, organisation or function in a role, with the affiliation printed there."""

    role: str
    stands_for: str
    name: Text
    person: UUID | None = None
    position: Text = Text()
    organisation: Text = Text()
    country: str = ""

    @property
    def behaviour(self) -> Role:
        return ROLES.get(self.role, ORDINARY_ROLE)


@dataclass(frozen=True, slots=True)
class Question:
    uid: UUID
    text: Text


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """Questions to some countries (ISO 3166 alpha-2); `minutes` is None if not stated."""

    uid: UUID
    countries: tuple[str, ...]
    questions: tuple[Question, ...]
    minutes: int | None = None
    minutes_are: MinutesAre | None = None
    moderator_note: Text = visible_from(Level.MODERATOR, Text())

    @property
    def total_minutes(self) -> int | None:
        """Minutes of all countries of the block together."""
        if self.minutes is None or self.minutes_are == "in_total":
            return self.minutes
        return self.minutes * len(self.countries)


@dataclass(frozen=True, slots=True)
class Presentation:
    uid: UUID
    title: Text
    minutes: int | None = None
    people: tuple[Appearance, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A session; `people` are those of the session itself, not of its presentations."""

    uid: UUID
    key: str
    kind: str
    title: Text
    starts_at: datetime
    ends_at: datetime
    number: int | None = None
    heading: Text = Text()
    place: Text = Text()
    status: str = "confirmed"
    note: Text = Text()
    questions_minutes: int | None = None
    people: tuple[Appearance, ...] = ()
    presentations: tuple[Presentation, ...] = ()
    question_blocks: tuple[QuestionBlock, ...] = ()

    @property
    def behaviour(self) -> Kind:
        return KINDS.get(self.kind, ORDINARY_KIND)

    @property
    def minutes(self) -> int:
        """Length of the slot."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def everybody(self) -> tuple[Appearance, ...]:
        """All appearances, those of the presentations after those of the session."""
        if not self.presentations:
            return self.people
        talks = (appearance for talk in self.presentations for appearance in talk.people)
        return (*self.people, *talks)


@dataclass(frozen=True, slots=True)
class AboutSection:
    uid: UUID
    title: Text
    body: Text


@dataclass(frozen=True, slots=True)
class StatedWindow:
    """Hours of a workshop as stated in another document."""

    source: str
    starts_at: datetime
    ends_at: datetime
    as_printed: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A workshop of the event; if not `readable`, only the fields before it are filled."""

    uid: UUID
    key: str
    title: Text
    starts_at: datetime
    ends_at: datetime
    audience: Text = Text()
    admission: str = "by_invitation"
    readable: bool = True
    place: Text = Text()
    people: tuple[Appearance, ...] = ()
    sessions: tuple[Session, ...] = ()
    about: tuple[AboutSection, ...] = ()
    other_titles: tuple[str, ...] = visible_from(Level.ORGANISER, ())
    stated_windows: tuple[StatedWindow, ...] = visible_from(Level.ORGANISER, ())


@dataclass(frozen=True, slots=True)
class CalendarState:
    """Calendar state of a session or workshop over all releases (RFC 5545, 3.8.7).

    `sequence` goes up when start, end, place or status change. `changed_in` and `changed_at` are
    number and time of the release of its last change. `last_known` is the last published form of
    a session that was removed, else None.
    """

    uid: UUID
    workshop: UUID
    sequence: int
    changed_in: int
    changed_at: datetime
    last_known: Session | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """An event's agenda.

    Not compared: number and time of its release, the calendar states of its sessions
    (`calendar_states`) and workshops (`workshop_states`), and `former_people`, who appear only in
    removed sessions.
    """

    uid: UUID
    slug: str
    title: Text
    zone: str
    zones: tuple[Zone, ...]
    languages: tuple[str, ...] = ("en",)
    organisers: Text = Text()
    partners: Text = Text()
    office_name: Text = Text()
    office_address: str = ""
    interpretation: Text = Text()
    platform: Text = Text()
    about: tuple[AboutSection, ...] = ()
    people: tuple[Person, ...] = ()
    workshops: tuple[Workshop, ...] = ()
    calendar_states: tuple[CalendarState, ...] = field(default=(), compare=False)
    workshop_states: tuple[CalendarState, ...] = field(default=(), compare=False)
    former_people: tuple[Person, ...] = field(default=(), compare=False)
    release: int = field(default=0, compare=False)
    released_at: datetime | None = field(default=None, compare=False)

    @property
    def starts_at(self) -> datetime | None:
        """Start of the first workshop; None while the event has no workshop."""
        return min((workshop.starts_at for workshop in self.workshops), default=None)

    def workshop_sessions(self) -> Iterator[tuple[Workshop, Session]]:
        """Every session with its workshop."""
        for workshop in self.workshops:
            for session in workshop.sessions:
                yield workshop, session

    def sessions(self) -> Iterator[Session]:
        return (session for _, session in self.workshop_sessions())

    def find_person(self, key: str) -> Person | None:
        """The person with this key, else with this former key; None if there is none."""
        by_former = {former: person for person in self.people for former in person.former_keys}
        by_key = {person.key: person for person in self.people}
        return by_key.get(key) or by_former.get(key)

    def place_of(self, workshop: Workshop, session: Session) -> Text:
        """Place of a session: its own, else its workshop's, else the event's platform."""
        return session.place or workshop.place or self.platform

    def countries(self) -> tuple[str, ...]:
        """Countries of all people and questions, sorted by code."""
        of_people = {person.country for person in self.people if person.country}
        return tuple(sorted(of_people | _countries_of_questions(self.sessions())))

    def former_countries(self) -> tuple[str, ...]:
        """Countries of all people and questions in removed sessions, sorted by code."""
        removed = [state.last_known for state in self.calendar_states if state.last_known]
        everybody = (appearance for session in removed for appearance in session.everybody)
        of_people = {appearance.country for appearance in everybody if appearance.country}
        return tuple(sorted(of_people | _countries_of_questions(removed)))


@dataclass(frozen=True, slots=True)
class WorkshopSummary:
    title: Text
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class EventSummary:
    """The part of an agenda that a list of events shows, the same to every reader."""

    slug: str
    title: Text
    zone: str
    zones: tuple[Zone, ...]
    workshops: tuple[WorkshopSummary, ...]


def _countries_of_questions(sessions: Iterable[Session]) -> set[str]:
    blocks = (block for session in sessions for block in session.question_blocks)
    return {country for block in blocks for country in block.countries}
