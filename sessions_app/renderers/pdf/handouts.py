"""Content of briefings and country briefs: a person's or a country's sessions as lines."""

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
class HandoutBlock:
    """A question block with its speaking time."""

    countries: str
    minutes: str
    note: Text
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class HandoutSession:
    """A session of the recipient: times, labelled facts, questions.

    `when` is in the first zone; `other_times` are those in the others.
    """

    when: str
    zone: str
    other_times: str
    name: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[HandoutBlock, ...]


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A session in “The day at a glance”, in the first zone."""

    when: str
    name: str
    roles: str


def person_sessions(
    agenda: Agenda, person: UUID, zones: tuple[Zone, ...]
) -> tuple[HandoutSession, ...]:
    """A person's sessions, in order of time."""
    country = next((entry.country for entry in agenda.people if entry.uid == person), "")

    def facts(workshop: Workshop, session: Session) -> Iterator[tuple[str, str]]:
        yield from _own_roles(session, person)
        yield _("In the programme"), _neighbouring_sessions(workshop, session)
        yield from _other_people(session, lambda appearance: appearance.person == person)

    return _handout_sessions(
        agenda, zones, country, facts, lambda appearance: appearance.person == person
    )


def country_sessions(
    agenda: Agenda, country: str, zones: tuple[Zone, ...]
) -> tuple[HandoutSession, ...]:
    """The sessions in which a country speaks or gets questions, in order of time."""

    def facts(_workshop: Workshop, session: Session) -> Iterator[tuple[str, str]]:
        own = [appearance for appearance in session.everybody if appearance.country == country]
        speaking = [
            f"{labels.name(appearance)} ({labels.role(appearance.role, 1).lower()})"
            for appearance in own
        ]
        yield _("Speaking"), labels.join_list(speaking)
        yield from _other_people(session, lambda appearance: appearance.country == country)

    return _handout_sessions(
        agenda,
        zones,
        country,
        facts,
        lambda appearance: appearance.country == country,
        with_questions=True,
    )


def people_in_programme_order(agenda: Agenda) -> tuple[Person, ...]:
    """People in the order in which the programme first names them: a minister before a deputy."""
    over = (appearance for workshop in agenda.workshops for appearance in workshop.people)
    named = (appearance for session in agenda.sessions() for appearance in session.everybody)
    place = {
        appearance.person: place for place, appearance in reversed(list(enumerate((*named, *over))))
    }
    return tuple(sorted(agenda.people, key=lambda person: place.get(person.uid, len(place))))


def overview(
    agenda: Agenda, zone: Zone, is_own: Callable[[Appearance], bool]
) -> tuple[OverviewRow, ...]:
    """Every session the reader may see, with the roles that the recipient has in it."""
    return tuple(
        OverviewRow(
            when=time_ranges.span(session.starts_at, session.ends_at, zone),
            name=labels.session_title(session),
            roles=labels.join_list(
                list(
                    dict.fromkeys(
                        labels.role(appearance.role, 1)
                        for appearance in session.everybody
                        if is_own(appearance)
                    )
                )
            ),
        )
        for _workshop, session in agenda.workshop_sessions()
        if session.status != "cancelled"
    )


def other_zone_times(starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...]) -> str:
    """A time range in every zone but the first; empty if there is no other."""
    return (
        " · ".join(plain_text.zone_times(starts_at, ends_at, zones[1:]).split("\n"))
        if zones[1:]
        else ""
    )


def without_empty(facts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The facts whose text is not empty."""
    return ((label, text) for label, text in facts if text)


def names_line(people: list[Appearance], *, full: bool) -> str:
    """Names with their countries in one line; `full` with position and organisation too."""
    return "; ".join(
        ", ".join(
            filter(
                None,
                (
                    labels.name(appearance),
                    str(appearance.position) if full else "",
                    str(appearance.organisation) if full else "",
                    labels.country(appearance.country) if appearance.country else "",
                ),
            )
        )
        for appearance in people
    )


def handout_block(block: QuestionBlock) -> HandoutBlock:
    return HandoutBlock(
        countries=labels.join_list([labels.country(code) for code in block.countries]),
        minutes=labels.block_minutes(block),
        note=block.moderator_note,
        questions=tuple(question.text for question in block.questions),
    )


def _handout_sessions(
    agenda: Agenda,
    zones: tuple[Zone, ...],
    country: str,
    facts: Callable[[Workshop, Session], Iterator[tuple[str, str]]],
    is_own: Callable[[Appearance], bool],
    *,
    with_questions: bool = False,
) -> tuple[HandoutSession, ...]:
    return tuple(
        HandoutSession(
            when=time_ranges.span(session.starts_at, session.ends_at, zones[0]),
            zone=zones[0].label,
            other_times=other_zone_times(session.starts_at, session.ends_at, zones),
            name=labels.session_title(session),
            facts=tuple(without_empty(facts(workshop, session))),
            blocks=tuple(
                handout_block(block)
                for block in session.question_blocks
                if country and country in block.countries
            ),
        )
        for workshop, session in agenda.workshop_sessions()
        if any(map(is_own, session.everybody))
        or (with_questions and _has_questions_for(session, country))
    )


def _has_questions_for(session: Session, country: str) -> bool:
    return any(country in block.countries for block in session.question_blocks)


def _own_roles(session: Session, person: UUID) -> Iterator[tuple[str, str]]:
    """Each of a person's roles, with their position in the order of speakers."""
    for appearance in session.people:
        if appearance.person == person:
            yield labels.role(appearance.role, 1), _position_among(appearance, session.people)
    for talk in session.presentations:
        for appearance in talk.people:
            if appearance.person == person:
                yield (
                    labels.role(appearance.role, 1),
                    _talk_position(session, talk.uid, str(talk.title)),
                )


def _position_among(appearance: Appearance, people: tuple[Appearance, ...]) -> str:
    peers = [peer for peer in people if peer.role == appearance.role]
    if len(peers) < 2:
        return _("alone in this role")
    index = peers.index(appearance)
    position = _("%(place)s of %(count)s") % {"place": index + 1, "count": len(peers)}
    neighbours = _neighbours(
        labels.name(peers[index - 1]) if index else "",
        labels.name(peers[index + 1]) if index + 1 < len(peers) else "",
    )
    return ", ".join(filter(None, (position, neighbours)))


def _talk_position(session: Session, uid: UUID, title: str) -> str:
    talks = session.presentations
    index = next(index for index, talk in enumerate(talks) if talk.uid == uid)
    minutes = talks[index].minutes
    neighbours = _neighbours(
        _speakers(session, index - 1) if index else "",
        _speakers(session, index + 1) if index + 1 < len(talks) else "",
    )
    return ", ".join(filter(None, (f"“{title}”", labels.minutes(minutes or 0), neighbours)))


def _speakers(session: Session, index: int) -> str:
    return labels.join_list(
        [labels.name(appearance) for appearance in session.presentations[index].people]
    )


def _neighbours(before: str, after: str) -> str:
    if before and after:
        return _("after %(before)s, before %(after)s") % {"before": before, "after": after}
    if before:
        return _("after %(before)s") % {"before": before}
    return _("before %(after)s") % {"after": after} if after else ""


def _neighbouring_sessions(workshop: Workshop, session: Session) -> str:
    rows = [row for row in workshop.sessions if row.status != "cancelled" or row == session]
    index = rows.index(session)
    return _neighbours(
        labels.session_name(rows[index - 1]) if index else "",
        labels.session_name(rows[index + 1]) if index + 1 < len(rows) else "",
    )


def _other_people(
    session: Session, is_own: Callable[[Appearance], bool]
) -> Iterator[tuple[str, str]]:
    """The moderators, and the other people of a session."""
    others = [appearance for appearance in session.everybody if not is_own(appearance)]
    moderators = [appearance for appearance in others if appearance.behaviour.moderates]
    rest = [appearance for appearance in others if not appearance.behaviour.moderates]
    yield labels.role("moderator", len(moderators)), names_line(moderators, full=True)
    yield _("Also in this session"), names_line(rest, full=False)
