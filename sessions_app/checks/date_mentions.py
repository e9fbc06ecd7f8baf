"""Date mentions: texts of an agenda that name a day, wrong when the event moves. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import AboutSection, Agenda, Session, Workshop

Item = Agenda | AboutSection | Workshop | Session


def texts_mentioning(agenda: Agenda, days: Iterable[date]) -> tuple[Item, ...]:
    """Items whose English texts mention one of these days; the agenda itself for its title."""
    patterns = "|".join(_date_pattern(day) for day in days)
    if not patterns:
        return ()
    mention = re.compile(rf"\b({patterns})\b", re.IGNORECASE)
    return tuple(
        item for item, texts in _texts(agenda) if any(mention.search(text.en) for text in texts)
    )


def _date_pattern(day: date) -> str:
    """Pattern of a date: `4 August`, `4th of Aug`, `August 4`, `2021-08-04`, `04/08/2021`."""
    month = f"(?:{day:%B}|{day:%b})"
    number = f"0?{day.day}(?:st|nd|rd|th)?"
    words = rf"{number}(?:\s+of)?\s+{month}|{month}\s+{number}"
    return rf"{words}|{day:%Y-%m-%d}|{day:%d/%m/%Y}"


def _texts(agenda: Agenda) -> Iterator[tuple[Item, tuple[Text, ...]]]:
    """All items with their texts that may mention a day."""
    yield agenda, (agenda.title,)
    of_workshops = (section for workshop in agenda.workshops for section in workshop.about)
    for section in (*agenda.about, *of_workshops):
        yield section, (section.title, section.body)
    for workshop in agenda.workshops:
        yield workshop, (workshop.title, workshop.audience)
    for session in agenda.sessions():
        yield session, (session.heading, session.title, session.note)
