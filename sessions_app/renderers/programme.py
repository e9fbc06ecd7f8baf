"""A programme as lines of text with addresses, for pages and PDF documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import Row, ZonedAgenda, ZonedWorkshop
from sessions_app.agenda.types import (
    Agenda,
    Appearance,
    Presentation,
    QuestionBlock,
    Session,
    Workshop,
)
from sessions_app.renderers import labels
from sessions_app.renderers.time_ranges import TimesLine, times_line


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses within one event, each with the reader's zones and language.

    `base` is the path of the agenda, `query` the query string to keep (`?tz=Asia/Baku` or empty).
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
class PersonLine:
    """A person in a role; addresses are empty if there is no page."""

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
    """A presentation; `title` is empty if it equals the session's."""

    title: Text
    minutes: str
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class BlockLine:
    countries: str
    minutes: str
    note: Text
    questions: tuple[Text, ...]
    is_for_reader: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session of the programme as texts."""

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
    """A workshop with its days; only window and audience if it is not readable.

    `repeats_title` says that the event has the same title.
    """

    workshop: Workshop
    anchor: str
    repeats_title: bool
    admission: str
    window: tuple[TimesLine, ...]
    on: str
    roles: tuple[RoleLine, ...]
    days: tuple[DayLines, ...]


class ProgrammeBuilder:
    """Builds the lines of a zoned agenda, with a person's or a country's own entries marked."""

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
        # People of an older release may have no page today.
        self.keys = {person.uid: person.key for person in agenda.people} if linked else {}
        self.countries = frozenset(agenda.countries()) if linked else frozenset()
        self.person = person
        self.country = country

    def workshops(self, view: ZonedAgenda) -> tuple[WorkshopLines, ...]:
        return tuple(map(self._workshop, view.workshops))

    def roles(self, people: Iterable[Appearance], *, overall: bool = False) -> tuple[RoleLine, ...]:
        """People grouped by role, in order of first appearance."""
        groups: dict[str, list[PersonLine]] = {}
        for appearance in people:
            groups.setdefault(appearance.role, []).append(self._person(appearance))
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
            window=tuple(map(times_line, view.window)),
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
            times=tuple(map(times_line, row.cells)),
            roles=self.roles(session.people),
            talks=tuple(self._talk(session, talk) for talk in session.presentations),
            questions=labels.session_questions(session),
            questions_minutes=labels.minutes(session.questions_minutes)
            if session.questions_minutes
            else "",
            blocks=blocks,
            blocks_open=any(block.is_for_reader for block in blocks),
        )

    def _talk(self, session: Session, talk: Presentation) -> TalkLine:
        return TalkLine(
            title=Text() if talk.title == session.title else talk.title,
            minutes=labels.minutes(talk.minutes) if talk.minutes else "",
            people=tuple(map(self._person, talk.people)),
        )

    def _block(self, block: QuestionBlock) -> BlockLine:
        return BlockLine(
            countries=labels.join_list([labels.country(code) for code in block.countries]),
            minutes=labels.block_minutes(block),
            note=block.moderator_note,
            questions=tuple(question.text for question in block.questions),
            is_for_reader=self.country in block.countries,
        )

    def _person(self, appearance: Appearance) -> PersonLine:
        key = self.keys.get(appearance.person) if appearance.person else None
        known = appearance.country in self.countries
        return PersonLine(
            name=appearance.name or Text(en=labels.name(appearance)),
            href=self.links.person(key) if key else "",
            affiliation=tuple(filter(None, (appearance.position, appearance.organisation))),
            country=labels.country(appearance.country) if appearance.country else "",
            country_href=self.links.country(appearance.country) if known else "",
            is_reader=appearance.person is not None and appearance.person == self.person,
        )


def anchor(thing: Session | Workshop) -> str:
    """The fragment of a session or workshop on a page: a key, or a name with a colon."""
    return thing.key if isinstance(thing, Session) else f"workshop:{thing.key}"


def _eyebrow(session: Session) -> tuple[str, ...]:
    """The line above the title: number and kind, unless the title says them."""
    number = labels.session_label(session) if session.number is not None else ""
    kind = labels.kind(session)
    is_repeated = str(session.title).casefold() == kind.casefold() or not session.title
    return tuple(filter(None, (number, "" if is_repeated else kind)))
