"""What a panelist or a delegation needs of a programme, as lines for their papers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person, QuestionBlock, Session, Workshop
from sessions_app.renderers import labels, plain_text, time_ranges
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class BlockSheet:
    """Questions to some countries, with the minutes they have."""

    countries: str
    minutes: str
    note: Text
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PartSheet:
    """A session that somebody has a part in: when, on which clocks, facts under labels, questions.

    `when` is on the first zone; `clocks` are the others.
    """

    when: str
    zone: str
    clocks: str
    name: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[BlockSheet, ...]


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """A row of the day at a glance, on the first zone."""

    when: str
    name: str
    part: str


def of_person(agenda: Agenda, person: UUID, zones: tuple[Zone, ...]) -> tuple[PartSheet, ...]:
    """A person's sessions in the order of the day."""
    country = next((each.country for each in agenda.people if each.uid == person), "")

    def facts(workshop: Workshop, session: Session) -> Iterator[tuple[str, str]]:
        yield from _own_roles(session, person)
        yield _("In the programme"), _between(workshop, session)
        yield from _beside(session, lambda who: who.person == person)

    return _parts(agenda, zones, country, facts, lambda who: who.person == person)


def of_country(agenda: Agenda, country: str, zones: tuple[Zone, ...]) -> tuple[PartSheet, ...]:
    """The sessions in which a country speaks or is asked, in the order of the day."""

    def facts(_workshop: Workshop, session: Session) -> Iterator[tuple[str, str]]:
        own = [who for who in session.everybody if who.country == country]
        speaking = [f"{labels.name(who)} ({labels.role(who.role, 1).lower()})" for who in own]
        yield _("Speaking"), labels.listed(speaking)
        yield from _beside(session, lambda who: who.country == country)

    return _parts(
        agenda, zones, country, facts, lambda who: who.country == country, also_asked=True
    )


def in_order(agenda: Agenda) -> tuple[Person, ...]:
    """Everybody in the order in which the programme names them: a minister before a deputy."""
    over = (who for workshop in agenda.workshops for who in workshop.people)
    named = (who for session in agenda.sessions() for who in session.everybody)
    place = {who.person: place for place, who in reversed(list(enumerate((*named, *over))))}
    return tuple(sorted(agenda.people, key=lambda person: place.get(person.uid, len(place))))


def glance(agenda: Agenda, zone: Zone, mine: Callable[[Appearance], bool]) -> tuple[GlanceRow, ...]:
    """Every row that the reader may read, with the part that they have in it."""
    return tuple(
        GlanceRow(
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            name=labels.session_title(session),
            part=labels.listed(
                list(
                    dict.fromkeys(
                        labels.role(who.role, 1) for who in session.everybody if mine(who)
                    )
                )
            ),
        )
        for _workshop, session in agenda.placed_sessions()
        if session.status != "cancelled"
    )


def clocks(starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...]) -> str:
    """A stretch of time on every clock but the first; empty where there is no other."""
    return (
        " · ".join(plain_text.clocks(starts_at, ends_at, zones[1:]).split("\n"))
        if zones[1:]
        else ""
    )


def stated(facts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The facts without those that have nothing to say."""
    return ((label, text) for label, text in facts if text)


def named(people: list[Appearance], *, full: bool) -> str:
    """Names with their countries in one line; `full` with position and organisation too."""
    return "; ".join(
        ", ".join(
            filter(
                None,
                (
                    labels.name(who),
                    str(who.position) if full else "",
                    str(who.organisation) if full else "",
                    labels.country(who.country) if who.country else "",
                ),
            )
        )
        for who in people
    )


def block_sheet(block: QuestionBlock) -> BlockSheet:
    return BlockSheet(
        countries=labels.listed([labels.country(code) for code in block.countries]),
        minutes=labels.block_minutes(block),
        note=block.moderator_note,
        questions=tuple(question.text for question in block.questions),
    )


def _parts(
    agenda: Agenda,
    zones: tuple[Zone, ...],
    country: str,
    facts: Callable[[Workshop, Session], Iterator[tuple[str, str]]],
    mine: Callable[[Appearance], bool],
    *,
    also_asked: bool = False,
) -> tuple[PartSheet, ...]:
    return tuple(
        PartSheet(
            when=time_ranges.span(session.starts_at, session.ends_at, zones[0]),
            zone=zones[0].label,
            clocks=clocks(session.starts_at, session.ends_at, zones),
            name=labels.session_title(session),
            facts=tuple(stated(facts(workshop, session))),
            blocks=tuple(
                block_sheet(block)
                for block in session.question_blocks
                if country and country in block.countries
            ),
        )
        for workshop, session in agenda.placed_sessions()
        if any(map(mine, session.everybody)) or (also_asked and _asks(session, country))
    )


def _asks(session: Session, country: str) -> bool:
    return any(country in block.countries for block in session.question_blocks)


def _own_roles(session: Session, person: UUID) -> Iterator[tuple[str, str]]:
    """Each role with the place in the order: after whom and before whom."""
    for who in session.people:
        if who.person == person:
            yield labels.role(who.role, 1), _place_among(who, session.people)
    for talk in session.presentations:
        for who in talk.people:
            if who.person == person:
                yield labels.role(who.role, 1), _talk_place(session, talk.uid, str(talk.title))


def _place_among(who: Appearance, people: tuple[Appearance, ...]) -> str:
    peers = [each for each in people if each.role == who.role]
    if len(peers) < 2:
        return _("on your own")
    place = peers.index(who)
    said = _("%(place)s of %(count)s") % {"place": place + 1, "count": len(peers)}
    around = _around(
        labels.name(peers[place - 1]) if place else "",
        labels.name(peers[place + 1]) if place + 1 < len(peers) else "",
    )
    return ", ".join(filter(None, (said, around)))


def _talk_place(session: Session, uid: UUID, title: str) -> str:
    talks = session.presentations
    place = next(index for index, talk in enumerate(talks) if talk.uid == uid)
    minutes = talks[place].minutes
    around = _around(
        _speakers(session, place - 1) if place else "",
        _speakers(session, place + 1) if place + 1 < len(talks) else "",
    )
    return ", ".join(filter(None, (f"“{title}”", labels.minutes(minutes or 0), around)))


def _speakers(session: Session, place: int) -> str:
    return labels.listed([labels.name(who) for who in session.presentations[place].people])


def _around(before: str, after: str) -> str:
    if before and after:
        return _("after %(before)s, before %(after)s") % {"before": before, "after": after}
    if before:
        return _("after %(before)s") % {"before": before}
    return _("before %(after)s") % {"after": after} if after else ""


def _between(workshop: Workshop, session: Session) -> str:
    rows = [each for each in workshop.sessions if each.status != "cancelled" or each == session]
    place = rows.index(session)
    return _around(
        labels.session_name(rows[place - 1]) if place else "",
        labels.session_name(rows[place + 1]) if place + 1 < len(rows) else "",
    )


def _beside(session: Session, mine: Callable[[Appearance], bool]) -> Iterator[tuple[str, str]]:
    """Who moderates, and who else is there."""
    others = [who for who in session.everybody if not mine(who)]
    moderators = [who for who in others if who.role == "moderator"]
    rest = [who for who in others if who.role != "moderator"]
    yield labels.role("moderator", len(moderators)), named(moderators, full=True)
    yield _("Also there"), named(rest, full=False)
