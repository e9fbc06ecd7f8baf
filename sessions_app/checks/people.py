"""Checks of people: double-booked, at night, entered twice, or missing from a session. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations
from uuid import UUID

from participants.names import comparison_key
from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Person, Session, Workshop
from sessions_app.checks.findings import (
    Finding,
    Formatter,
    Level,
    city_zone,
    join_names,
    session_name,
)

KINDS_WITHOUT_SPEAKER = ("break", "q_and_a")

WorkshopSession = tuple[Workshop, Session]


def double_booked(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """Over all workshops; a role over a whole workshop is not a place in its sessions."""
    sessions = _sessions_by_person(agenda)
    for person in agenda.people:
        for (workshop, first), (other_workshop, second) in combinations(sessions[person.uid], 2):
            if common := intervals.intersection(first, second):
                names = [session_name(first), session_name(second)]
                if workshop.key != other_workshop.key:
                    names[0] += f" of “{workshop.title}”"
                    names[1] += f" of “{other_workshop.title}”"
                when = formatter.time_range(*common)
                message = (
                    f"{person.name} is in {names[0]} and in {names[1]} at {when}. "
                    "Move one of them, or assign somebody else."
                )
                at = (workshop.key, (first.key, second.key), (person.key,))
                yield Finding(
                    "double_booked", Level.ERROR, message, *at, minutes=intervals.minutes(*common)
                )


def unsocial_hours(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """From 22:00 to 07:00 in the person's time zone; people without a known zone are skipped."""
    sessions = _sessions_by_person(agenda)
    for person in agenda.people:
        zone = city_zone(person.zone)
        for workshop, session in sessions[person.uid] if person.zone else ():
            if night := intervals.night_minutes(session, zone):
                is_early = zone.local(session.starts_at).time() < intervals.NIGHT_TO
                when, limit = ("Early", "before 07:00") if is_early else ("Late", "after 22:00")
                message = (
                    f"{when} for {person.name} in {session_name(session)}: "
                    f"{formatter.hours_in_zone(zone, session)} in {zone.label}, {limit}."
                )
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("unsocial_hours", Level.WARNING, message, *at, minutes=night)


def duplicate_person(agenda: Agenda, _formatter: Formatter) -> Iterator[Finding]:
    """Equal names in one language; case, accents, forms of address and word order are ignored."""
    alike: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for person in agenda.people:
        for name in {comparison_key(person.full_name.en), comparison_key(person.full_name.lo)} - {
            ()
        }:
            alike[name].append(person)
    groups = {tuple(sorted(person.key for person in same)): same for same in alike.values()}
    for keys, same in groups.items():
        if len(keys) > 1:
            names = join_names(sorted(f"{person.name} ({person.key})" for person in same))
            message = f"Possible duplicates: {names}. If they are the same person, merge them."
            yield Finding("duplicate_person", Level.NOTE, message, people=keys)


def no_speaker(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        if not session.everybody and session.kind not in KINDS_WITHOUT_SPEAKER:
            message = f"{formatter.session(session)} has no speaker."
            yield Finding("no_speaker", Level.NOTE, message, workshop.key, (session.key,))


def no_moderator(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """Of panels; a moderator whose name is to be confirmed counts."""
    for workshop, session in agenda.workshop_sessions():
        if session.kind == "panel" and all(
            appearance.role != "moderator" for appearance in session.people
        ):
            overall = [
                str(appearance.name)
                for appearance in workshop.people
                if appearance.role == "moderator"
            ]
            known = f" The whole workshop is moderated by {join_names(overall)}." if overall else ""
            message = f"{formatter.session(session)} has no moderator of its own. Add one.{known}"
            yield Finding("no_moderator", Level.WARNING, message, workshop.key, (session.key,))


def country_without_panelist(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        present = {appearance.country for appearance in session.everybody}
        codes = dict.fromkeys(code for block in session.question_blocks for code in block.countries)
        for country in (formatter.country(code) for code in codes if code not in present):
            message = (
                f"{formatter.session(session)} has questions to {country}, but nobody from there "
                "takes part. Add a panelist, or remove the country from the questions."
            )
            at = (workshop.key, (session.key,))
            yield Finding("country_without_panelist", Level.WARNING, message, *at)


def panelist_without_questions(agenda: Agenda, formatter: Formatter) -> Iterator[Finding]:
    """Questions without a country are to everybody."""
    sessions = _sessions_by_person(agenda, "panelist")
    for person in agenda.people:
        for workshop, session in sessions[person.uid] if person.country else ():
            countries = [block.countries for block in session.question_blocks]
            if countries and all(codes and person.country not in codes for codes in countries):
                message = (
                    f"{person.name} is a panelist of {formatter.session(session)}, which has no "
                    f"questions to {formatter.country(person.country)}."
                )
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("panelist_without_questions", Level.NOTE, message, *at)


def _sessions_by_person(
    agenda: Agenda, role: str = ""
) -> Mapping[UUID | None, list[WorkshopSession]]:
    """Sessions of each person, or those in the given role, by time over all workshops."""
    by_person = defaultdict(list)
    for row in sorted(agenda.workshop_sessions(), key=_by_time):
        roles = (appearance for appearance in row[1].everybody if role in ("", appearance.role))
        for uid in dict.fromkeys(appearance.person for appearance in roles):
            by_person[uid].append(row)
    return by_person


def _by_time(row: WorkshopSession) -> tuple[datetime, datetime, str]:
    return row[1].starts_at, row[1].ends_at, row[1].key
