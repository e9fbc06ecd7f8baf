"""Checks of times: sessions against each other, announced hours and time zones. Pure."""

from collections.abc import Iterator
from datetime import datetime

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, StatedWindow, Workshop
from sessions_app.checks.findings import Finding, Level
from workshop.zones import Zone, unique


def outside_window(agenda: Agenda) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        within = intervals.intersection(workshop, session)
        outside = session.minutes - (intervals.minutes(*within) if within else 0)
        if outside:
            at = (workshop.key, (session.key,))
            yield Finding("outside_window", Level.ERROR, *at, minutes=outside)


def overlap(agenda: Agenda) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for index, first in enumerate(workshop.sessions, start=1):
            for second in workshop.sessions[index:]:
                if second.starts_at >= first.ends_at:
                    break  # sessions are sorted by start: no later one overlaps either
                if common := intervals.intersection(first, second):
                    at = (workshop.key, (first.key, second.key), ())
                    minutes = intervals.minutes(*common)
                    yield Finding("overlap", Level.WARNING, *at, minutes, common)


def gap(agenda: Agenda) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        for start, end in list_gaps(workshop):
            before = (session.key for session in workshop.sessions if session.ends_at == start)
            after = (session.key for session in workshop.sessions if session.starts_at == end)
            at = (workshop.key, (*before, *after), ())
            length = intervals.minutes(start, end)
            yield Finding("gap", Level.WARNING, *at, length, (start, end))


def window_disagreement(agenda: Agenda) -> Iterator[Finding]:
    for workshop in agenda.workshops:
        windows = differing_windows(workshop)
        for source in dict.fromkeys(window.source for window in windows):
            yield Finding("window_disagreement", Level.WARNING, workshop.key, document=source)


def clock_change(agenda: Agenda) -> Iterator[Finding]:
    for zone in unique((Zone(agenda.zone, agenda.zone), *agenda.zones)):
        if len(set(map(zone.offset, intervals.moments(agenda)))) > 1:
            yield Finding("clock_change", Level.WARNING, zones=(zone,))


def label_clock_mismatch(agenda: Agenda) -> Iterator[Finding]:
    moments = intervals.moments(agenda)
    for zone in agenda.zones if moments else ():
        if _is_wrong_label(zone, moments):
            yield Finding("label_clock_mismatch", Level.WARNING, zones=(zone,))


def differing_windows(workshop: Workshop) -> tuple[StatedWindow, ...]:
    """Hours in other documents that are not the announced ones."""
    announced = workshop.starts_at, workshop.ends_at
    return tuple(
        window
        for window in workshop.stated_windows
        if (window.starts_at, window.ends_at) != announced
    )


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
