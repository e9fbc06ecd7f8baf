"""Content of one session in an e-mail: time, roles, other people, questions to the country."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from participants.mail.time_text import long_time_range
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Appearance, Presentation, QuestionBlock, Session, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class QuestionBlockContent:
    """A question block: `heading` has its countries and minutes."""

    heading: str
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SessionContent:
    """A session of the recipient; `question_summary` counts the questions to other countries."""

    label: str
    title: Text
    status: str
    time: str
    place: Text
    roles: tuple[str, ...]
    other_people: tuple[str, ...]
    note: Text
    question_summary: str
    blocks: tuple[QuestionBlockContent, ...]


def session_content(
    session: Session, workshop: Workshop, person: UUID, country: str, zone: Zone
) -> SessionContent:
    """Content of a session for a person who has a role in it."""
    blocks = [block for block in session.question_blocks if country and country in block.countries]
    return SessionContent(
        label=labels.session_label(session),
        title=session.title,
        status=labels.status(session),
        time=long_time_range(session.starts_at, session.ends_at, zone),
        place=Text() if session.place == workshop.place else session.place,
        roles=roles_in(session, person),
        other_people=tuple(_other_people(session, person)),
        note=session.note,
        question_summary="" if blocks else labels.session_questions(session),
        blocks=tuple(map(block_content, blocks)),
    )


def roles_in(session: Session, person: UUID) -> tuple[str, ...]:
    """Roles of a person in a session: `Panelist`, `Presenter: “One door in Baku”, 10 min`."""

    def role_lines() -> Iterator[str]:
        for appearance in session.people:
            if appearance.person == person:
                yield labels.role(appearance.role, 1)
        for presentation in session.presentations:
            for appearance in presentation.people:
                if appearance.person == person:
                    role = labels.role(appearance.role, 1)
                    yield ": ".join(
                        filter(None, (role, presentation_line(presentation, session.title)))
                    )

    return tuple(dict.fromkeys(role_lines()))


def speaking_country(session: Session, person: UUID, default: str) -> str:
    """The country that a person speaks for in a session, else `default`."""
    countries = (
        appearance.country
        for appearance in session.everybody
        if appearance.person == person and appearance.country
    )
    return next(countries, default)


def block_content(block: QuestionBlock) -> QuestionBlockContent:
    countries = labels.join_list([labels.country(code) for code in block.countries])
    heading = ": ".join(filter(None, (countries, labels.block_minutes(block))))
    return QuestionBlockContent(heading, tuple(question.text for question in block.questions))


def name_with_country(appearance: Appearance) -> str:
    """`Mr. James Buyekane (Kenya)`."""
    name = labels.name(appearance)
    return f"{name} ({labels.country(appearance.country)})" if appearance.country else name


def name_with_affiliation(appearance: Appearance) -> str:
    """`Panelist: Mr. James Buyekane, CEO, Huduma Kenya Programme, Kenya`."""
    country = labels.country(appearance.country) if appearance.country else ""
    facts = (
        labels.name(appearance),
        str(appearance.position),
        str(appearance.organisation),
        country,
    )
    return f"{labels.role(appearance.role, 1)}: {', '.join(filter(None, facts))}"


def presentation_line(presentation: Presentation, session_title: Text) -> str:
    """`“One door in Baku”, 10 min`; only the minutes if the session has the same title."""
    title = (
        ""
        if presentation.title == session_title
        else _("“%(title)s”") % {"title": presentation.title}
    )
    minutes = labels.minutes(presentation.minutes) if presentation.minutes else ""
    return ", ".join(filter(None, (title, minutes)))


def _other_people(session: Session, person: UUID) -> Iterator[str]:
    """The other people of the session, one line for each role."""
    groups: dict[str, list[str]] = {}
    for appearance in session.everybody:
        if appearance.person != person:
            groups.setdefault(appearance.role, []).append(name_with_country(appearance))
    for role, names in groups.items():
        yield f"{labels.role(role, len(names))}: {'; '.join(dict.fromkeys(names))}"
