"""Reasons to stop a queued e-mail: its recipient lost access, or a newer one replaced it."""

from typing import Any

from django.utils.translation import gettext as _

from participants.models import OutgoingMail, Participation, PersonalLink

Kind, State = OutgoingMail.Kind, OutgoingMail.State
# Kinds for registered participants only; others may go to people who left.
PARTICIPANT_KINDS = (Kind.INVITATION, Kind.REMINDER, Kind.CHANGE, Kind.JOINING)


def stop_reason(mail: OutgoingMail) -> str:
    """The reason why an e-mail must not be sent now, as a sentence; empty if it may be sent.

    The recipient has no address any more, left a list, or their link was revoked since it was
    made; a newer e-mail was sent before it; or its texts were erased.
    """
    if not mail.person.email:
        return _(
            "%(name)s has no e-mail address any more. Enter one in the list of people first."
        ) % {"name": mail.person}
    if not mail.text:
        return _("Its text was erased. Send a new e-mail.")
    if _is_overtaken(mail):
        return _("A newer e-mail to the same person was sent before it. Send a new e-mail.")
    if mail.kind in PARTICIPANT_KINDS and _has_left(mail):
        return _(
            "Its recipient has left a list since, or their link was revoked. Send a new e-mail."
        )
    return ""


def _is_overtaken(mail: OutgoingMail) -> bool:
    """True if a newer e-mail was sent: an older calendar entry must not arrive last.

    See RFC 5546, 2.1.4. A newer e-mail that is still waiting does not count.
    """
    if mail.kind == Kind.CONFIRMATION:
        return False
    states = (State.SENDING, State.SENT, State.UNKNOWN)
    later = OutgoingMail.objects.filter(
        person=mail.person_id, event=mail.event_id, made_at__gt=mail.made_at, state__in=states
    )
    return later.exclude(kind=Kind.CONFIRMATION).exists()


def _has_left(mail: OutgoingMail) -> bool:
    history: Any = Participation.history  # type: ignore[attr-defined]  # simple-history
    states = (Participation.State.WITHDRAWN, Participation.State.DECLINED)
    left = history.filter(
        person=mail.person_id,
        workshop__event=mail.event_id,
        history_date__gt=mail.made_at,
        state__in=states,
    )
    revoked = PersonalLink.objects.filter(
        person=mail.person_id, revoked_at__gt=mail.made_at, purpose=PersonalLink.Purpose.PAGE
    )
    return bool(left.exists() or revoked.exists())
