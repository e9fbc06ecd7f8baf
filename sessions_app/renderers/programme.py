"""A programme as the lines that a page or a paper prints, addresses included."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import Cell, Row, ZonedAgenda, ZonedWorkshop
from sessions_app.agenda.types import (
    Agenda,
    Appearance,
    Presentation,
    QuestionBlock,
    Session,
    Workshop,
)
from sessions_app.renderers import labels


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses within one event; each carries the reader's choice of zones and language.

    `base` is the address of the agenda, `query` what to carry (`?tz=Asia/Baku` or nothing).
    """

    base: str
    query: str = ""

    def to(self, path: str = "") -> str:
        return f"{self.base}{path}{self.query}"

    def session(self, session: Session) -> str:
        return self.to(f"sessions/{quote(session.key)}/")

    def country(self, code: str) -> str:
        return self.to(f"countries/{quote(code)}/")

    def person(self, key: str) -> str:
        return self.to(f"people/{quote(key)}/")


@dataclass(frozen=True, slots=True)
class TimesLine:
    """A start and an end on one clock. Marks are dates that differ from the heading's.

    `spoken_date` is read out by screen readers where no mark says it.
    """

    label: str
    start: str
    start_iso: str
    start_mark: str
    end: str
    end_iso: str
    end_mark: str
    end_mark_hidden: bool
    spoken_date: str

    @property
    def straddles(self) -> bool:
        """Whether both times carry a date that is printed."""
        return bool(self.start_mark and self.end_mark and not self.end_mark_hidden)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a role; addresses are empty where there is no page."""

    name: Text
    href: str
    affiliation: tuple[Text, ...]
    country: str
    country_href: str
    is_reader: bool


@dataclass(frozen=True, slots=True)
class RoleLine:
    role: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class TalkLine:
    """A presentation; `title` is empty where the session's own title says it already."""

    title: Text
    minutes: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class BlockLine:
    countries: str
    minutes: str
    note: Text
    questions: tuple[Text, ...]
    is_readers: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A row of the programme, ready to print."""

    anchor: str
    kind: str
    href: str
    eyebrow: tuple[str, ...]
    heading: Text
    title: Text
    status: str
    is_cancelled: bool
    minutes: str
    place: Text
    note: Text
    times: tuple[TimesLine, ...]
    roles: tuple[RoleLine, ...]
    talks: tuple[TalkLine, ...]
    questions: str
    questions_minutes: str
    blocks: tuple[BlockLine, ...]
    blocks_open: bool


@dataclass(frozen=True, slots=True)
class DayLines:
    on: str
    anchor: str
    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True, slots=True)
class WorkshopLines:
    """A workshop with its days; of one that is not readable only the window and audience.

    `repeats_title` says that the event is called the same.
    """

    workshop: Workshop
    anchor: str
    repeats_title: bool
    admission: str
    window: tuple[TimesLine, ...]
    on: str
    roles: tuple[RoleLine, ...]
    days: tuple[DayLines, ...]


class Composer:
    """Turns a zoned agenda into lines, for a reader who may be a person or a country of it."""

    def __init__(
        self,
        agenda: Agenda,
        links: Links,
        *,
        person: UUID | None = None,
        country: str = "",
        linked: bool = True,
    ) -> None:
        self.title = agenda.title
        self.links = links
        self.linked = linked
        # In an older release what has a page of its own may have none today.
        self.keys = {each.uid: each.key for each in agenda.people} if linked else {}
        self.countries = frozenset(agenda.countries()) if linked else frozenset()
        self.person = person
        self.country = country

    def workshops(self, view: ZonedAgenda) -> tuple[WorkshopLines, ...]:
        return tuple(map(self._workshop, view.workshops))

    def roles(self, people: Iterable[Appearance], *, overall: bool = False) -> tuple[RoleLine, ...]:
        """People under the heading of their role, roles in the order in which they first appear."""
        groups: dict[str, list[PersonLine]] = {}
        for who in people:
            groups.setdefault(who.role, []).append(self._person(who))
        return tuple(
            RoleLine(labels.role(role, len(group), overall=overall), tuple(group))
            for role, group in groups.items()
        )

    def _workshop(self, view: ZonedWorkshop) -> WorkshopLines:
        workshop = view.workshop
        return WorkshopLines(
            workshop=workshop,
            anchor=anchor(workshop),
            repeats_title=workshop.title == self.title,
            admission=labels.admission(workshop.admission),
            window=tuple(map(times, view.window)),
            on=labels.long_date(view.window[0].starts_at),
            roles=self.roles(workshop.people, overall=True),
            days=tuple(
                DayLines(
                    on=labels.long_date(day.on),
                    anchor=f"day:{workshop.key}:{day.on}",
                    sessions=tuple(map(self._session, day.rows)),
                )
                for day in view.days
            ),
        )

    def _session(self, row: Row) -> SessionLine:
        session = row.session
        blocks = tuple(map(self._block, session.question_blocks))
        return SessionLine(
            anchor=anchor(session),
            kind=session.kind,
            href=self.links.session(session) if self.linked else "",
            eyebrow=_eyebrow(session),
            heading=session.heading,
            title=session.title or Text(en=labels.kind(session)),
            status=labels.status(session),
            is_cancelled=session.status == "cancelled",
            minutes=labels.minutes(session.minutes),
            place=session.place,
            note=session.note,
            times=tuple(map(times, row.cells)),
            roles=self.roles(session.people),
            talks=tuple(self._talk(session, talk) for talk in session.presentations),
            questions=labels.questions_of(session),
            questions_minutes=labels.minutes(session.questions_minutes)
            if session.questions_minutes
            else "",
            blocks=blocks,
            blocks_open=any(block.is_readers for block in blocks),
        )

    def _talk(self, session: Session, talk: Presentation) -> TalkLine:
        return TalkLine(
            title=Text() if talk.title == session.title else talk.title,
            minutes=labels.minutes(talk.minutes) if talk.minutes else "",
            people=tuple(map(self._person, talk.people)),
        )

    def _block(self, block: QuestionBlock) -> BlockLine:
        return BlockLine(
            countries=labels.listed([labels.country(code) for code in block.countries]),
            minutes=labels.block_minutes(block),
            note=block.moderator_note,
            questions=tuple(question.text for question in block.questions),
            is_readers=self.country in block.countries,
        )

    def _person(self, who: Appearance) -> PersonLine:
        key = self.keys.get(who.person) if who.person else None
        known = who.country in self.countries
        return PersonLine(
            name=who.name or Text(en=labels.name(who)),
            href=self.links.person(key) if key else "",
            affiliation=tuple(filter(None, (who.position, who.organisation))),
            country=labels.country(who.country) if who.country else "",
            country_href=self.links.country(who.country) if known else "",
            is_reader=who.person is not None and who.person == self.person,
        )


def anchor(thing: Session | Workshop) -> str:
    """The name of a place on the page: a session's key; other names hold a colon, no key does."""
    return thing.key if isinstance(thing, Session) else f"workshop:{thing.key}"


def times(cell: Cell) -> TimesLine:
    """One clock's start and end as it is printed."""
    return TimesLine(
        label=cell.zone.label,
        start=labels.clock_time(cell.starts_at, named=cell.changes_clock),
        start_iso=cell.starts_at.isoformat(timespec="minutes"),
        start_mark=labels.short_date(cell.starts_at) if cell.start_marked else "",
        end=labels.clock_time(cell.ends_at, named=cell.changes_clock),
        end_iso=cell.ends_at.isoformat(timespec="minutes"),
        end_mark=labels.short_date(cell.ends_at) if cell.end_marked else "",
        end_mark_hidden=cell.repeats_date,
        spoken_date="" if cell.start_marked else labels.short_date(cell.starts_at),
    )


def _eyebrow(session: Session) -> tuple[str, ...]:
    """What stands above the title: the number and the kind, unless the title says as much."""
    number = labels.session_label(session) if session.number is not None else ""
    kind = labels.kind(session)
    said = str(session.title).casefold() == kind.casefold() or not session.title
    return tuple(filter(None, (number, "" if said else kind)))
