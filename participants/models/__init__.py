"""Who takes part, what they answered, how they come in and what was sent to them."""

from participants.models.letters import Letter, SentEntry
from participants.models.links import PersonalLink
from participants.models.people import Person, free_key
from participants.models.taking_part import Participation, SessionReply

__all__ = [
    "Letter",
    "Participation",
    "Person",
    "PersonalLink",
    "SentEntry",
    "SessionReply",
    "free_key",
]
