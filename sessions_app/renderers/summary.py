"""A person's or a country's sessions at a glance: times, roles, number of questions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import Day, ZonedAgenda
from sessions_app.agenda.types import Appearance, Session
from sessions_app.renderers import labels
from sessions_app.renderers.programme import anchor
from sessions_app.renderers.time_ranges import TimesLine, times_line


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A session or a whole workshop in somebody's summary.

    `on` is its date, set only on the first line of a day.
    """

    on: str
    times: TimesLine
    href: str
    name: str
    title: Text
    roles: tuple[str, ...]
    questions: str


def person_summary(view: ZonedAgenda, person: UUID, country: str) -> tuple[SummaryLine, ...]:
    """A person's sessions in the first zone; `view` holds only sessions they are in."""

    def roles(session: Session) -> Iterator[str]:
        for appearance in session.people:
            if appearance.person == person:
                yield labels.role(appearance.role, 1)
        for talk in session.presentations:
            for appearance in talk.people:
                if appearance.person == person:
                    yield _role_with_title(appearance, talk.title, session)

    return _with_dates((*_workshop_lines(view, person), *_session_lines(view, roles, country)))


def country_summary(view: ZonedAgenda, country: str) -> tuple[SummaryLine, ...]:
    """A country's sessions in the first zone; `view` holds only sessions it is in."""

    def roles(session: Session) -> Iterator[str]:
        for appearance in session.everybody:
            if appearance.country == country:
                yield f"{appearance.name} ({labels.role(appearance.role, 1).lower()})"

    return _with_dates(_session_lines(view, roles, country))


def _session_lines(
    view: ZonedAgenda, roles: Callable[[Session], Iterator[str]], country: str
) -> tuple[SummaryLine, ...]:
    days = (day for workshop in view.workshops for day in workshop.days)
    return tuple(
        line
        for day in sorted(days, key=lambda day: day.on)
        for line in _day_lines(day, roles, country)
    )


def _with_dates(lines: tuple[SummaryLine, ...]) -> tuple[SummaryLine, ...]:
    """The lines with the date on the first line of each day only."""
    before = ("", *(line.on for line in lines))
    return tuple(
        replace(line, on="" if line.on == previous else line.on)
        for line, previous in zip(lines, before, strict=False)
    )


def _workshop_lines(view: ZonedAgenda, person: UUID) -> Iterator[SummaryLine]:
    for zoned_workshop in view.workshops:
        roles = tuple(
            labels.role(appearance.role, 1, overall=True)
            for appearance in zoned_workshop.workshop.people
            if appearance.person == person
        )
        if roles:
            yield SummaryLine(
                on=labels.long_date(zoned_workshop.window[0].starts_at),
                times=times_line(zoned_workshop.window[0]),
                href=f"#{anchor(zoned_workshop.workshop)}",
                name=str(zoned_workshop.workshop.title),
                title=Text(),
                roles=roles,
                questions="",
            )


def _day_lines(
    day: Day, roles: Callable[[Session], Iterator[str]], country: str
) -> Iterator[SummaryLine]:
    for row in day.rows:
        session = row.session
        yield SummaryLine(
            on=labels.long_date(day.on),
            times=times_line(row.cells[0]),
            href=f"#{anchor(session)}",
            name=labels.session_name(session),
            title=session.title if session.number else Text(),
            roles=tuple(dict.fromkeys(roles(session))),
            questions=_questions_text(session, country),
        )


def _questions_text(session: Session, country: str) -> str:
    """`3 questions, 5 min per country` for a country's question blocks; else empty."""
    blocks = [block for block in session.question_blocks if country in block.countries]
    count = sum(len(block.questions) for block in blocks)
    if not country or not count:
        return ""
    stated = [labels.block_minutes(block) for block in blocks]
    minutes = labels.join_list([text for text in stated if text])
    return ", ".join(filter(None, (labels.count_questions(count, ()), minutes)))


def _role_with_title(appearance: Appearance, title: Text, session: Session) -> str:
    role = labels.role(appearance.role, 1)
    return (
        role
        if title == session.title
        else _("%(role)s: %(title)s") % {"role": role, "title": title}
    )
