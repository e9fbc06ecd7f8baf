"""What is followed from release to release, so that calendar entries stay right. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Session, Track, Workshop


@dataclass(frozen=True, slots=True)
class _Entry:
    """All that a calendar entry tells of a session; `event` is what it tells of the event."""

    session: Session
    workshop: UUID
    place: Text
    event: tuple[object, ...]

    @property
    def schedule(self) -> tuple[object, ...]:
        return self.session.starts_at, self.session.ends_at, self.session.status, self.place


def follow(old: Agenda | None, new: Agenda, *, number: int, now: datetime) -> tuple[Track, ...]:
    """The tracks of the release `number`, made at `now` (UTC), in the order of the UIDs.

    SEQUENCE goes up exactly when start, end, place or status change (RFC 5546, 2.1.4), a session
    is dropped or comes back. A UID that was once released keeps a track for ever.
    """
    was, now_is = ({} if old is None else _entries(old)), _entries(new)
    tracks = {} if old is None else {track.uid: track for track in _tracks(old)}
    found = []
    for uid in tracks.keys() | now_is.keys():
        track, before, after = tracks.get(uid), was.get(uid), now_is.get(uid)
        if track is None:
            found.append(Track(uid, now_is[uid].workshop, 0, number, now))
            continue
        changed = replace(track, changed_in=number, changed_at=now)
        if after is not None:
            found.append(_kept(track, changed, before, after))
        elif before is not None:
            gone = replace(before.session, place=before.place)
            found.append(replace(changed, sequence=track.sequence + 1, gone=gone))
        else:
            found.append(track)
    return tuple(sorted(found, key=lambda track: str(track.uid)))


def follow_windows(
    old: Agenda | None, new: Agenda, *, number: int, now: datetime
) -> tuple[Track, ...]:
    """The tracks of the workshops themselves in the release `number`, made at `now` (UTC).

    For those whose calendar holds a whole workshop: SEQUENCE goes up exactly when its announced
    start or end, or its place change.
    """
    was = {} if old is None else {each.uid: _Window(old, each) for each in old.workshops}
    tracks = {} if old is None else {track.uid: track for track in old.windows}
    for workshop in new.workshops:
        uid, after = workshop.uid, _Window(new, workshop)
        track, before = tracks.get(uid), was.get(uid)
        if track is None:
            tracks[uid] = Track(uid, uid, 0, number, now)
        elif before is None or before.told != after.told:
            raised = before is None or before.schedule != after.schedule
            sequence = track.sequence + raised
            tracks[uid] = replace(track, sequence=sequence, changed_in=number, changed_at=now)
    return tuple(sorted(tracks.values(), key=lambda track: str(track.uid)))


@dataclass(frozen=True, slots=True)
class _Window:
    """A workshop as one calendar entry."""

    agenda: Agenda
    workshop: Workshop

    @property
    def schedule(self) -> tuple[object, ...]:
        place = self.workshop.place or self.agenda.platform
        return self.workshop.starts_at, self.workshop.ends_at, place

    @property
    def told(self) -> tuple[object, ...]:
        return *self.schedule, self.workshop.title, self.workshop.audience


def _kept(track: Track, changed: Track, before: _Entry | None, after: _Entry) -> Track:
    """The track of a session that stands in the new release, or came back into it."""
    if before == after:
        return track
    rescheduled = before is None or before.schedule != after.schedule
    return replace(
        changed,
        workshop=after.workshop,
        sequence=track.sequence + rescheduled,
        gone=None,
    )


def _entries(agenda: Agenda) -> dict[UUID, _Entry]:
    event = (agenda.title, agenda.zones, agenda.organisers, agenda.office_name)
    return {
        session.uid: _Entry(
            session=session,
            workshop=workshop.uid,
            place=agenda.place_of(workshop, session),
            event=(*event, agenda.office_address, workshop.title),
        )
        for workshop, session in agenda.placed_sessions()
    }


def _tracks(agenda: Agenda) -> Iterator[Track]:
    """An agenda's tracks; fresh ones where its release is from before there were any."""
    yield from agenda.tracks
    known = {track.uid for track in agenda.tracks}
    for workshop, session in agenda.placed_sessions():
        if session.uid not in known and agenda.released_at is not None:
            yield Track(session.uid, workshop.uid, 0, agenda.release, agenda.released_at)
