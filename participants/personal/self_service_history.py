"""History of edits that participants make themselves, without an account."""

from typing import Any, TypeVar

from participants.models import Participation, Person, SessionReply

SELF_SERVICE_REASON = "by the person, with their personal link"

EditedRow = TypeVar("EditedRow", Participation, Person, SessionReply)


def as_self_service(row: EditedRow) -> EditedRow:
    """Mark the next save of a row as self-service, even if an organiser is signed in too."""
    tracked: Any = row  # attributes of simple-history
    tracked._history_user = None
    tracked._change_reason = SELF_SERVICE_REASON
    return row
