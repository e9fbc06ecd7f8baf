"""Rate limits on invalid personal links, per network and overall."""

from datetime import datetime

from django.http import HttpRequest

from participants.models import PersonalLink
from workshop.ops.client_network import client_network
from workshop.ops.rate_limit import RateLimit

# For each purpose: the limit of one network, and that of all networks together.
LIMITS = {
    PersonalLink.Purpose.PAGE: (RateLimit("page", 20), RateLimit("pages", 2000)),
    # Calendar programs keep requesting a revoked address.
    PersonalLink.Purpose.CALENDAR: (RateLimit("calendar", 200), RateLimit("calendars", 20_000)),
}


def seconds_to_wait(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> int:
    """Seconds until the network of the request may try again; 0 if it is not blocked."""
    per_network, overall = LIMITS[purpose]
    return per_network.wait(client_network(request), now) or overall.wait("", now)


def count_failure(request: HttpRequest, purpose: PersonalLink.Purpose, now: datetime) -> int:
    """Count a link that is unknown, expired or revoked; seconds to wait if it is one too many."""
    per_network, overall = LIMITS[purpose]
    return max(per_network.attempt(client_network(request), now), overall.attempt("", now))
