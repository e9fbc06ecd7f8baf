"""Reply of a person to a workshop: the value, and its text on pages and in e-mails."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from participants.models import Participation

State, AttendsBy = Participation.State, Participation.AttendsBy

ANSWERED_STATES = (State.ACCEPTED, State.TENTATIVE, State.DECLINED)
# States in which a person may reply, or change their reply.
REPLY_ALLOWED_STATES = (State.INVITED, *ANSWERED_STATES)

_STATES = {
    State.INVITED: gettext_lazy("You have not replied yet"),
    State.ACCEPTED: gettext_lazy("You accepted"),
    State.TENTATIVE: gettext_lazy("You accepted tentatively"),
    State.DECLINED: gettext_lazy("You declined"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """Reply of a person to one workshop; `sessions` holds their yes or no by session.

    `state` is one of ANSWERED_STATES, or the state of a participation without a reply.
    """

    state: str
    attends_by: str = ""
    office: str = ""
    language: str = ""
    note: str = ""
    substitute_name: str = ""
    substitute_email: str = ""
    sessions: tuple[tuple[UUID, bool], ...] = ()

    def normalised(self) -> "Reply":
        """Drop values that do not fit the state, such as a substitute with an acceptance."""
        reply = replace(self, sessions=tuple(sorted(self.sessions)))
        if self.attends_by != AttendsBy.OFFICE:
            reply = replace(reply, office="")
        if self.state == State.DECLINED:
            return replace(reply, sessions=(), attends_by="", office="", language="")
        return replace(reply, substitute_name="", substitute_email="")

    @property
    def fingerprint(self) -> str:
        """Hash of the reply; a form posts that of the reply it was filled from."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def reply_from_row(participation: Participation) -> Reply:
    """Reply as stored, with its replies to sessions."""
    return Reply(
        state=participation.state,
        attends_by=participation.attends_by,
        office=participation.office,
        language=participation.language,
        note=participation.note,
        substitute_name=participation.substitute_name,
        substitute_email=participation.substitute_email,
        sessions=tuple(
            sorted((row.session_id, row.takes_part) for row in participation.session_replies.all())
        ),
    ).normalised()


def short_text(reply: Reply, room: str) -> str:
    """State and attendance: `You accepted, online.`"""
    text = str(_STATES.get(State(reply.state), State(reply.state).label))
    place = attendance_text(reply, room)
    return f"{text}, {place}." if place else f"{text}."


def full_sentences(reply: Reply, room: str) -> Iterator[str]:
    """Sentences for a whole reply, without its sessions."""
    yield short_text(reply, room)
    if reply.language:
        language = Participation.Language(reply.language).label
        yield gettext("You need %(language)s.") % {"language": language}
    if reply.substitute_name:
        yield gettext("Instead of you: %(name)s, %(email)s. The organisers decide.") % {
            "name": reply.substitute_name,
            "email": reply.substitute_email,
        }
    if reply.note:
        yield gettext("Your note: %(note)s") % {"note": reply.note}


def attendance_text(reply: Reply, room: str) -> str:
    """Way of attending: `online`, `in the conference room (MOHA)`; empty if not given."""
    if not reply.attends_by:
        return ""
    names = {AttendsBy.ROOM.value: room, AttendsBy.OFFICE.value: reply.office}
    name = names.get(reply.attends_by, "")
    label = AttendsBy(reply.attends_by).label
    return f"{label} ({name})" if name else str(label)
