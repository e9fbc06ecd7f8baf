"""Checks of people: double-booked, at night, entered twice, or missing from a session. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations
from uuid import UUID

from participants.names import comparison_key
from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.findings import Finding, Level
from workshop.zones import Zone

WorkshopSession = tuple[Workshop, Session]


def double_booked(agenda: Agenda) -> Iterator[Finding]:
    """Over all workshops; a role over a whole workshop is not a place in its sessions."""
    sessions = _sessions_by_person(agenda)
    for person in agenda.people:
        for (workshop, first), (_, second) in combinations(sessions[person.uid], 2):
            if common := intervals.intersection(first, second):
                at = (workshop.key, (first.key, second.key), (person.key,))
                minutes = intervals.minutes(*common)
                yield Finding("double_booked", Level.ERROR, *at, minutes, common)


def unsocial_hours(agenda: Agenda) -> Iterator[Finding]:
    """From 22:00 to 07:00 in the person's time zone; people without a known zone are skipped."""
    sessions = _sessions_by_person(agenda)
    for person in agenda.people:
        zone = Zone(person.zone, person.zone)
        for workshop, session in sessions[person.uid] if person.zone else ():
            if night := intervals.night_minutes(session, zone):
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("unsocial_hours", Level.WARNING, *at, night)


def duplicate_person(agenda: Agenda) -> Iterator[Finding]:
    """Equal names in one language; case, accents, forms of address and word order are ignored."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for person in agenda.people:
        for name in {comparison_key(person.full_name.en), comparison_key(person.full_name.lo)} - {
            ()
        }:
            alike[name].append(person.key)
    for keys in dict.fromkeys(tuple(sorted(same)) for same in alike.values()):
        if len(keys) > 1:
            yield Finding("duplicate_person", Level.NOTE, people=keys)


def no_speaker(agenda: Agenda) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        if not session.everybody and session.behaviour.needs_speaker:
            yield Finding("no_speaker", Level.NOTE, workshop.key, (session.key,))


def no_moderator(agenda: Agenda) -> Iterator[Finding]:
    """Of panels; a moderator whose name is to be confirmed counts."""
    for workshop, session in agenda.workshop_sessions():
        if session.behaviour.needs_moderator and not any(
            appearance.behaviour.moderates for appearance in session.people
        ):
            yield Finding("no_moderator", Level.WARNING, workshop.key, (session.key,))


def country_without_panelist(agenda: Agenda) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        present = {appearance.country for appearance in session.everybody}
        asked = {code for block in session.question_blocks for code in block.countries}
        for country in sorted(asked - present):
            at = (workshop.key, (session.key,))
            yield Finding("country_without_panelist", Level.WARNING, *at, countries=(country,))


def panelist_without_questions(agenda: Agenda) -> Iterator[Finding]:
    """Questions without a country are to everybody."""
    sessions = _sessions_by_person(agenda, answering=True)
    for person in agenda.people:
        for workshop, session in sessions[person.uid] if person.country else ():
            countries = [block.countries for block in session.question_blocks]
            if countries and all(codes and person.country not in codes for codes in countries):
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("panelist_without_questions", Level.NOTE, *at)


def _sessions_by_person(
    agenda: Agenda, *, answering: bool = False
) -> Mapping[UUID | None, list[WorkshopSession]]:
    """Sessions of each person, or those where they answer questions, by time in all workshops."""
    by_person = defaultdict(list)
    for row in sorted(agenda.workshop_sessions(), key=_by_time):
        people = row[1].everybody
        if answering:
            people = tuple(one for one in people if one.behaviour.answers_questions)
        for uid in dict.fromkeys(appearance.person for appearance in people):
            by_person[uid].append(row)
    return by_person


def _by_time(row: WorkshopSession) -> tuple[datetime, datetime, str]:
    return row[1].starts_at, row[1].ends_at, row[1].key
