"""A person's reply as a value: what was answered, and in words they read it in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from participants.models import Participation

State, AttendsBy = Participation.State, Participation.AttendsBy

ANSWERS = (State.ACCEPTED, State.TENTATIVE, State.DECLINED)
# Who was invited may answer, and answer again.
MAY_ANSWER = (State.INVITED, *ANSWERS)

_STATES = {
    State.INVITED: gettext_lazy("You have not replied yet"),
    State.ACCEPTED: gettext_lazy("You accepted"),
    State.TENTATIVE: gettext_lazy("You accepted tentatively"),
    State.DECLINED: gettext_lazy("You declined"),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answers for one workshop; `sessions` are their words on their own sessions.

    `state` is one of ANSWERS in a reply, or the state in which one waits for it.
    """

    state: str
    attends_by: str = ""
    office: str = ""
    language: str = ""
    note: str = ""
    substitute_name: str = ""
    substitute_email: str = ""
    sessions: tuple[tuple[UUID, bool], ...] = ()

    def settled(self) -> "Reply":
        """The reply without what does not go with it, such as a substitute for who comes."""
        kept = replace(self, sessions=tuple(sorted(self.sessions)))
        if self.attends_by != AttendsBy.OFFICE:
            kept = replace(kept, office="")
        if self.state == State.DECLINED:
            return replace(kept, sessions=(), attends_by="", office="", language="")
        return replace(kept, substitute_name="", substitute_email="")

    @property
    def mark(self) -> str:
        """What tells this reply from any other: a form carries that of the reply it began with."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def reply_of(row: Participation) -> Reply:
    """The reply as a row holds it, with its replies to sessions."""
    return Reply(
        state=row.state,
        attends_by=row.attends_by,
        office=row.office,
        language=row.language,
        note=row.note,
        substitute_name=row.substitute_name,
        substitute_email=row.substitute_email,
        sessions=tuple(
            sorted((each.session_id, each.takes_part) for each in row.session_replies.all())
        ),
    ).settled()


def in_short(reply: Reply, room: str) -> str:
    """`You accepted, online.`"""
    said = str(_STATES.get(State(reply.state), State(reply.state).label))
    place = place_of(reply, room)
    return f"{said}, {place}." if place else f"{said}."


def in_full(reply: Reply, room: str) -> Iterator[str]:
    """Every part of a reply as a sentence, but what was said of sessions."""
    yield in_short(reply, room)
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


def place_of(reply: Reply, room: str) -> str:
    """How they attend: `online`, `in the conference room (MOHA)`; empty where it is not said."""
    if not reply.attends_by:
        return ""
    named = {AttendsBy.ROOM.value: room, AttendsBy.OFFICE.value: reply.office}
    name = named.get(reply.attends_by, "")
    label = AttendsBy(reply.attends_by).label
    return f"{label} ({name})" if name else str(label)
