"""Which texts of an agenda name a day in words, and so go wrong on another day. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda
from sessions_app.checks.findings import session_name


def naming(agenda: Agenda, days: Iterable[date]) -> tuple[str, ...]:
    """What those texts belong to, once each: `“Description”`, of the sections about the event."""
    written = "|".join(_written(day) for day in days)
    named = re.compile(rf"\b({written})\b", re.IGNORECASE) if written else None
    found = (name for name, text in _texts(agenda) if named and named.search(text.en))
    return tuple(dict.fromkeys(found))


def _written(day: date) -> str:
    """`4 August`, `4th of Aug`, `August 4`, `2021-08-04`, `04/08/2021`."""
    month = f"(?:{day:%B}|{day:%b})"
    number = f"0?{day.day}(?:st|nd|rd|th)?"
    words = rf"{number}(?:\s+of)?\s+{month}|{month}\s+{number}"
    return rf"{words}|{day:%Y-%m-%d}|{day:%d/%m/%Y}"


def _texts(agenda: Agenda) -> Iterator[tuple[str, Text]]:
    """Everything in which a day may be written, under the name that organisers know it by."""
    yield "the title", agenda.title
    sections = [*agenda.about, *(each for part in agenda.workshops for each in part.about)]
    for section in sections:
        yield f"“{section.title}”", section.title
        yield f"“{section.title}”", section.body
    for workshop in agenda.workshops:
        yield f"“{workshop.title}”", workshop.title
        yield f"“{workshop.title}”", workshop.audience
    for session in agenda.sessions():
        for text in (session.heading, session.title, session.note):
            yield session_name(session), text
