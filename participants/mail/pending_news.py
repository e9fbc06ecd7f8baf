"""What somebody knows of an event and what they do not know yet: facts, no words.

Every mail brings its reader up to date: whatever its kind, it tells what changed since the last
one, and their calendar shows the newest release afterwards.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from participants.mail.personal_agenda import Own, differences, own, part_of, together
from participants.mail.snapshot import Addressee, Book, Joining, Place
from participants.models import Letter, Participation
from sessions_app.agenda.diff import Change

Kind = Letter.Kind
KINDS = (Kind.INVITATION, Kind.REMINDER, Kind.CHANGE, Kind.JOINING, Kind.CANCELLATION)


@dataclass(frozen=True, slots=True)
class Knowing:
    """What one mail to somebody has to go by; `places` are those in which they are with it.

    `now` is what they have a part in as the newest release has it, `changes` what of it they were
    not told. `joining` is what the mail tells of joining, `joined` what they knew or know then.
    `left` are the workshops they were taken off without having been told.
    """

    to: Addressee
    places: tuple[Place, ...]
    now: Own
    changes: tuple[Change, ...]
    joining: tuple[Joining, ...]
    joined: tuple[Joining, ...]
    left: tuple[Joining, ...]

    def place_in(self, workshop: UUID) -> Place | None:
        return next((place for place in self.places if place.workshop == workshop), None)


def knowing(book: Book, to: Addressee, kind: str) -> Knowing:
    """Where somebody stands before a mail of this kind; the event must have a release."""
    agenda = book.agenda(book.newest, to)
    titles = {workshop.uid: workshop.title for workshop in agenda.workshops}
    inviting = (Participation.State.LISTED,) if kind == Kind.INVITATION else ()
    places = tuple(
        place
        for place in to.places
        if place.workshop in titles and (place.is_let_in or place.state in inviting)
    )
    now = _own(book, to, places, book.newest)

    def joining(found: Iterable[Place]) -> tuple[Joining, ...]:
        rows = (book.joining[place.workshop] for place in found)
        return tuple(replace(row, title=titles.get(row.workshop, row.title)) for row in rows)

    open_ones = [place for place in places if _is_open(book, place)]
    return Knowing(
        to=to,
        places=places,
        now=now,
        changes=_changes(book, to, places, now),
        joining=joining(
            place for place in open_ones if kind == Kind.JOINING or _is_outdated(book, place)
        ),
        joined=joining(place for place in open_ones if kind == Kind.JOINING or place.told_join),
        left=joining(place for place in to.places if has_left(place)),
    )


def has_left(place: Place) -> bool:
    """Whether they were taken off a list after they had been written to, and not told so."""
    return place.state == Participation.State.WITHDRAWN and place.told_release is not None


def _own(book: Book, to: Addressee, places: Collection[Place], release: int) -> Own:
    listed = {place.workshop for place in places}
    others = {place.workshop for place in to.places} - listed
    return own(book.agenda(release, to), to.uid, listed=listed, without=others)


def _changes(book: Book, to: Addressee, places: Collection[Place], now: Own) -> tuple[Change, ...]:
    """What differs from what they were told, each workshop as the release they know had it.

    Parts in a workshop in whose list they are not were told with the others, at the earliest.
    """
    known = {
        place.workshop: place.told_release
        for place in places
        if place.told_release is not None and place.told_release in book.releases
    }
    if not known:
        return ()
    elsewhere = {each.uid for number in book.releases for each in book.releases[number].workshops}
    elsewhere -= {place.workshop for place in to.places}
    known |= dict.fromkeys(elsewhere, min(known.values()))
    was = [
        part_of(
            _own(book, to, places, release),
            [workshop for workshop, number in known.items() if number == release],
        )
        for release in sorted(set(known.values()))
    ]
    return differences(together(to.uid, was), part_of(now, known))


def _is_open(book: Book, place: Place) -> bool:
    """Whether they are let in already and there is a link: only then do they see it."""
    return place.is_let_in and bool(book.joining[place.workshop].url)


def _is_outdated(book: Book, place: Place) -> bool:
    return 0 < place.told_join < book.joining[place.workshop].version
