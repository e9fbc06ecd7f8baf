"""Somebody's parts as lines of a mail: when, as what, beside whom, what their country is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from participants.mail.time_text import when
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Appearance, Presentation, QuestionBlock, Session, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class BlockLines:
    """Questions under those they are put to, with their minutes."""

    heading: str
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PartLines:
    """A session somebody has a part in; `label` names it, `asked` counts what others are asked."""

    label: str
    title: Text
    status: str
    when: str
    place: Text
    roles: tuple[str, ...]
    company: tuple[str, ...]
    note: Text
    asked: str
    blocks: tuple[BlockLines, ...]


def part(session: Session, workshop: Workshop, person: UUID, country: str, zone: Zone) -> PartLines:
    """A session as a mail tells it to one of those who appear in it."""
    own = [block for block in session.question_blocks if country and country in block.countries]
    return PartLines(
        label=labels.session_label(session),
        title=session.title,
        status=labels.status(session),
        when=when(session.starts_at, session.ends_at, zone),
        place=Text() if session.place == workshop.place else session.place,
        roles=roles_in(session, person),
        company=tuple(_company(session, person)),
        note=session.note,
        asked="" if own else labels.questions_of(session),
        blocks=tuple(map(block_lines, own)),
    )


def roles_in(session: Session, person: UUID) -> tuple[str, ...]:
    """As what somebody is there: `Panelist`, `Presenter: “One door in Baku”, 10 min`."""

    def said() -> Iterator[str]:
        for who in session.people:
            if who.person == person:
                yield labels.role(who.role, 1)
        for talk in session.presentations:
            for who in talk.people:
                if who.person == person:
                    role = labels.role(who.role, 1)
                    yield ": ".join(filter(None, (role, talk_line(talk, session.title))))

    return tuple(dict.fromkeys(said()))


def country_of(session: Session, person: UUID, otherwise: str) -> str:
    """For which country somebody speaks there."""
    own = (who.country for who in session.everybody if who.person == person and who.country)
    return next(own, otherwise)


def block_lines(block: QuestionBlock) -> BlockLines:
    asked = labels.listed([labels.country(code) for code in block.countries])
    heading = ": ".join(filter(None, (asked, labels.block_minutes(block))))
    return BlockLines(heading, tuple(question.text for question in block.questions))


def named(who: Appearance) -> str:
    """`Mr. James Buyekane (Kenya)`."""
    name = labels.name(who)
    return f"{name} ({labels.country(who.country)})" if who.country else name


def affiliated(who: Appearance) -> str:
    """`Panelist: Mr. James Buyekane, CEO, Huduma Kenya Programme, Kenya`."""
    country = labels.country(who.country) if who.country else ""
    facts = (labels.name(who), str(who.position), str(who.organisation), country)
    return f"{labels.role(who.role, 1)}: {', '.join(filter(None, facts))}"


def talk_line(talk: Presentation, of: Text) -> str:
    """`“One door in Baku”, 10 min`; only the minutes where the session has the same title."""
    title = "" if talk.title == of else _("“%(title)s”") % {"title": talk.title}
    minutes = labels.minutes(talk.minutes) if talk.minutes else ""
    return ", ".join(filter(None, (title, minutes)))


def _company(session: Session, person: UUID) -> Iterator[str]:
    """Who else is there, a line a role."""
    groups: dict[str, list[str]] = {}
    for who in session.everybody:
        if who.person != person:
            groups.setdefault(who.role, []).append(named(who))
    for role, names in groups.items():
        yield f"{labels.role(role, len(names))}: {'; '.join(dict.fromkeys(names))}"
