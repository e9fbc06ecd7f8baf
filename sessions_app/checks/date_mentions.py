"""Date mentions: texts of an agenda that name a day, wrong when the event moves. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda
from sessions_app.checks.findings import session_name


def texts_mentioning(agenda: Agenda, days: Iterable[date]) -> tuple[str, ...]:
    """Names of the items whose English texts mention one of these days, without repeats."""
    patterns = "|".join(_date_pattern(day) for day in days)
    if not patterns:
        return ()
    mention = re.compile(rf"\b({patterns})\b", re.IGNORECASE)
    names = (name for name, text in _texts(agenda) if mention.search(text.en))
    return tuple(dict.fromkeys(names))


def _date_pattern(day: date) -> str:
    """Pattern of a date: `4 August`, `4th of Aug`, `August 4`, `2021-08-04`, `04/08/2021`."""
    month = f"(?:{day:%B}|{day:%b})"
    number = f"0?{day.day}(?:st|nd|rd|th)?"
    words = rf"{number}(?:\s+of)?\s+{month}|{month}\s+{number}"
    return rf"{words}|{day:%Y-%m-%d}|{day:%d/%m/%Y}"


def _texts(agenda: Agenda) -> Iterator[tuple[str, Text]]:
    """All texts that may mention a day, with the name of their item."""
    yield "the title", agenda.title
    of_workshops = (section for workshop in agenda.workshops for section in workshop.about)
    sections = [*agenda.about, *of_workshops]
    for section in sections:
        yield f"“{section.title}”", section.title
        yield f"“{section.title}”", section.body
    for workshop in agenda.workshops:
        yield f"“{workshop.title}”", workshop.title
        yield f"“{workshop.title}”", workshop.audience
    for session in agenda.sessions():
        for text in (session.heading, session.title, session.note):
            yield session_name(session), text
