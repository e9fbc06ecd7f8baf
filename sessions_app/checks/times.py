"""Checks of when: rows against each other, windows and clocks. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.findings import Finding, Level, Words, listed, session_name
from workshop.zones import Zone, unique


def outside_window(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop, session in agenda.placed_sessions():
        within = intervals.shared(workshop, session)
        outside = session.minutes - (intervals.minutes(*within) if within else 0)
        if outside:
            message = (
                f"{session_name(session)} is at {words.hours(session)}, and its workshop is "
                f"announced for {words.hours(workshop)}. Move it, or announce other hours."
            )
            at = (workshop.key, (session.key,))
            yield Finding("outside_window", Level.ERROR, message, *at, minutes=outside)


def overlap(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for place, one in enumerate(workshop.sessions, start=1):
            for two in workshop.sessions[place:]:
                if two.starts_at >= one.ends_at:
                    break  # rows stand by time: no later one shares anything either
                if both := intervals.shared(one, two):
                    yield _overlap(
                        workshop, one, two, words.between(*both), intervals.minutes(*both)
                    )


def _overlap(workshop: Workshop, one: Session, two: Session, when: str, minutes: int) -> Finding:
    message = (
        f"{session_name(one)} and {session_name(two)} are both at {when}. "
        "Move one, unless they are meant to be parallel."
    )
    at = (workshop.key, (one.key, two.key))
    return Finding("overlap", Level.WARNING, message, *at, minutes=minutes)


def gap(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for start, end in uncovered(workshop):
            before = [each for each in workshop.sessions if each.ends_at == start]
            after = [each for each in workshop.sessions if each.starts_at == end]
            where = f", after {listed(map(session_name, before))}" if before else ""
            where += f", before {listed(map(session_name, after))}" if after else ""
            length = intervals.minutes(start, end)
            message = (
                f"Nothing is planned at {words.between(start, end)} ({length} min){where}. "
                "Add a row, or move its neighbours."
            )
            at = (workshop.key, tuple(each.key for each in (*before, *after)))
            yield Finding("gap", Level.WARNING, message, *at, minutes=length)


def window_disagreement(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        others: dict[str, list[str]] = defaultdict(list)
        for window in workshop.stated_windows:
            if (window.starts_at, window.ends_at) != (workshop.starts_at, workshop.ends_at):
                others[window.source].append(words.hours(window))
        for source, hours in others.items():
            message = (
                f"“{workshop.title}” is announced for {words.hours(workshop)}, and another "
                f"document, “{source}”, says {listed(hours)}. Correct one of the two."
            )
            yield Finding("window_disagreement", Level.WARNING, message, workshop.key)


def clock_change(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for zone in unique((words.zone, *agenda.zones)):
        offsets = list(dict.fromkeys(map(zone.offset, intervals.moments(agenda))))
        if len(offsets) > 1:
            message = (
                f"The clock of {zone.city or zone.key} changes during the event, from "
                f"{' to '.join(offsets)}. Read its times once more."
            )
            yield Finding("clock_change", Level.WARNING, message)


def label_clock_mismatch(agenda: Agenda, words: Words) -> Iterator[Finding]:
    moments = intervals.moments(agenda)
    for zone in agenda.zones if moments else ():
        if _misleads(zone, moments):
            place, day = zone.city or zone.key, words.zone.local(moments[0]).date()
            names = {zone.abbreviation(at) for at in moments} - {""}
            clock = dict.fromkeys(
                ", ".join(filter(None, (zone.abbreviation(at), zone.offset(at)))) for at in moments
            )
            message = (
                f"The times of {place} are labelled {zone.label}, and its clock on {day.day} "
                f"{day:%B %Y} is {listed(clock)}. "
                f"Label them {f'{names.pop()} or {place}' if len(names) == 1 else place}."
            )
            yield Finding("label_clock_mismatch", Level.WARNING, message)


def uncovered(workshop: Workshop) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of the announced window, in order, in which there is no session.

    Of a workshop without its cancelled sessions, whose rows stand by time.
    """
    covered_until = workshop.starts_at
    for session in workshop.sessions:
        start = min(session.starts_at, workshop.ends_at)
        if covered_until < start:
            yield covered_until, start
        covered_until = max(covered_until, session.ends_at)
    if covered_until < workshop.ends_at:
        yield covered_until, workshop.ends_at


def _misleads(zone: Zone, moments: list[datetime]) -> bool:
    """Whether a label is a clock's name, and not the one that this clock has at each moment.

    It may be the zone's own name at another time of the year, or that of another offset.
    """
    label = zone.label.upper()
    if all(zone.abbreviation(at) == label for at in moments):
        return False
    if label in intervals.names_from(moments[0], zone):
        return True
    meant = intervals.offsets_called(label, moments[0].year)
    return bool(meant) and any(zone.local(at).utcoffset() not in meant for at in moments)
