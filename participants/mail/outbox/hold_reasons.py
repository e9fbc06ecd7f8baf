"""Why a mail that waits goes no more: what it tells its reader may no longer be theirs to know."""

from typing import Any

from django.utils.translation import gettext as _

from participants.models import Letter, Participation, PersonalLink

Kind, State = Letter.Kind, Letter.State
# What is told to those let in alone; a cancellation and a confirmation go to those who left.
FOR_THOSE_LET_IN = (Kind.INVITATION, Kind.REMINDER, Kind.CHANGE, Kind.JOINING)


def why_held(letter: Letter) -> str:
    """A sentence on why it must not go out now; empty where it may.

    That is where its reader has left a list or their link was revoked since it was written, where
    a newer mail has gone before it, and where its words were erased.
    """
    if not letter.text:
        return _("Its words were erased. Send a new one.")
    if _is_overtaken(letter):
        return _("A newer mail to the same person went before it. Send a new one.")
    if letter.kind in FOR_THOSE_LET_IN and _has_left(letter):
        return _("Its reader has left a list since, or their link was revoked. Send a new one.")
    return ""


def _is_overtaken(letter: Letter) -> bool:
    """Of calendar entries the older version may not arrive last (RFC 5546, 2.1.4).

    A newer mail that still waits overtakes nothing: the older goes first.
    """
    if letter.kind == Kind.CONFIRMATION:
        return False
    gone = (State.SENDING, State.SENT, State.UNKNOWN)
    later = Letter.objects.filter(
        person=letter.person_id, event=letter.event_id, made_at__gt=letter.made_at, state__in=gone
    )
    return later.exclude(kind=Kind.CONFIRMATION).exists()


def _has_left(letter: Letter) -> bool:
    history: Any = Participation.history  # type: ignore[attr-defined]  # simple-history
    gone = (Participation.State.WITHDRAWN, Participation.State.DECLINED)
    left = history.filter(
        person=letter.person_id,
        workshop__event=letter.event_id,
        history_date__gt=letter.made_at,
        state__in=gone,
    )
    revoked = PersonalLink.objects.filter(
        person=letter.person_id, revoked_at__gt=letter.made_at, purpose=PersonalLink.Purpose.PAGE
    )
    return bool(left.exists() or revoked.exists())
