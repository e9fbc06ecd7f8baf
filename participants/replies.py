"""Service: a person's reply is kept, all of it or nothing, and confirmed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from participants.mail.confirmation import queue_confirmation
from participants.models import Participation, SessionReply
from participants.personal.reply import ANSWERS, MAY_ANSWER, Reply, reply_of
from participants.personal.self_service_history import by_themselves
from sessions_app.models import Session

__all__ = ["AnsweredMeanwhile", "CannotReply", "Reply", "reply", "why_not"]


class CannotReply(Exception):
    """Nothing was kept; the message says why and what to do."""


class AnsweredMeanwhile(CannotReply):
    """The reply is no longer the one that this answer began with; nothing was kept."""


@transaction.atomic
def reply(
    *, participation: Participation, answer: Reply, now: datetime, seen: str | None = None
) -> bool:
    """Keep what somebody answers, and queue a confirmation; returns whether it changed anything.

    It goes by the rows as they are stored. `seen` is the mark of the reply that they had before
    them; another one meanwhile raises AnsweredMeanwhile, unless it is this very answer. Raises
    CannotReply for somebody who is not invited or a session that is not theirs any more, and
    ValidationError for what no row may hold, such as an address with a newline.
    """
    row = _locked(participation)
    wanted, stands = answer.settled(), reply_of(row)
    if wanted.state not in ANSWERS:
        raise ValueError(f"{wanted.state!r} is no reply.")
    if wanted == stands and row.replied_at is not None:
        return False
    if seen is not None and seen != stands.mark:
        raise AnsweredMeanwhile(
            _("Your reply was changed in another window meanwhile. Nothing of this one was kept.")
        )
    sessions = _sessions(row, wanted)
    for column in (
        *("state", "attends_by", "office", "language", "note"),
        *("substitute_name", "substitute_email"),
    ):
        setattr(row, column, getattr(wanted, column))
    row.replied_at = now
    row.full_clean()
    by_themselves(row).save()
    _say_of_sessions(row, wanted, sessions)
    queue_confirmation(person=row.person, event=row.workshop.event, now=now)
    return True


def why_not(row: Participation | None) -> str:
    """Why somebody with this row, or none any more, cannot reply; empty where they can."""
    if row is None or row.state == Participation.State.WITHDRAWN:
        return _(
            "You are no longer on the list of this workshop, so your reply was not kept. "
            "If that is a mistake, write to the organisers."
        )
    if row.state not in MAY_ANSWER:
        return _("You are not invited to this workshop yet, so your reply was not kept.")
    return ""


def _locked(participation: Participation) -> Participation:
    rows = Participation.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "workshop__event").filter(pk=participation.pk).first()
    if row is None or why_not(row):
        raise CannotReply(why_not(row))
    return row


def _sessions(row: Participation, wanted: Reply) -> dict[UUID, Session]:
    """The sessions that are answered for, if all of them still stand in this workshop."""
    uids = {uid for uid, _takes_part in wanted.sessions}
    found = Session.objects.current().filter(workshop=row.workshop, uid__in=uids)
    sessions = {session.uid: session for session in found}
    if len(sessions) != len(uids):
        raise CannotReply(
            _(
                "One of your sessions was taken off the programme meanwhile. Nothing was kept; "
                "look at your sessions once more and send your reply again."
            )
        )
    return sessions


def _say_of_sessions(row: Participation, wanted: Reply, sessions: dict[UUID, Session]) -> None:
    stand = {each.session_id: each for each in row.session_replies.all()}
    _take_back([each for uid, each in stand.items() if uid not in sessions])
    for uid, takes_part in wanted.sessions:
        said = stand.get(uid) or SessionReply(participation=row, session=sessions[uid])
        if said._state.adding or said.takes_part != takes_part:
            said.takes_part = takes_part
            by_themselves(said).save()


def _take_back(gone: Collection[SessionReply]) -> None:
    for each in gone:
        by_themselves(each).delete()
