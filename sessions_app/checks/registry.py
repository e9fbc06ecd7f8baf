"""What is wrong with an agenda, or looks so: findings for the organiser, never a lock. Pure.

A check is a small function named after the code it finds. It reads an agenda whose cancelled
sessions are gone and whose rows stand by time, and CHECKS lists it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sessions_app.agenda.types import Agenda, QuestionBlock, Session
from sessions_app.checks.findings import Check, Finding, Level, Words, listed, words_of
from sessions_app.checks.people import (
    WITHOUT_SPEAKER,
    country_without_panelist,
    double_booked,
    duplicate_person,
    no_moderator,
    no_speaker,
    panelist_without_questions,
    unsocial_hours,
)
from sessions_app.checks.times import (
    clock_change,
    gap,
    label_clock_mismatch,
    outside_window,
    overlap,
    window_disagreement,
)

__all__ = ["CHECKS", "Finding", "Level", "check"]


def check(agenda: Agenda, country_name: Callable[[str], str] = str) -> tuple[Finding, ...]:
    """Everything found: of the whole event first, then a workshop at a time by start and code.

    `country_name` turns an ISO 3166 alpha-2 code into what the sentences say.
    """
    standing = _standing(agenda)
    words = words_of(standing, country_name)
    found = (finding for each in CHECKS for finding in each(standing, words))
    return tuple(sorted(found, key=_order_in(standing)))


def untitled(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        if not workshop.title:
            message = f"The workshop at {words.hours(workshop)} has no title. Write one."
            yield Finding("untitled", Level.ERROR, message, workshop.key)
        for session in workshop.sessions:
            if not session.title and session.kind not in WITHOUT_SPEAKER:
                message = f"{words.row(session)} has no title. Write one."
                yield Finding("untitled", Level.ERROR, message, workshop.key, (session.key,))


def over_budget(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """One a session, however many limits it breaks; its minutes are the worst excess."""
    for workshop, session in agenda.placed_sessions():
        talks = sum(talk.minutes or 0 for talk in session.presentations)
        stated, allotted = session.questions_minutes, _allotted(session)
        needed = talks + max(stated or 0, allotted)
        excess = {}
        if stated is not None and allotted > stated:
            said = f"its questions have {allotted} min, and {stated} min are stated"
            excess[said] = allotted - stated
        if needed > session.minutes:
            parts = {"presentations": talks, "questions": needed - talks}
            what = listed(name for name, minutes in parts.items() if minutes)
            said = f"its {what} need {needed} min, and the slot has {session.minutes}"
            excess[said] = needed - session.minutes
        if excess:
            most = max(excess.values())
            message = f"{words.row(session)}: {'; '.join(excess)}. Take {most} min away, or add it."
            at = (workshop.key, (session.key,))
            yield Finding("over_budget", Level.WARNING, message, *at, minutes=most)


def under_budget(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """Only where every block says its minutes."""
    for workshop, session in agenda.placed_sessions():
        stated, allotted = session.questions_minutes or 0, _allotted(session)
        known = bool(session.question_blocks) and all(map(_has_sum, session.question_blocks))
        if known and allotted < stated:
            message = (
                f"{words.row(session)}: its questions have {allotted} of the {stated} min "
                f"stated, {stated - allotted} min are free."
            )
            at = (workshop.key, (session.key,))
            yield Finding("under_budget", Level.NOTE, message, *at, minutes=stated - allotted)


def no_minutes(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop, session in agenda.placed_sessions():
        blocks = [block for block in session.question_blocks if block.minutes is None]
        if blocks:
            asked = dict.fromkeys(code for block in blocks for code in block.countries)
            to = f" to {listed(map(words.country, asked))}" if asked else ""
            message = f"{words.row(session)}: the questions{to} have no minutes."
            yield Finding("no_minutes", Level.NOTE, message, workshop.key, (session.key,))


CHECKS: tuple[Check, ...] = (
    *(outside_window, double_booked, untitled),
    *(overlap, gap, window_disagreement),
    *(over_budget, under_budget, no_minutes),
    *(country_without_panelist, panelist_without_questions),
    *(no_moderator, no_speaker, duplicate_person),
    *(unsocial_hours, label_clock_mismatch, clock_change),
)


def _allotted(session: Session) -> int:
    return sum(block.total_minutes or 0 for block in session.question_blocks)


def _has_sum(block: QuestionBlock) -> bool:
    """Whether the minutes of a block are known; those of each country are not without countries."""
    return block.minutes is not None and bool(block.minutes_are == "in_total" or block.countries)


def _standing(agenda: Agenda) -> Agenda:
    """The agenda without cancelled sessions, its rows by time."""

    def rows(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
        standing = (session for session in sessions if session.status != "cancelled")
        return tuple(sorted(standing, key=lambda row: (row.starts_at, row.ends_at, row.key)))

    workshops = (replace(each, sessions=rows(each.sessions)) for each in agenda.workshops)
    return replace(agenda, workshops=tuple(workshops))


def _order_in(agenda: Agenda) -> Callable[[Finding], tuple[object, ...]]:
    starts = {session.key: session.starts_at for session in agenda.sessions()}
    windows = {workshop.key: workshop.starts_at for workshop in agenda.workshops}
    workshops = ["", *windows]

    def order(finding: Finding) -> tuple[object, ...]:
        window = windows.get(finding.workshop, datetime.min.replace(tzinfo=UTC))
        start = min((starts[key] for key in finding.sessions), default=window)
        rest = (finding.code, finding.sessions, finding.people, finding.message)
        return (workshops.index(finding.workshop), start, *rest)

    return order
