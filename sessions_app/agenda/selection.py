"""Selections of an agenda: one person, country, session or workshop. Pure."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sessions_app.agenda.types import Agenda, Appearance, Session


def for_person(agenda: Agenda, person: UUID) -> Agenda:
    """The agenda with only the sessions of a person, and their roles over whole workshops."""
    return _with_sessions(
        agenda,
        wanted=lambda session: any(appearance.person == person for appearance in session.everybody),
        role=lambda appearance: appearance.person == person,
    )


def for_country(agenda: Agenda, country: str) -> Agenda:
    """The agenda with only the sessions in which a country (ISO alpha-2) speaks or is asked."""
    return _with_sessions(
        agenda,
        wanted=lambda session: (
            any(appearance.country == country for appearance in session.everybody)
            or any(country in block.countries for block in session.question_blocks)
        ),
        role=lambda appearance: appearance.country == country,
    )


def for_session(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one session, and the workshop around it."""
    return _with_sessions(agenda, wanted=lambda session: session.uid == uid, role=_nobody)


def for_workshop(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one of its workshops."""
    workshops = tuple(workshop for workshop in agenda.workshops if workshop.uid == uid)
    states = tuple(state for state in agenda.calendar_states if state.workshop == uid)
    return with_appearing_people(replace(agenda, workshops=workshops, calendar_states=states))


def _nobody(_appearance: Appearance) -> bool:
    return False


def _with_sessions(
    agenda: Agenda, *, wanted: Callable[[Session], bool], role: Callable[[Appearance], bool]
) -> Agenda:
    workshops = (
        replace(
            workshop,
            sessions=tuple(session for session in workshop.sessions if wanted(session)),
            people=tuple(appearance for appearance in workshop.people if role(appearance)),
        )
        for workshop in agenda.workshops
    )
    selected = tuple(workshop for workshop in workshops if workshop.sessions or workshop.people)
    states = tuple(
        state
        for state in agenda.calendar_states
        if not state.last_known or wanted(state.last_known)
    )
    cut = replace(agenda, workshops=selected, calendar_states=states)
    return with_appearing_people(with_calendar_states_of_sessions(cut))


def with_calendar_states_of_sessions(agenda: Agenda) -> Agenda:
    """The agenda with calendar states only of sessions that are in it or were removed from it."""
    present = {session.uid for session in agenda.sessions()}
    states = tuple(
        state for state in agenda.calendar_states if state.last_known or state.uid in present
    )
    removed = {
        appearance.person
        for state in states
        if state.last_known
        for appearance in state.last_known.everybody
    }
    former = tuple(person for person in agenda.former_people if person.uid in removed)
    return replace(agenda, calendar_states=states, former_people=former)


def with_appearing_people(agenda: Agenda, *, keep_all: bool = False) -> Agenda:
    if keep_all:
        return agenda
    appearing = {
        appearance.person for workshop in agenda.workshops for appearance in workshop.people
    }
    appearing |= {
        appearance.person for session in agenda.sessions() for appearance in session.everybody
    }
    return replace(
        agenda, people=tuple(person for person in agenda.people if person.uid in appearing)
    )
