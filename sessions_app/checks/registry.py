"""Registry of the checks, and the check of titles. Pure.

A check is a small function with the name of its code, listed in CHECKS. It gets an agenda without
cancelled sessions, whose sessions are sorted by time.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from sessions_app.agenda.types import Agenda, Session
from sessions_app.checks.budget import no_minutes, over_budget, under_budget
from sessions_app.checks.findings import Check, Finding, Level
from sessions_app.checks.people import (
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


def check(agenda: Agenda) -> tuple[Finding, ...]:
    """All findings: of the event first, then of each workshop, sorted by start and code."""
    checked = without_cancelled(agenda)
    findings = (finding for check_ in CHECKS for finding in check_(checked))
    return tuple(sorted(findings, key=_order_in(checked)))


def untitled(agenda: Agenda) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        if not workshop.title:
            yield Finding("untitled", Level.ERROR, workshop.key)
        for session in workshop.sessions:
            if not session.title and session.behaviour.needs_title:
                yield Finding("untitled", Level.ERROR, workshop.key, (session.key,))


CHECKS: tuple[Check, ...] = (
    *(outside_window, double_booked, untitled),
    *(overlap, gap, window_disagreement),
    *(over_budget, under_budget, no_minutes),
    *(country_without_panelist, panelist_without_questions),
    *(no_moderator, no_speaker, duplicate_person),
    *(unsocial_hours, label_clock_mismatch, clock_change),
)


def without_cancelled(agenda: Agenda) -> Agenda:
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
        rest = (finding.code, finding.sessions, finding.people, finding.countries)
        return (workshops.index(finding.workshop), start, *rest)

    return order
