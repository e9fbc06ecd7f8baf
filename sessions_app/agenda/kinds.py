"""Behaviour of each kind of session and each role of a person: code asks for it, not for names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """Behaviour of the sessions of one kind."""

    is_break: bool = False
    needs_title: bool = True
    needs_speaker: bool = True
    needs_moderator: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """Behaviour of the people in one role; a moderator also reads the notes for moderators."""

    leads: bool = False
    moderates: bool = False
    answers_questions: bool = False


ORDINARY_KIND, ORDINARY_ROLE = Kind(), Role()
# By stored value; any other kind is a session like others, any other role a speaker.
KINDS = {
    "opening": Kind(),
    "presentation": Kind(),
    "panel": Kind(needs_moderator=True),
    "q_and_a": Kind(needs_title=False, needs_speaker=False),
    "break": Kind(is_break=True, needs_title=False, needs_speaker=False),
    "closing": Kind(),
    "other": Kind(),
}
ROLES = {
    "moderator": Role(leads=True, moderates=True),
    "facilitator": Role(leads=True),
    "speaker": Role(),
    "presenter": Role(),
    "panelist": Role(answers_questions=True),
}
