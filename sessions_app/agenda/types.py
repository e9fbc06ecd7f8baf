"""The agenda as a value: whole, frozen, knowing neither database nor request.

Every moment is aware and in UTC. Texts are `Text`, in every language they are kept in, until
`in_language` chooses one. Tuples stand in the order in which they are shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from participants.access.viewer import Level
from sessions_app.agenda.field_levels import only_from
from sessions_app.agenda.text import Text
from workshop.zones import Zone

MinutesAre = Literal["per_country", "in_total"]


@dataclass(frozen=True, slots=True)
class Person:
    """What is public of somebody; `zone` is an IANA key, or empty where none is known.

    `former_keys` are those of rows that were merged into theirs.
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
        """The name with the form of address, as it is printed in a programme."""
        full, form = self.full_name, self.honorific
        return replace(
            full,
            en=f"{form.en} {full.en}".strip() if full.en else "",
            lo=f"{form.lo} {full.lo}".strip() if full.lo else "",
        )


@dataclass(frozen=True, slots=True)
class Appearance:
    """Somebody or something in a role, with affiliation as printed in that place."""

    role: str
    stands_for: str
    name: Text
    person: UUID | None = None
    position: Text = Text()
    organisation: Text = Text()
    country: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    uid: UUID
    text: Text


@dataclass(frozen=True, slots=True)
class QuestionBlock:
    """Questions to some countries (ISO 3166 alpha-2); minutes are None where none are stated."""

    uid: UUID
    countries: tuple[str, ...]
    questions: tuple[Question, ...]
    minutes: int | None = None
    minutes_are: MinutesAre | None = None
    moderator_note: Text = only_from(Level.MODERATOR, Text())

    @property
    def total_minutes(self) -> int | None:
        """The minutes that all countries of the block have together."""
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
    """A row of the programme; `people` are those of the row itself, not of its presentations."""

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
    def minutes(self) -> int:
        """The length of the slot."""
        return round((self.ends_at - self.starts_at).total_seconds() / 60)

    @property
    def everybody(self) -> tuple[Appearance, ...]:
        """All who appear, those of the presentations after those of the row."""
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
    """What another document says of a workshop's hours."""

    source: str
    starts_at: datetime
    ends_at: datetime
    as_printed: str = ""


@dataclass(frozen=True, slots=True)
class Workshop:
    """A part of the event; where `readable` is False only what stands before it is told."""

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
    other_titles: tuple[str, ...] = only_from(Level.ORGANISER, ())
    stated_windows: tuple[StatedWindow, ...] = only_from(Level.ORGANISER, ())


@dataclass(frozen=True, slots=True)
class Track:
    """What calendars need to know of a session over all releases (RFC 5545, 3.8.7).

    `sequence` goes up when start, end, place or status change; `changed_at` is the release in
    which anything of it changed last. `gone` is its last known form once it was dropped.
    """

    uid: UUID
    workshop: UUID
    sequence: int
    changed_in: int
    changed_at: datetime
    gone: Session | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """An event's agenda.

    `release` and `released_at` say which one it is, `tracks`, `windows` and `former_people` what
    and who went before it: none of them is compared. `windows` are the tracks of the workshops.
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
    tracks: tuple[Track, ...] = field(default=(), compare=False)
    windows: tuple[Track, ...] = field(default=(), compare=False)
    former_people: tuple[Person, ...] = field(default=(), compare=False)
    release: int = field(default=0, compare=False)
    released_at: datetime | None = field(default=None, compare=False)

    @property
    def starts_at(self) -> datetime | None:
        """The first announced start; None while the event has no workshop."""
        return min((workshop.starts_at for workshop in self.workshops), default=None)

    def placed_sessions(self) -> Iterator[tuple[Workshop, Session]]:
        """Every session with the workshop it stands in."""
        for workshop in self.workshops:
            for session in workshop.sessions:
                yield workshop, session

    def sessions(self) -> Iterator[Session]:
        return (session for _, session in self.placed_sessions())

    def person_under(self, key: str) -> Person | None:
        """Who has this key, else who had it before a merger; None where nobody appears under it."""
        by_former = {former: each for each in self.people for former in each.former_keys}
        by_key = {each.key: each for each in self.people}
        return by_key.get(key) or by_former.get(key)

    def place_of(self, workshop: Workshop, session: Session) -> Text:
        """Where a session is: as it says itself, else its workshop, else the event's platform."""
        return session.place or workshop.place or self.platform

    def countries(self) -> tuple[str, ...]:
        """Every country that somebody comes from or that is asked, in the order of the codes."""
        of_people = {person.country for person in self.people if person.country}
        return tuple(sorted(of_people | _asked(self.sessions())))

    def former_countries(self) -> tuple[str, ...]:
        """The countries of sessions that are gone."""
        gone = [track.gone for track in self.tracks if track.gone]
        of_people = {who.country for session in gone for who in session.everybody if who.country}
        return tuple(sorted(of_people | _asked(gone)))


def _asked(sessions: Iterable[Session]) -> set[str]:
    blocks = (block for session in sessions for block in session.question_blocks)
    return {country for block in blocks for country in block.countries}
