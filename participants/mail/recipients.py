"""Who gets a mail and why, and who does not and why not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from participants.mail.changes import changed
from participants.mail.pending_news import Kind, Knowing, has_left, knowing
from participants.mail.snapshot import Addressee, Book, Place
from participants.mail.time_text import clock_of
from participants.models import Participation
from sessions_app.agenda.text import Text
from sessions_app.renderers import labels

State = Participation.State
Role = Participation.Role


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a mail, for a `reason`, or does not, if it says `why_not`."""

    person: UUID
    key: str
    name: Text
    country: str
    email: str
    reason: str
    why_not: str

    @property
    def gets_it(self) -> bool:
        return not self.why_not


def recipients(book: Book, kind: str) -> tuple[Recipient, ...]:
    """Everybody on a list of the event or in its programme, in the order of the lists."""
    return (*(_recipient(book, to, kind) for to in book.people), *_unlisted(book))


def fingerprint(book: Book, kind: str) -> str:
    """A mark of all that decides who gets which mail: it is another once anything is.

    A mail of this kind that goes into the outbox changes it too: nobody sends it twice.
    """
    told = [
        to for to, found in zip(book.people, recipients(book, kind), strict=False) if found.gets_it
    ]
    reads = [sorted(map(str, book.viewers[to.uid].reads)) for to in told]
    joining = sorted(book.joining.items())
    facts = (str(kind), book.newest, dict(book.last_batch).get(kind), told, reads, joining)
    return sha256(repr(facts).encode()).hexdigest()


def _recipient(book: Book, to: Addressee, kind: str) -> Recipient:
    published = tuple(place for place in to.places if place.workshop in book.published)
    if published:
        reason, why_not = _RULES[Kind(kind)](book, replace(to, places=published))
    else:
        said = _("Not published yet: %(workshops)s.")
        reason, why_not = "", said % {"workshops": _each(book, to.places)}
    if reason and not to.email:
        why_not = _("No e-mail address is known.")
    return Recipient(to.uid, to.key, to.name, to.country, to.email, reason, why_not)


def _unlisted(book: Book) -> Iterator[Recipient]:
    for person in book.unlisted:
        why_not = _("In the programme, but on no list of participants.")
        yield Recipient(person.uid, person.key, person.name, person.country, "", "", why_not)


def _invited(book: Book, to: Addressee) -> tuple[str, str]:
    listed = [place for place in to.places if place.state == State.LISTED]
    missed = [place for place in to.places if to.is_behind and _missed(place)]
    if missed:
        said = _("Their invitation did not arrive: %(workshops)s.")
        return said % {"workshops": _each(book, [*missed, *listed])}, ""
    return _each(book, listed), "" if listed else _off(to) or _("Invited already.")


def _missed(place: Place) -> bool:
    """Whether they are invited by the list and have never heard of it."""
    return place.state == State.INVITED and place.told_release is None and not place.is_answered


def _reminded(book: Book, to: Addressee) -> tuple[str, str]:
    silent = [place for place in to.places if place.state == State.INVITED]
    silent = [place for place in silent if not place.is_answered]
    unsure = [place for place in to.places if place.state == State.TENTATIVE]
    said = []
    if silent:
        said.append(_("No reply yet: %(workshops)s.") % {"workshops": _each(book, silent)})
    if unsure:
        said.append(_("Comes perhaps: %(workshops)s.") % {"workshops": _each(book, unsure)})
    return " ".join(said), "" if said else _not_let_in(to) or _("Has replied.")


def _changed(book: Book, to: Addressee) -> tuple[str, str]:
    let_in = [place for place in to.places if place.is_let_in]
    if not let_in:
        return "", _not_let_in(to)
    told = [place.told_release for place in let_in if place.told_release]
    if not told:
        return "", _("No mail has told them of the programme yet.")
    known = knowing(book, to, Kind.CHANGE)
    said = _what_changed(book, known)
    nothing = _("Nothing of theirs has changed since release %(number)s.")
    return said, "" if said else nothing % {"number": min(told)}


def _what_changed(book: Book, known: Knowing) -> str:
    """In the organisers' words: their own clock and language do not matter for a list."""
    zone = clock_of(book.event.zone)
    said = [f"{each.reason}." for each in changed(known.changes, known.now, zone)]
    if known.joining:
        said.append(_("Joining information is new."))
    return " ".join(said)


def _joining(book: Book, to: Addressee) -> tuple[str, str]:
    let_in = [place for place in to.places if place.is_let_in]
    if not let_in:
        return "", _not_let_in(to)
    linked = [place for place in let_in if book.joining[place.workshop].url]
    due = [place for place in linked if place.told_join < book.joining[place.workshop].version]
    if due:
        return _each(book, due), ""
    if not linked:
        return "", _("No join link is set yet: %(workshops)s.") % {"workshops": _each(book, let_in)}
    return "", _("Has it already.")


def _cancelled(book: Book, to: Addressee) -> tuple[str, str]:
    left = [place for place in to.places if has_left(place)]
    if left:
        return _("Taken off the list: %(workshops)s.") % {"workshops": _each(book, left)}, ""
    if any(place.state == State.WITHDRAWN for place in to.places):
        return "", _("Taken off the list, and knows it or was never written to.")
    return "", _("Still on the list.")


def _not_let_in(to: Addressee) -> str:
    """Why somebody hears nothing who is in no workshop; empty for who is in one."""
    if any(place.is_let_in for place in to.places):
        return ""
    return _off(to) or _("Not invited yet.")


def _off(to: Addressee) -> str:
    states = {place.state for place in to.places}
    if states == {State.WITHDRAWN}:
        return _("Taken off the list.")
    return _("Declined.") if states <= {State.DECLINED, State.WITHDRAWN} else ""


def _each(book: Book, places: Sequence[Place]) -> str:
    """`panelist`, with the workshop where the event has several."""
    if len(book.joining) < 2:
        return labels.listed([str(Role(place.role).label) for place in places])
    return "; ".join(
        _("%(role)s in %(workshop)s")
        % {
            "role": Role(place.role).label,
            "workshop": Truncator(str(book.joining[place.workshop].title)).chars(60),
        }
        for place in places
    )


_RULES = {
    Kind.INVITATION: _invited,
    Kind.REMINDER: _reminded,
    Kind.CHANGE: _changed,
    Kind.JOINING: _joining,
    Kind.CANCELLATION: _cancelled,
}
