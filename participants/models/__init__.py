"""Who takes part, what they answered, how they come in and what was sent to them."""

from participants.models.links import PersonalLink
from participants.models.mails import Letter, SentEntry
from participants.models.participation import Participation, SessionReply
from participants.models.people import Person, free_key

__all__ = [
    "Letter",
    "Participation",
    "Person",
    "PersonalLink",
    "SentEntry",
    "SessionReply",
    "free_key",
]
