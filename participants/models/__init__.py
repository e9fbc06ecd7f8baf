"""Models of people, participations, personal links and e-mails."""

from participants.models.links import PersonalLink
from participants.models.mails import OutgoingMail, SentEntry
from participants.models.participation import Participation, SessionReply
from participants.models.people import Person, free_key

__all__ = [
    "OutgoingMail",
    "Participation",
    "Person",
    "PersonalLink",
    "SentEntry",
    "SessionReply",
    "free_key",
]
