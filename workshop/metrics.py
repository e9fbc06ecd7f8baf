"""Numbers for Prometheus: what is asked for and how long it takes, what waits, what answers."""

import hmac
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

from participants.models import Letter
from sessions_app.models import Release
from sessions_app.models.pdf_jobs import Printing
from workshop.ops import health

_here = CollectorRegistry()
SECONDS = Histogram(
    "workshop_request_seconds",
    "Answers by the name of their address, and the time until they were made.",
    ("route", "status"),
    buckets=(0.002, 0.01, 0.05, 0.2, 1, 5, 30),
    registry=_here,
)
# Looking a line up costs more than adding to it.
_lines: dict[tuple[str, str], Histogram] = {}


def count(route: str, status: str, seconds: float) -> None:
    """Remember an answer under the name of its address, of which there are only so many."""
    which = route, status
    line = _lines.get(which)
    if line is None:
        line = _lines[which] = SECONDS.labels(*which)
    line.observe(seconds)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """`/healthz/metrics`: for who has the token; without it there is no such page."""
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, wanted):
        raise Http404
    answer = HttpResponse(
        generate_latest(_counted()) + generate_latest(_asked()), content_type=CONTENT_TYPE_LATEST
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


class Kept:
    """What is counted in the rows when somebody looks: the same on every machine."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        database = health.database_answers()
        yield _gauge("workshop_database_up", "Whether the database answers.", database)
        yield _gauge("workshop_cache_up", "Whether the cache answers.", health.cache_answers())
        if database:
            yield from _rows()


def _rows() -> Iterator[GaugeMetricFamily]:
    letters = GaugeMetricFamily(
        "workshop_letters", "Mails that wait or did not arrive.", labels=("state",)
    )
    papers = GaugeMetricFamily(
        "workshop_papers", "Papers that wait or could not be set.", labels=("state",)
    )
    try:
        for state in (Letter.State.WAITING, Letter.State.SENDING, Letter.State.FAILED):
            letters.add_metric([state.value], Letter.objects.filter(state=state).count())
        for each in (Printing.State.WAITING, Printing.State.SETTING, Printing.State.FAILED):
            papers.add_metric([each.value], Printing.objects.filter(state=each).count())
        yield from (letters, papers)
        yield _gauge("workshop_releases", "Releases published.", Release.objects.count())
    except DatabaseError:
        return


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=float(value))


def _counted() -> CollectorRegistry:
    """What this process counted, or all of one server's where they count into a folder."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return _here
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _asked() -> CollectorRegistry:
    asked = CollectorRegistry()
    asked.register(Kept())
    return asked
