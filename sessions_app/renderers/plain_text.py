"""A session as plain text, for calendar entries and e-mails."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sessions_app.agenda.types import Appearance, QuestionBlock, Session
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone

# Control characters are not allowed in calendars and e-mails, except line feeds (RFC 5545, 3.1).
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class CalendarOwner:
    """The owner of a calendar: a person or a country of the agenda, or nobody."""

    person: UUID | None = None
    country: str = ""


NO_OWNER = CalendarOwner()


def clean(text: object) -> str:
    """A text without control characters and outer spaces, with ordinary spaces."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").replace(labels.NBSP, " ")
    return without_controls(lines).strip()


def without_controls(text: str) -> str:
    """A text with spaces for control characters, except line feeds."""
    return _CONTROLS.sub(" ", text)


def zone_times(starts_at: datetime, ends_at: datetime, zones: Iterable[Zone]) -> str:
    """A time range in each zone, one per line: `KST (Seoul, UTC+9): Wed 4 Aug 12:55–13:40`."""
    return "\n".join(
        f"{zone.label} ({', '.join(filter(None, (_city(zone), zone.offset(starts_at))))}): "
        f"{time_ranges.span(starts_at, ends_at, zone)}"
        for zone in zones
    )


def short_description(session: Session, owner: CalendarOwner) -> str:
    """People with their countries, and the number of questions."""
    sections = (
        _owner_roles(session, owner),
        _people(session, full=False),
        *_questions(session, owner),
    )
    return "\n\n".join(filter(None, sections))


def full_description(session: Session, owner: CalendarOwner) -> str:
    """People with their affiliations, the printed note and every question."""
    blocks = (_block_text(block) for block in session.question_blocks)
    sections = (
        _owner_roles(session, owner),
        _people(session, full=True),
        str(session.note),
        labels.session_questions(session),
        *blocks,
    )
    return "\n\n".join(filter(None, sections))


def _city(zone: Zone) -> str:
    return "" if zone.city == zone.label else zone.city


def _owner_roles(session: Session, owner: CalendarOwner) -> str:
    """The owner's roles in a session, or those of the people of a country."""
    if owner.person is not None:
        own = [appearance for appearance in session.everybody if appearance.person == owner.person]
        roles = dict.fromkeys(labels.role(appearance.role, 1) for appearance in own)
        name = str(own[0].name) if own else ""
        return f"{name}: {labels.join_list(list(roles))}" if roles else ""
    own = [
        appearance
        for appearance in session.everybody
        if owner.country and appearance.country == owner.country
    ]
    named = [f"{appearance.name} ({labels.role(appearance.role, 1).lower()})" for appearance in own]
    return f"{labels.country(owner.country)}: {labels.join_list(named)}" if named else ""


def _people(session: Session, *, full: bool) -> str:
    groups: dict[str, list[Appearance]] = {}
    for appearance in session.everybody:
        groups.setdefault(appearance.role, []).append(appearance)
    return "\n".join(_group(role, people, full=full) for role, people in groups.items())


def _group(role: str, people: list[Appearance], *, full: bool) -> str:
    heading = labels.role(role, len(people))
    if not full:
        return f"{heading}: {', '.join(map(_name_with_country, people))}"
    return "\n".join(
        (f"{heading}:", *(f"- {_name_with_affiliation(appearance)}" for appearance in people))
    )


def _name_with_country(appearance: Appearance) -> str:
    name = labels.name(appearance)
    return f"{name} ({labels.country(appearance.country)})" if appearance.country else name


def _name_with_affiliation(appearance: Appearance) -> str:
    country = labels.country(appearance.country) if appearance.country else ""
    return ", ".join(
        filter(
            None,
            (
                labels.name(appearance),
                str(appearance.position),
                str(appearance.organisation),
                country,
            ),
        )
    )


def _questions(session: Session, owner: CalendarOwner) -> Iterator[str]:
    """The questions to the owner's country, else the number of questions."""
    own = [block for block in session.question_blocks if owner.country in block.countries]
    if own:
        yield from map(_block_text, own)
    else:
        yield labels.session_questions(session)


def _block_text(block: QuestionBlock) -> str:
    countries = labels.join_list([labels.country(code) for code in block.countries])
    heading = ": ".join(filter(None, (countries, labels.block_minutes(block))))
    return "\n".join((heading, *(f"- {question.text}" for question in block.questions)))
