"""Visibility: the agenda reduced to the content that a viewer may see."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from participants.access.levels import Level, Viewer
from sessions_app.agenda.field_levels import cut_to_level
from sessions_app.agenda.selection import with_appearing_people, with_calendar_states_of_sessions
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Workshop


def for_viewer(agenda: Agenda, viewer: Viewer) -> Agenda:
    """The agenda with only the content that `viewer` may see; every public read uses this."""
    workshops = tuple(_workshop_for(workshop, viewer) for workshop in agenda.workshops)
    states = tuple(
        cut_to_level(state, viewer.level)
        for state in agenda.calendar_states
        if state.workshop in viewer.readable_workshops
        or not state.last_known
        or (
            state.workshop not in viewer.withdrawn_workshops
            and any(appearance.person in viewer.people for appearance in state.last_known.everybody)
        )
    )
    cut = replace(agenda, workshops=workshops, calendar_states=states)
    return with_appearing_people(
        with_calendar_states_of_sessions(cut), keep_all=viewer.is_organiser
    )


def moderates(workshop: Workshop, people: frozenset[UUID]) -> bool:
    """Say whether one of these people moderates the workshop, or one of its sessions."""
    everybody = (appearance for session in workshop.sessions for appearance in session.everybody)
    return any(
        appearance.person in people and appearance.behaviour.moderates
        for appearance in (*workshop.people, *everybody)
    )


def _workshop_for(workshop: Workshop, viewer: Viewer) -> Workshop:
    if workshop.uid in viewer.readable_workshops:
        return cut_to_level(workshop, viewer.level)
    closed = Workshop(
        uid=workshop.uid,
        key=workshop.key,
        title=workshop.title,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        audience=workshop.audience,
        admission=workshop.admission,
        readable=False,
    )
    people = viewer.people if workshop.uid not in viewer.withdrawn_workshops else frozenset()
    own = tuple(_own_items(workshop, people)) if people else ()
    return replace(closed, sessions=cut_to_level(own, Level.PUBLIC))


def _own_items(workshop: Workshop, people: frozenset[UUID]) -> Iterator[Session]:
    """Sessions of a closed workshop with these people, or only the talks that they give there."""
    for session in workshop.sessions:
        if any(appearance.person in people for appearance in session.people):
            yield session
            continue
        talks = tuple(
            talk
            for talk in session.presentations
            if any(appearance.person in people for appearance in talk.people)
        )
        if talks:
            yield replace(
                session,
                note=Text(),
                people=(),
                presentations=talks,
                question_blocks=(),
                questions_minutes=None,
            )
