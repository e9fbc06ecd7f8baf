"""Registry of the checks, and the checks of titles and minutes. Pure.

A check is a small function with the name of its code, listed in CHECKS. It gets an agenda without
cancelled sessions, whose sessions are sorted by time.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sessions_app.agenda.types import Agenda, QuestionBlock, Session
from sessions_app.checks.findings import (
    Check,
    Finding,
    Formatter,
    Level,
    duration,
    formatter_for,
    join_names,
)
from sessions_app.checks.people import (
    KINDS_WITHOUT_SPEAKER,
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
    """All findings: of the event first, then of each workshop, sorted by start and code.

    `country_name` turns an ISO 3166 alpha-2 code into the country's name for messages.
    """
    checked = _without_cancelled(agenda)
    formatter = formatter_for(checked, country_name)
    findings = (finding for check_ in CHECKS for finding in check_(checked, formatter))
    return tuple(sorted(findings, key=_order_in(checked)))


def untitled(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        if not workshop.title:
            message = f"The workshop at {formatter.hours(workshop)} has no title. Add one."
            yield Finding("untitled", Level.ERROR, message, workshop.key)
        for session in workshop.sessions:
            if not session.title and session.kind not in KINDS_WITHOUT_SPEAKER:
                message = f"{formatter.session(session)} has no title. Add one."
                yield Finding("untitled", Level.ERROR, message, workshop.key, (session.key,))


def over_budget(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """One finding per session; its minutes are the largest excess."""
    for workshop, session in agenda.workshop_sessions():
        talks = sum(talk.minutes or 0 for talk in session.presentations)
        stated, allotted = session.questions_minutes, _allotted(session)
        needed = talks + max(stated or 0, allotted)
        excess = {}
        if stated is not None and allotted > stated:
            text = f"its questions have {duration(allotted)}, but {duration(stated)} are stated"
            excess[text] = allotted - stated
        if needed > session.minutes:
            parts = {"presentations": talks, "questions": needed - talks}
            names = join_names(name for name, minutes in parts.items() if minutes)
            slot = duration(session.minutes)
            text = f"its {names} need {duration(needed)}, but the slot has {slot}"
            excess[text] = needed - session.minutes
        if excess:
            largest = max(excess.values())
            message = (
                f"{formatter.session(session)}: {'; '.join(excess)}. "
                f"Remove {duration(largest)}, or add time."
            )
            at = (workshop.key, (session.key,))
            yield Finding("over_budget", Level.WARNING, message, *at, minutes=largest)


def under_budget(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """Only for sessions where all blocks have minutes."""
    for workshop, session in agenda.workshop_sessions():
        stated, allotted = session.questions_minutes or 0, _allotted(session)
        known = bool(session.question_blocks) and all(
            map(_has_known_total, session.question_blocks)
        )
        if known and allotted < stated:
            message = (
                f"{formatter.session(session)}: its questions have {duration(allotted)} of the "
                f"stated {duration(stated)}; {duration(stated - allotted)} are free."
            )
            at = (workshop.key, (session.key,))
            yield Finding("under_budget", Level.NOTE, message, *at, minutes=stated - allotted)


def no_minutes(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        blocks = [block for block in session.question_blocks if block.minutes is None]
        if blocks:
            codes = dict.fromkeys(code for block in blocks for code in block.countries)
            to = f" to {join_names(map(formatter.country, codes))}" if codes else ""
            message = f"{formatter.session(session)}: the questions{to} have no minutes."
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


def _has_known_total(block: QuestionBlock) -> bool:
    """Say whether a block has total minutes; minutes per country need countries."""
    return block.minutes is not None and bool(block.minutes_are == "in_total" or block.countries)


def _without_cancelled(agenda: Agenda) -> Agenda:
    """The agenda without cancelled sessions, the others sorted by time."""

    def held(sessions: tuple[Session, ...]) -> tuple[Session, ...]:
        rest = (session for session in sessions if session.status != "cancelled")
        return tuple(sorted(rest, key=lambda row: (row.starts_at, row.ends_at, row.key)))

    workshops = (
        replace(workshop, sessions=held(workshop.sessions)) for workshop in agenda.workshops
    )
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
