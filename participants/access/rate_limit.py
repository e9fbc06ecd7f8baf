"""Guessing personal links is slow work: wrong ones are counted, by network and in all.

The counts are a fixed window's, in the cache that all processes share. What is counted together
by two processes in the same instant may count once: the limits are far below what would help a
guesser, and far above what people do.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.http import HttpRequest

from participants.models import PersonalLink
from workshop.ops.client_network import network_of

SECONDS = 600


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong ones a window takes from one network, and from all together."""

    of_one: int
    of_all: int


# Calendars that were subscribed to go on asking for an address that is revoked.
LIMITS = {
    PersonalLink.Purpose.PAGE: Limit(20, 2000),
    PersonalLink.Purpose.CALENDAR: Limit(200, 20_000),
}


def seconds_to_wait(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> int:
    """How long nobody is let in from where the request comes; 0 where it may try."""
    one, everybody = _counts(request, purpose, now)
    counted = caches["shared"].get_many((one, everybody))
    limit = LIMITS[purpose]
    if counted.get(one, 0) < limit.of_one and counted.get(everybody, 0) < limit.of_all:
        return 0
    return SECONDS - int(now.timestamp()) % SECONDS


def count_wrong(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> None:
    """Remember that a link was wrong, old or revoked: it is the same for all three."""
    cache = caches["shared"]
    for name in _counts(request, purpose, now):
        cache.set(name, cache.get(name, 0) + 1)


def _counts(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> tuple[str, str]:
    window = int(now.timestamp()) // SECONDS
    of = f"wrong:{purpose.value}:{window}"
    return f"{of}:{network_of(request)}", of
