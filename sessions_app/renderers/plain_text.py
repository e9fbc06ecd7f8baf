"""A session in plain text, for calendar entries and mails."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sessions_app.agenda.types import Appearance, QuestionBlock, Session
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone

# Control characters that no calendar or mail may carry; line feeds stay (RFC 5545, 3.1).
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar it is: a person or a country of the agenda, or nobody in particular."""

    person: UUID | None = None
    country: str = ""


NOBODY = Reader()


def clean(text: object) -> str:
    """A text without control characters, with ordinary spaces and none at its ends."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").replace(labels.NBSP, " ")
    return without_controls(lines).strip()


def without_controls(text: str) -> str:
    """A text whose control characters are spaces, but for ends of lines."""
    return _CONTROLS.sub(" ", text)


def clocks(starts_at: datetime, ends_at: datetime, zones: Iterable[Zone]) -> str:
    """A line a zone: `KST (Seoul, UTC+9): Wed 4 Aug 12:55–13:40`."""
    return "\n".join(
        f"{zone.label} ({', '.join(filter(None, (_city(zone), zone.offset(starts_at))))}): "
        f"{time_ranges.span(starts_at, ends_at, zone)}"
        for zone in zones
    )


def short(session: Session, reader: Reader) -> str:
    """Who moderates and speaks, with countries, and how much is asked."""
    parts = (_part(session, reader), _people(session, full=False), *_asked(session, reader))
    return "\n\n".join(filter(None, parts))


def full(session: Session, reader: Reader) -> str:
    """Everybody with their affiliation, the printed note and every question."""
    blocks = (_block(block) for block in session.question_blocks)
    parts = (
        _part(session, reader),
        _people(session, full=True),
        str(session.note),
        labels.questions_of(session),
        *blocks,
    )
    return "\n\n".join(filter(None, parts))


def _city(zone: Zone) -> str:
    return "" if zone.city == zone.label else zone.city


def _part(session: Session, reader: Reader) -> str:
    """What the reader does here: `Your part: Panelist`, or who of a country does what."""
    if reader.person is not None:
        own = [who for who in session.everybody if who.person == reader.person]
        roles = dict.fromkeys(labels.role(who.role, 1) for who in own)
        name = str(own[0].name) if own else ""
        return f"{name}: {labels.listed(list(roles))}" if roles else ""
    own = [who for who in session.everybody if reader.country and who.country == reader.country]
    named = [f"{who.name} ({labels.role(who.role, 1).lower()})" for who in own]
    return f"{labels.country(reader.country)}: {labels.listed(named)}" if named else ""


def _people(session: Session, *, full: bool) -> str:
    groups: dict[str, list[Appearance]] = {}
    for who in session.everybody:
        groups.setdefault(who.role, []).append(who)
    return "\n".join(_group(role, people, full=full) for role, people in groups.items())


def _group(role: str, people: list[Appearance], *, full: bool) -> str:
    heading = labels.role(role, len(people))
    if not full:
        return f"{heading}: {', '.join(map(_named, people))}"
    return "\n".join((f"{heading}:", *(f"- {_affiliated(who)}" for who in people)))


def _named(who: Appearance) -> str:
    name = labels.name(who)
    return f"{name} ({labels.country(who.country)})" if who.country else name


def _affiliated(who: Appearance) -> str:
    country = labels.country(who.country) if who.country else ""
    return ", ".join(
        filter(None, (labels.name(who), str(who.position), str(who.organisation), country))
    )


def _asked(session: Session, reader: Reader) -> Iterator[str]:
    """How much is asked; the questions themselves where they are asked of the reader's country."""
    own = [block for block in session.question_blocks if reader.country in block.countries]
    if own:
        yield from map(_block, own)
    else:
        yield labels.questions_of(session)


def _block(block: QuestionBlock) -> str:
    asked = labels.listed([labels.country(code) for code in block.countries])
    heading = ": ".join(filter(None, (asked, labels.block_minutes(block))))
    return "\n".join((heading, *(f"- {question.text}" for question in block.questions)))
