"""Service that saves a reply, all or nothing, and queues its confirmation."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from participants.mail.confirmation import enqueue_confirmation
from participants.models import Participation, SessionReply
from participants.personal.reply import ANSWERED_STATES, REPLY_ALLOWED_STATES, Reply, reply_from_row
from participants.personal.self_service_history import as_self_service
from sessions_app.agenda.types import Agenda
from sessions_app.models import Session

__all__ = ["CannotReply", "Reply", "ReplyConflict", "reply_refusal", "save_reply"]


class CannotReply(Exception):
    """The reply was not saved; the message gives the reason and the way out."""


class ReplyConflict(CannotReply):
    """The stored reply has changed since the form was opened; nothing was saved."""


@transaction.atomic
def save_reply(
    *,
    participation: Participation,
    answer: Reply,
    agenda: Agenda,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Save a reply and queue a confirmation; return True if anything changed.

    Compares with the stored rows. `agenda` is the published one as the person may see it. `seen`
    is the fingerprint of the reply that the form showed; a different stored reply raises
    ReplyConflict, unless it equals `answer`. Raises CannotReply for a person who is not invited
    or a session that is no longer theirs, and ValidationError for invalid values, such as an
    address with a newline.
    """
    row = _locked(participation)
    wanted, stored = answer.normalised(), reply_from_row(row)
    if wanted.state not in ANSWERED_STATES:
        raise ValueError(f"{wanted.state!r} is no reply.")
    if wanted == stored and row.replied_at is not None:
        return False
    if seen is not None and seen != stored.fingerprint:
        raise ReplyConflict(
            _("Your reply was changed in another window meanwhile. This one was not saved.")
        )
    sessions = _sessions(row, wanted)
    for column in (
        *("state", "attends_by", "office", "language", "note"),
        *("substitute_name", "substitute_email"),
    ):
        setattr(row, column, getattr(wanted, column))
    row.replied_at = now
    row.full_clean()
    as_self_service(row).save()
    _save_session_replies(row, wanted, sessions)
    enqueue_confirmation(person=row.person, event=row.workshop.event, agenda=agenda, now=now)
    return True


def reply_refusal(row: Participation | None) -> str:
    """Reason why a person with this row, or without one, cannot reply; empty if they can."""
    if row is None or row.state == Participation.State.WITHDRAWN:
        return _(
            "You are no longer on the list of this workshop, so your reply was not saved. "
            "If that is a mistake, write to the organisers."
        )
    if row.state not in REPLY_ALLOWED_STATES:
        return _("You are not invited to this workshop yet, so your reply was not saved.")
    return ""


def _locked(participation: Participation) -> Participation:
    rows = Participation.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "workshop__event").filter(pk=participation.pk).first()
    if row is None or reply_refusal(row):
        raise CannotReply(reply_refusal(row))
    return row


def _sessions(row: Participation, wanted: Reply) -> dict[UUID, Session]:
    """Sessions of the reply by UID; raises CannotReply if one has left the workshop."""
    uids = {uid for uid, _takes_part in wanted.sessions}
    rows = Session.objects.current().filter(workshop=row.workshop, uid__in=uids)
    sessions = {session.uid: session for session in rows}
    if len(sessions) != len(uids):
        raise CannotReply(
            _(
                "One of your sessions was removed from the programme meanwhile. Nothing was saved. "
                "Check your sessions and send your reply again."
            )
        )
    return sessions


def _save_session_replies(row: Participation, wanted: Reply, sessions: dict[UUID, Session]) -> None:
    stored = {reply.session_id: reply for reply in row.session_replies.all()}
    _delete_session_replies([reply for uid, reply in stored.items() if uid not in sessions])
    for uid, takes_part in wanted.sessions:
        reply = stored.get(uid) or SessionReply(participation=row, session=sessions[uid])
        if reply._state.adding or reply.takes_part != takes_part:
            reply.takes_part = takes_part
            as_self_service(reply).save()


def _delete_session_replies(replies: Collection[SessionReply]) -> None:
    for reply in replies:
        as_self_service(reply).delete()
