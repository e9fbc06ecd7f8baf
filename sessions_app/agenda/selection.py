"""The agenda cut down to one person, country, session or workshop."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sessions_app.agenda.types import Agenda, Appearance, Session


def for_person(agenda: Agenda, person: UUID) -> Agenda:
    """The agenda with only the sessions and whole-workshop roles that a person has a part in."""
    return _with_sessions(
        agenda,
        wanted=lambda session: any(who.person == person for who in session.everybody),
        role=lambda who: who.person == person,
    )


def for_country(agenda: Agenda, country: str) -> Agenda:
    """The agenda with only the sessions in which a country (ISO alpha-2) speaks or is asked."""
    return _with_sessions(
        agenda,
        wanted=lambda session: (
            any(who.country == country for who in session.everybody)
            or any(country in block.countries for block in session.question_blocks)
        ),
        role=lambda who: who.country == country,
    )


def for_session(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one session, and the workshop around it."""
    return _with_sessions(agenda, wanted=lambda session: session.uid == uid, role=_nobody)


def for_workshop(agenda: Agenda, uid: UUID) -> Agenda:
    """The agenda with only one of its workshops."""
    workshops = tuple(workshop for workshop in agenda.workshops if workshop.uid == uid)
    tracks = tuple(track for track in agenda.tracks if track.workshop == uid)
    return with_people_who_appear(replace(agenda, workshops=workshops, tracks=tracks))


def _nobody(_who: Appearance) -> bool:
    return False


def _with_sessions(
    agenda: Agenda, *, wanted: Callable[[Session], bool], role: Callable[[Appearance], bool]
) -> Agenda:
    workshops = (
        replace(
            workshop,
            sessions=tuple(session for session in workshop.sessions if wanted(session)),
            people=tuple(who for who in workshop.people if role(who)),
        )
        for workshop in agenda.workshops
    )
    kept = tuple(workshop for workshop in workshops if workshop.sessions or workshop.people)
    tracks = tuple(track for track in agenda.tracks if not track.gone or wanted(track.gone))
    cut = replace(agenda, workshops=kept, tracks=tracks)
    return with_people_who_appear(with_tracks_of_sessions(cut))


def with_tracks_of_sessions(agenda: Agenda) -> Agenda:
    """Without the tracks of sessions that are neither in the agenda nor gone from it."""
    present = {session.uid for session in agenda.sessions()}
    tracks = tuple(track for track in agenda.tracks if track.gone or track.uid in present)
    gone = {who.person for track in tracks if track.gone for who in track.gone.everybody}
    former = tuple(person for person in agenda.former_people if person.uid in gone)
    return replace(agenda, tracks=tracks, former_people=former)


def with_people_who_appear(agenda: Agenda, *, keep_all: bool = False) -> Agenda:
    if keep_all:
        return agenda
    appearing = {who.person for workshop in agenda.workshops for who in workshop.people}
    appearing |= {who.person for session in agenda.sessions() for who in session.everybody}
    return replace(
        agenda, people=tuple(person for person in agenda.people if person.uid in appearing)
    )
