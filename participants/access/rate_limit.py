"""Rate limit on invalid personal links, per network and overall.

Fixed-window counters in the cache that all processes share. Two increments at the same instant
may count as one. This is accepted: the limits are far below what guessing needs and far above
normal use.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.http import HttpRequest

from participants.models import PersonalLink
from workshop.ops.client_network import client_network

SECONDS = 600


@dataclass(frozen=True, slots=True)
class Limit:
    """Invalid links allowed in a window, from one network and from all networks."""

    per_network: int
    overall: int


# Calendar programs keep requesting a revoked address.
LIMITS = {
    PersonalLink.Purpose.PAGE: Limit(20, 2000),
    PersonalLink.Purpose.CALENDAR: Limit(200, 20_000),
}


def seconds_to_wait(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> int:
    """Seconds until the network of the request may try again; 0 if it is not blocked."""
    network_key, overall_key = _counter_keys(request, purpose, now)
    counts = caches["shared"].get_many((network_key, overall_key))
    limit = LIMITS[purpose]
    if (
        counts.get(network_key, 0) < limit.per_network
        and counts.get(overall_key, 0) < limit.overall
    ):
        return 0
    return SECONDS - int(now.timestamp()) % SECONDS


def count_failure(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> None:
    """Count an invalid link; unknown, expired and revoked links count the same."""
    cache = caches["shared"]
    for key in _counter_keys(request, purpose, now):
        cache.set(key, cache.get(key, 0) + 1)


def _counter_keys(
    request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime
) -> tuple[str, str]:
    window = int(now.timestamp()) // SECONDS
    overall_key = f"wrong:{purpose.value}:{window}"
    return f"{overall_key}:{client_network(request)}", overall_key
