"""Queries: the batches of e-mails of an event, and the e-mails with problems."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from participants.models import OutgoingMail
from workshop.models import Event

State = OutgoingMail.State
# States of e-mails that an organiser has to decide on.
PROBLEM_STATES = (State.FAILED, State.BOUNCED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Batch:
    """E-mails that were put into the outbox together; `made_by` can be empty."""

    uid: UUID
    kind: str
    made_at: datetime
    made_by: str
    counts: tuple[tuple[State, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def sent(self) -> int:
        return dict(self.counts).get(State.SENT, 0)

    @property
    def waiting(self) -> int:
        """Number of e-mails that will still be sent automatically."""
        counts = dict(self.counts)
        return counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0)


def list_batches(event: Event) -> tuple[Batch, ...]:
    """Batches that organisers put into the outbox, the newest first. One query."""
    mails = OutgoingMail.objects.filter(event=event).exclude(kind=OutgoingMail.Kind.CONFIRMATION)
    states: dict[tuple[UUID, str], list[tuple[State, int]]] = {}
    made_facts: dict[tuple[UUID, str], tuple[datetime, str]] = {}
    rows = mails.values("batch", "kind", "state", "made_by__username")
    for row in rows.annotate(count=Count("pk"), at=Max("made_at")).order_by("state"):
        key = row["batch"], row["kind"]
        states.setdefault(key, []).append((State(row["state"]), row["count"]))
        made_facts[key] = row["at"], row["made_by__username"] or ""
    batches = (Batch(*key, *made_facts[key], tuple(counts)) for key, counts in states.items())
    return tuple(sorted(batches, key=lambda batch: (batch.made_at, str(batch.uid)), reverse=True))


def list_problem_mails(event: Event) -> QuerySet[OutgoingMail]:
    """E-mails that failed, bounced or may have been sent, with confirmations."""
    mails = OutgoingMail.objects.filter(event=event, state__in=PROBLEM_STATES).select_related(
        "person"
    )
    return mails.order_by("-made_at", "person__sort_name", "uid")
