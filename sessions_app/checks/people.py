"""Checks of who: people in two places, at night or twice, and rows that lack somebody. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations
from uuid import UUID

from participants.names import essence
from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Person, Session, Workshop
from sessions_app.checks.findings import Finding, Level, Words, listed, place, session_name

WITHOUT_SPEAKER = ("break", "q_and_a")

Placed = tuple[Workshop, Session]


def double_booked(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """Over all workshops; who has a role over a whole workshop is not thereby in its sessions."""
    rows = _rows_by_person(agenda)
    for person in agenda.people:
        for (workshop, one), (other, two) in combinations(rows[person.uid], 2):
            if both := intervals.shared(one, two):
                first, second = session_name(one), session_name(two)
                if workshop.key != other.key:
                    first = f"{first} of “{workshop.title}”"
                    second = f"{second} of “{other.title}”"
                message = (
                    f"{person.name} is in {first} and in {second} at {words.between(*both)}. "
                    "Move one of them, or put somebody else in."
                )
                at = (workshop.key, (one.key, two.key), (person.key,))
                yield Finding(
                    "double_booked", Level.ERROR, message, *at, minutes=intervals.minutes(*both)
                )


def unsocial_hours(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """From 22:00 to 07:00 where the person is; of whom that is not known, nothing is said."""
    rows = _rows_by_person(agenda)
    for person in agenda.people:
        zone = place(person.zone)
        for workshop, session in rows[person.uid] if person.zone else ():
            if night := intervals.night_minutes(session, zone):
                message = (
                    f"{person.name} is in {session_name(session)} at {words.hours(session)}, "
                    f"which is {words.hours_in(zone, session)} in {zone.label}."
                )
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("unsocial_hours", Level.WARNING, message, *at, minutes=night)


def duplicate_person(agenda: Agenda, _words: Words) -> Iterator[Finding]:
    """Equal names in one language, whatever the case, accents, forms of address and word order."""
    alike: dict[tuple[str, ...], list[Person]] = defaultdict(list)
    for person in agenda.people:
        for name in {essence(person.full_name.en), essence(person.full_name.lo)} - {()}:
            alike[name].append(person)
    groups = {tuple(sorted(each.key for each in same)): same for same in alike.values()}
    for keys, same in groups.items():
        if len(keys) > 1:
            names = listed(sorted(f"{each.name} ({each.key})" for each in same))
            message = f"{names} look like one person entered twice. If they are one, merge them."
            yield Finding("duplicate_person", Level.NOTE, message, people=keys)


def no_speaker(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop, session in agenda.placed_sessions():
        if not session.everybody and session.kind not in WITHOUT_SPEAKER:
            message = f"{words.row(session)} has nobody in it."
            yield Finding("no_speaker", Level.NOTE, message, workshop.key, (session.key,))


def no_moderator(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """Of a panel; one whose name is to be confirmed is one."""
    for workshop, session in agenda.placed_sessions():
        if session.kind == "panel" and all(who.role != "moderator" for who in session.people):
            overall = [str(who.name) for who in workshop.people if who.role == "moderator"]
            known = f" The whole workshop is moderated by {listed(overall)}." if overall else ""
            message = f"{words.row(session)} has no moderator of its own. Name one.{known}"
            yield Finding("no_moderator", Level.WARNING, message, workshop.key, (session.key,))


def country_without_panelist(agenda: Agenda, words: Words) -> Iterator[Finding]:
    for workshop, session in agenda.placed_sessions():
        present = {who.country for who in session.everybody}
        asked = dict.fromkeys(code for each in session.question_blocks for code in each.countries)
        for country in (words.country(code) for code in asked if code not in present):
            message = (
                f"{words.row(session)} has questions to {country}, and nobody from there is in "
                "it. Add a panelist, or take the country out of the questions."
            )
            at = (workshop.key, (session.key,))
            yield Finding("country_without_panelist", Level.WARNING, message, *at)


def panelist_without_questions(agenda: Agenda, words: Words) -> Iterator[Finding]:
    """Questions to no country in particular are to everybody."""
    rows = _rows_by_person(agenda, "panelist")
    for person in agenda.people:
        for workshop, session in rows[person.uid] if person.country else ():
            asked = [block.countries for block in session.question_blocks]
            if asked and all(some and person.country not in some for some in asked):
                message = (
                    f"{person.name} is a panelist of {words.row(session)}, whose questions "
                    f"are not to {words.country(person.country)}."
                )
                at = (workshop.key, (session.key,), (person.key,))
                yield Finding("panelist_without_questions", Level.NOTE, message, *at)


def _rows_by_person(agenda: Agenda, role: str = "") -> Mapping[UUID | None, list[Placed]]:
    """The sessions that each is in, or is in as `role`, by time over all workshops."""
    found = defaultdict(list)
    for row in sorted(agenda.placed_sessions(), key=_by_time):
        roles = (who for who in row[1].everybody if role in ("", who.role))
        for uid in dict.fromkeys(who.person for who in roles):
            found[uid].append(row)
    return found


def _by_time(row: Placed) -> tuple[datetime, datetime, str]:
    return row[1].starts_at, row[1].ends_at, row[1].key
