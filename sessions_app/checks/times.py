"""Checks of times: sessions against each other, announced hours and time zones. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.findings import (
    Finding,
    Formatter,
    Level,
    duration,
    join_names,
    session_name,
)
from workshop.zones import Zone, unique


def outside_window(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        within = intervals.intersection(workshop, session)
        outside = session.minutes - (intervals.minutes(*within) if within else 0)
        if outside:
            message = (
                f"{session_name(session)} is at {formatter.hours(session)}, but its workshop is "
                f"announced for {formatter.hours(workshop)}. "
                "Move it, or change the announced hours."
            )
            at = (workshop.key, (session.key,))
            yield Finding("outside_window", Level.ERROR, message, *at, minutes=outside)


def overlap(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for index, first in enumerate(workshop.sessions, start=1):
            for second in workshop.sessions[index:]:
                if second.starts_at >= first.ends_at:
                    break  # sessions are sorted by start: no later one overlaps either
                if common := intervals.intersection(first, second):
                    when, minutes = formatter.time_range(*common), intervals.minutes(*common)
                    yield _overlap(workshop, first, second, when, minutes)


def _overlap(
    workshop: Workshop, first: Session, second: Session, when: str, minutes: int
) -> Finding:
    message = (
        f"{session_name(first)} and {session_name(second)} overlap at {when}. "
        "Move one of them, unless they are meant to run in parallel."
    )
    at = (workshop.key, (first.key, second.key))
    return Finding("overlap", Level.WARNING, message, *at, minutes=minutes)


def gap(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for start, end in list_gaps(workshop):
            before = [session for session in workshop.sessions if session.ends_at == start]
            after = [session for session in workshop.sessions if session.starts_at == end]
            where = f", after {join_names(map(session_name, before))}" if before else ""
            where += f", before {join_names(map(session_name, after))}" if after else ""
            length = intervals.minutes(start, end)
            message = (
                f"Nothing is planned at {formatter.time_range(start, end)} ({duration(length)})"
                f"{where}. Add a session, or move the sessions around it."
            )
            at = (workshop.key, tuple(session.key for session in (*before, *after)))
            yield Finding("gap", Level.WARNING, message, *at, minutes=length)


def window_disagreement(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        others: dict[str, list[str]] = defaultdict(list)
        for window in workshop.stated_windows:
            if (window.starts_at, window.ends_at) != (workshop.starts_at, workshop.ends_at):
                others[window.source].append(formatter.hours(window))
        for source, hours in others.items():
            message = (
                f"“{workshop.title}” is announced for {formatter.hours(workshop)}, but another "
                f"document, “{source}”, says {join_names(hours)}. Correct one of the two."
            )
            yield Finding("window_disagreement", Level.WARNING, message, workshop.key)


def clock_change(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for zone in unique((formatter.zone, *agenda.zones)):
        offsets = list(dict.fromkeys(map(zone.offset, intervals.moments(agenda))))
        if len(offsets) > 1:
            message = (
                f"The UTC offset of {zone.city or zone.key} changes during the event, from "
                f"{' to '.join(offsets)}. Check its times."
            )
            yield Finding("clock_change", Level.WARNING, message)


def label_clock_mismatch(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    moments = intervals.moments(agenda)
    for zone in agenda.zones if moments else ():
        if _is_wrong_label(zone, moments):
            place, day = zone.city or zone.key, formatter.zone.local(moments[0]).date()
            names = {zone.abbreviation(at) for at in moments} - {""}
            correct = dict.fromkeys(
                ", ".join(filter(None, (zone.abbreviation(at), zone.offset(at)))) for at in moments
            )
            message = (
                f"The times of {place} are labelled {zone.label}, but its time zone on {day.day} "
                f"{day:%B %Y} is {join_names(correct)}. "
                f"Use the label {f'{names.pop()} or {place}' if len(names) == 1 else place}."
            )
            yield Finding("label_clock_mismatch", Level.WARNING, message)


def list_gaps(workshop: Workshop) -> Iterator[tuple[datetime, datetime]]:
    """Gaps in the announced hours of a workshop, as start and end, in order.

    The workshop must be without cancelled sessions, its sessions sorted by time.
    """
    covered_until = workshop.starts_at
    for session in workshop.sessions:
        start = min(session.starts_at, workshop.ends_at)
        if covered_until < start:
            yield covered_until, start
        covered_until = max(covered_until, session.ends_at)
    if covered_until < workshop.ends_at:
        yield covered_until, workshop.ends_at


def _is_wrong_label(zone: Zone, moments: list[datetime]) -> bool:
    """Say whether a label is a zone abbreviation, but not the zone's own at all these moments.

    It may be the zone's abbreviation at another time of the year, or that of another UTC offset.
    """
    label = zone.label.upper()
    if all(zone.abbreviation(at) == label for at in moments):
        return False
    if label in intervals.abbreviations_in_year(moments[0], zone):
        return True
    offsets = intervals.offsets_by_abbreviation(label, moments[0].year)
    return bool(offsets) and any(zone.local(at).utcoffset() not in offsets for at in moments)
