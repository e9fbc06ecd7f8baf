"""At a glance: when a person or a country is on, in which role, and what is asked of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import Day, ZonedAgenda
from sessions_app.agenda.types import Appearance, Session
from sessions_app.renderers import labels
from sessions_app.renderers.programme import TimesLine, anchor, times


@dataclass(frozen=True, slots=True)
class PartLine:
    """A session, or a whole workshop, that somebody has a part in.

    `on` is its date, where a new one begins.
    """

    on: str
    times: TimesLine
    href: str
    name: str
    title: Text
    roles: tuple[str, ...]
    asked: str


def of_person(view: ZonedAgenda, person: UUID, country: str) -> tuple[PartLine, ...]:
    """A person's parts on the first clock shown: the view holds only sessions they are in."""

    def roles(session: Session) -> Iterator[str]:
        for who in session.people:
            if who.person == person:
                yield labels.role(who.role, 1)
        for talk in session.presentations:
            for who in talk.people:
                if who.person == person:
                    yield _titled(who, talk.title, session)

    return _dated((*_over_workshops(view, person), *_parts(view, roles, country)))


def of_country(view: ZonedAgenda, country: str) -> tuple[PartLine, ...]:
    """A country's parts on the first clock shown: the view holds only sessions it is in."""

    def roles(session: Session) -> Iterator[str]:
        for who in session.everybody:
            if who.country == country:
                yield f"{who.name} ({labels.role(who.role, 1).lower()})"

    return _dated(_parts(view, roles, country))


def _parts(
    view: ZonedAgenda, roles: Callable[[Session], Iterator[str]], country: str
) -> tuple[PartLine, ...]:
    days = (day for workshop in view.workshops for day in workshop.days)
    return tuple(
        line
        for day in sorted(days, key=lambda each: each.on)
        for line in _of_day(day, roles, country)
    )


def _dated(lines: tuple[PartLine, ...]) -> tuple[PartLine, ...]:
    """The lines with a date only where another one begins."""
    before = ("", *(line.on for line in lines))
    return tuple(
        replace(line, on="" if line.on == said else line.on)
        for line, said in zip(lines, before, strict=False)
    )


def _over_workshops(view: ZonedAgenda, person: UUID) -> Iterator[PartLine]:
    for each in view.workshops:
        roles = tuple(
            labels.role(who.role, 1, overall=True)
            for who in each.workshop.people
            if who.person == person
        )
        if roles:
            yield PartLine(
                on=labels.long_date(each.window[0].starts_at),
                times=times(each.window[0]),
                href=f"#{anchor(each.workshop)}",
                name=str(each.workshop.title),
                title=Text(),
                roles=roles,
                asked="",
            )


def _of_day(
    day: Day, roles: Callable[[Session], Iterator[str]], country: str
) -> Iterator[PartLine]:
    for row in day.rows:
        session = row.session
        yield PartLine(
            on=labels.long_date(day.on),
            times=times(row.cells[0]),
            href=f"#{anchor(session)}",
            name=labels.session_name(session),
            title=session.title if session.number else Text(),
            roles=tuple(dict.fromkeys(roles(session))),
            asked=_asked(session, country),
        )


def _asked(session: Session, country: str) -> str:
    """`3 questions, 5 min per country` for the blocks that ask a country; else empty."""
    blocks = [block for block in session.question_blocks if country in block.countries]
    count = sum(len(block.questions) for block in blocks)
    if not country or not count:
        return ""
    stated = [labels.block_minutes(block) for block in blocks]
    minutes = labels.listed([each for each in stated if each])
    return ", ".join(filter(None, (labels.questions(count, ()), minutes)))


def _titled(who: Appearance, title: Text, session: Session) -> str:
    role = labels.role(who.role, 1)
    return (
        role
        if title == session.title
        else _("%(role)s: %(title)s") % {"role": role, "title": title}
    )
