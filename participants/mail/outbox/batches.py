"""Reads: what became of the mails of an event, batch by batch and person by person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from participants.models import Letter
from workshop.models import Event

State = Letter.State
# What somebody has to look at.
TROUBLE = (State.FAILED, State.BOUNCED, State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails that were sent together; `by` is empty where nobody in particular did."""

    uid: UUID
    kind: str
    made_at: datetime
    by: str
    counts: tuple[tuple[State, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def sent(self) -> int:
        return dict(self.counts).get(State.SENT, 0)

    @property
    def waiting(self) -> int:
        """Those that will still go out by themselves."""
        counts = dict(self.counts)
        return counts.get(State.WAITING, 0) + counts.get(State.SENDING, 0)


def list_batches(event: Event) -> tuple[Batch, ...]:
    """What organisers put into the outbox, the newest first. One query."""
    letters = Letter.objects.filter(event=event).exclude(kind=Letter.Kind.CONFIRMATION)
    found: dict[tuple[UUID, str], list[tuple[State, int]]] = {}
    made: dict[tuple[UUID, str], tuple[datetime, str]] = {}
    rows = letters.values("batch", "kind", "state", "made_by__username")
    for row in rows.annotate(count=Count("pk"), at=Max("made_at")).order_by("state"):
        key = row["batch"], row["kind"]
        found.setdefault(key, []).append((State(row["state"]), row["count"]))
        made[key] = row["at"], row["made_by__username"] or ""
    batches = (Batch(*key, *made[key], tuple(counts)) for key, counts in found.items())
    return tuple(sorted(batches, key=lambda each: (each.made_at, str(each.uid)), reverse=True))


def list_trouble(event: Event) -> QuerySet[Letter]:
    """The mails that failed, came back or may have been sent, confirmations too."""
    letters = Letter.objects.filter(event=event, state__in=TROUBLE).select_related("person")
    return letters.order_by("-made_at", "person__sort_name", "uid")
