"""The agenda as a value: whole, frozen, knowing neither database nor request.

Every moment is aware and in UTC. Texts are `Text`, in every language they are kept in, until
`in_language` chooses one. Tuples stand in the order in which they are shown.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from participants.access.viewer import Level, Viewer
from sessions_app.agenda.visibility import only_from, up_to
from workshop.zones import Zone

MinutesAre = Literal["per_country", "in_total"]


@dataclass(frozen=True, slots=True)
class Text:
    """What is printed, in English and in Lao; English first when it is read as a string."""

    en: str = ""
    lo: str = ""

    def __str__(self) -> str:
        return self.en or self.lo

    def __bool__(self) -> bool:
        return bool(self.en or self.lo)

    @property
    def language(self) -> str:
        """The language in which it is read."""
        return "en" if self.en or not self.lo else "lo"


@dataclass(frozen=True, slots=True)
class Spoken(Text):
    """A text for a reader of Lao: Lao where there is some, else English, and it says which."""

    def __str__(self) -> str:
        return self.lo or self.en

    @property
    def language(self) -> str:
        return "lo" if self.lo or not self.en else "en"


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


def for_viewer(agenda: Agenda, viewer: Viewer) -> Agenda:
    """The agenda with only what `viewer` may see; every public read passes through here."""
    workshops = tuple(_workshop_for(workshop, viewer) for workshop in agenda.workshops)
    tracks = tuple(
        up_to(track, viewer.level)
        for track in agenda.tracks
        if track.workshop in viewer.reads
        or not track.gone
        or (
            track.workshop not in viewer.barred
            and any(who.person in viewer.people for who in track.gone.everybody)
        )
    )
    cut = replace(agenda, workshops=workshops, tracks=tracks)
    return _with_people_of(_with_tracks_of(cut), keep_all=viewer.is_organiser)


def for_person(agenda: Agenda, person: UUID) -> Agenda:
    """The agenda with only the sessions and whole-workshop roles that a person has a part in."""
    return _with_sessions(
        agenda,
        wanted=lambda session: any(who.person == person for who in session.everybody),
        role=lambda who: who.person == person,
    )


def for_country(agenda: Agenda, country: str) -> Agenda:
    """The agenda with only the sessions in which a country (ISO alpha-2) speaks or is asked."""
    return _with_sessions(
        agenda,
        wanted=lambda session: (
            any(who.country == country for who in session.everybody)
            or any(country in block.countries for block in session.question_blocks)
        ),
        role=lambda who: who.country == country,
    )


def moderates(workshop: Workshop, people: frozenset[UUID]) -> bool:
    """Whether one of these people moderates the workshop, or one of its sessions."""
    everybody = (who for session in workshop.sessions for who in session.everybody)
    return any(
        who.role == "moderator" and who.person in people for who in (*workshop.people, *everybody)
    )


def for_session(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one session, and the workshop around it."""
    return _with_sessions(agenda, wanted=lambda session: session.uid == uid, role=_nobody)


def for_workshop(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one of its workshops."""
    workshops = tuple(workshop for workshop in agenda.workshops if workshop.uid == uid)
    tracks = tuple(track for track in agenda.tracks if track.workshop == uid)
    return _with_people_of(replace(agenda, workshops=workshops, tracks=tracks))


def in_language(agenda: Agenda, language: str) -> Agenda:
    """The agenda as read in `language`; texts that lack it fall back to English and say so."""
    if language != "lo":
        return agenda
    return cast(Agenda, _spoken(agenda))


def _workshop_for(workshop: Workshop, viewer: Viewer) -> Workshop:
    if workshop.uid in viewer.reads:
        return up_to(workshop, viewer.level)
    closed = Workshop(
        uid=workshop.uid,
        key=workshop.key,
        title=workshop.title,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        audience=workshop.audience,
        admission=workshop.admission,
        readable=False,
    )
    people = viewer.people if workshop.uid not in viewer.barred else frozenset()
    own = tuple(_own_items(workshop, people)) if people else ()
    return replace(closed, sessions=up_to(own, Level.PUBLIC))


def _own_items(workshop: Workshop, people: frozenset[UUID]) -> Iterator[Session]:
    """Sessions of a closed workshop that these people are in; of their talks, only those."""
    for session in workshop.sessions:
        if any(who.person in people for who in session.people):
            yield session
            continue
        talks = tuple(
            talk
            for talk in session.presentations
            if any(who.person in people for who in talk.people)
        )
        if talks:
            yield replace(
                session,
                note=Text(),
                people=(),
                presentations=talks,
                question_blocks=(),
                questions_minutes=None,
            )


def _nobody(_who: Appearance) -> bool:
    return False


def _with_sessions(
    agenda: Agenda, *, wanted: Callable[[Session], bool], role: Callable[[Appearance], bool]
) -> Agenda:
    workshops = (
        replace(
            workshop,
            sessions=tuple(session for session in workshop.sessions if wanted(session)),
            people=tuple(who for who in workshop.people if role(who)),
        )
        for workshop in agenda.workshops
    )
    kept = tuple(workshop for workshop in workshops if workshop.sessions or workshop.people)
    tracks = tuple(track for track in agenda.tracks if not track.gone or wanted(track.gone))
    return _with_people_of(_with_tracks_of(replace(agenda, workshops=kept, tracks=tracks)))


def _with_tracks_of(agenda: Agenda) -> Agenda:
    """Without the tracks of sessions that are neither in the agenda nor gone from it."""
    present = {session.uid for session in agenda.sessions()}
    tracks = tuple(track for track in agenda.tracks if track.gone or track.uid in present)
    gone = {who.person for track in tracks if track.gone for who in track.gone.everybody}
    former = tuple(person for person in agenda.former_people if person.uid in gone)
    return replace(agenda, tracks=tracks, former_people=former)


def _with_people_of(agenda: Agenda, *, keep_all: bool = False) -> Agenda:
    if keep_all:
        return agenda
    appearing = {who.person for workshop in agenda.workshops for who in workshop.people}
    appearing |= {who.person for session in agenda.sessions() for who in session.everybody}
    return replace(
        agenda, people=tuple(person for person in agenda.people if person.uid in appearing)
    )


def _spoken(value: object) -> object:
    if isinstance(value, Text):
        return Spoken(value.en, value.lo)
    if isinstance(value, tuple):
        return tuple(_spoken(item) for item in value)
    if not is_dataclass(value) or isinstance(value, (type, Zone)):
        return value
    return replace(
        value, **{each.name: _spoken(getattr(value, each.name)) for each in fields(value)}
    )
