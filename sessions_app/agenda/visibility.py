"""The agenda cut for a viewer: every public read passes through `for_viewer`."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from participants.access.viewer import Level, Viewer
from sessions_app.agenda.field_levels import up_to
from sessions_app.agenda.selection import with_people_who_appear, with_tracks_of_sessions
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Workshop


def for_viewer(agenda: Agenda, viewer: Viewer) -> Agenda:
    """The agenda with only what `viewer` may see; every public read passes through here."""
    workshops = tuple(_workshop_for(workshop, viewer) for workshop in agenda.workshops)
    tracks = tuple(
        up_to(track, viewer.level)
        for track in agenda.tracks
        if track.workshop in viewer.reads
        or not track.gone
        or (
            track.workshop not in viewer.barred
            and any(who.person in viewer.people for who in track.gone.everybody)
        )
    )
    cut = replace(agenda, workshops=workshops, tracks=tracks)
    return with_people_who_appear(with_tracks_of_sessions(cut), keep_all=viewer.is_organiser)


def moderates(workshop: Workshop, people: frozenset[UUID]) -> bool:
    """Whether one of these people moderates the workshop, or one of its sessions."""
    everybody = (who for session in workshop.sessions for who in session.everybody)
    return any(
        who.role == "moderator" and who.person in people for who in (*workshop.people, *everybody)
    )


def _workshop_for(workshop: Workshop, viewer: Viewer) -> Workshop:
    if workshop.uid in viewer.reads:
        return up_to(workshop, viewer.level)
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
    people = viewer.people if workshop.uid not in viewer.barred else frozenset()
    own = tuple(_own_items(workshop, people)) if people else ()
    return replace(closed, sessions=up_to(own, Level.PUBLIC))


def _own_items(workshop: Workshop, people: frozenset[UUID]) -> Iterator[Session]:
    """Sessions of a closed workshop that these people are in; of their talks, only those."""
    for session in workshop.sessions:
        if any(who.person in people for who in session.people):
            yield session
            continue
        talks = tuple(
            talk
            for talk in session.presentations
            if any(who.person in people for who in talk.people)
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
