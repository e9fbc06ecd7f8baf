"""Reads: mails that never arrived, and what their readers therefore do not know after all.

A mail counts as known once it is in the outbox. Where it was stopped, failed or came back, its
reader knows what the last one that did not told them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from participants.models import Letter
from sessions_app.models import Release
from workshop.models import Event

State = Letter.State
LOST = (State.STOPPED, State.FAILED, State.BOUNCED)


@dataclass(frozen=True, slots=True)
class Lost:
    """What somebody did not get since the mail they got last, if they got any.

    `release` is what that one told them of, None if there is none.
    """

    release: int | None
    kinds: frozenset[str]
    texts: tuple[str, ...]


def list_lost(event: Event) -> Mapping[UUID, Lost]:
    """By person, of those who missed something. One query where all arrived, else three."""
    letters = Letter.objects.filter(event=event).exclude(kind=Letter.Kind.CONFIRMATION)
    missed: dict[UUID, list[tuple[datetime, str, str]]] = {}
    rows = letters.filter(state__in=LOST).values_list("person_id", "made_at", "kind", "text")
    for person, made_at, kind, text in rows:
        missed.setdefault(person, []).append((made_at, kind, text))
    if not missed:
        return {}
    arrived = letters.exclude(state__in=LOST).filter(person__in=missed).order_by()
    heard = dict(arrived.values_list("person_id").annotate(at=Max("made_at")))
    releases = list(Release.objects.filter(event=event).values_list("number", "made_at"))
    found = {}
    for person, mails in missed.items():
        at = heard.get(person)
        since = [each for each in mails if at is None or each[0] > at]
        if since:
            known = [number for number, made_at in releases if at is not None and made_at <= at]
            kinds = frozenset(kind for _, kind, _ in since)
            found[person] = Lost(max(known, default=None), kinds, tuple(text for *_, text in since))
    return found
