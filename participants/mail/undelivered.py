"""Queries: e-mails that did not arrive, and the last release that reached their recipients.

An e-mail counts as received once it is in the outbox. If it was stopped, failed or bounced, its
recipient has only the content of the last e-mail that was not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from participants.models import OutgoingMail
from sessions_app.models import Release
from workshop.models import Event

State = OutgoingMail.State
UNDELIVERED = (State.STOPPED, State.FAILED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class MissedMails:
    """E-mails that one person missed since the last one that arrived.

    `release` is the release of that last e-mail, None if no e-mail arrived.
    """

    release: int | None
    kinds: frozenset[str]
    texts: tuple[str, ...]


def list_missed_mails(event: Event) -> Mapping[UUID, MissedMails]:
    """Missed e-mails by person UID. One query if all arrived, else three."""
    mails = OutgoingMail.objects.filter(event=event).exclude(kind=OutgoingMail.Kind.CONFIRMATION)
    missed: dict[UUID, list[tuple[datetime, str, str]]] = {}
    rows = mails.filter(state__in=UNDELIVERED).values_list("person_id", "made_at", "kind", "text")
    for person, made_at, kind, text in rows:
        missed.setdefault(person, []).append((made_at, kind, text))
    if not missed:
        return {}
    arrived = mails.exclude(state__in=UNDELIVERED).filter(person__in=missed).order_by()
    last_arrived = dict(arrived.values_list("person_id").annotate(arrived_at=Max("made_at")))
    releases = list(Release.objects.filter(event=event).values_list("number", "made_at"))
    result = {}
    for person, missed_mails in missed.items():
        since = last_arrived.get(person)
        later = [mail for mail in missed_mails if since is None or mail[0] > since]
        if later:
            received = [number for number, made_at in releases if since and made_at <= since]
            result[person] = MissedMails(
                release=max(received, default=None),
                kinds=frozenset(kind for _, kind, _ in later),
                texts=tuple(text for *_, text in later),
            )
    return result
