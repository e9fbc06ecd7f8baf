"""Query counts of readers' pages: constant, whatever the size of the event."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sessions_app.models import Session
from sessions_app.response_cache import public
from tests.benchmarks import events

SIZES = (20, 200)
MOST_READY, MAX_UNCACHED = 2, 8
ADDRESSES = (
    *("", "agenda.json", "agenda.ics", "workshops/strand-1.ics", "about/", "changes/"),
    *("sessions/session-1/", "sessions/session-1.ics", "people/{slug}-1/", "people/{slug}-1.ics"),
    *("countries/KE/", "countries/KE.ics", "releases/1/", "?tz=Asia/Kathmandu&lang=lo"),
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def forums() -> tuple[str, ...]:
    """Events of different sizes, in their third release."""
    for size in SIZES:
        event = events.make_event(f"forum-{size}", size)
        for title in ("First", "Second", "Third"):
            Session.objects.filter(event=event, key="session-1").update(title_en=title)
            events.publish(event)
    return tuple(f"forum-{size}" for size in SIZES)


def test_readers_addresses_take_the_same_queries_at_any_size(
    client: Client, forums: tuple[str, ...]
) -> None:
    public.clear()
    caches["responses"].clear()
    uncached, cached = (
        {path: {_queries(client, slug, path) for slug in forums} for path in ADDRESSES}
        for _again in range(2)
    )
    assert [path for path, counts in (*uncached.items(), *cached.items()) if len(counts) > 1] == []
    assert {path: counts for path, counts in uncached.items() if max(counts) > MAX_UNCACHED} == {}
    assert {path: counts for path, counts in cached.items() if max(counts) > MOST_READY} == {}


def _queries(client: Client, slug: str, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/{slug}/{path.format(slug=slug)}")
    assert answer.status_code == 200
    return len(captured)
