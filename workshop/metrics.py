"""Prometheus metrics: requests, queues, and whether database and cache are up."""

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

from participants.models import OutgoingMail
from sessions_app.models import Release
from sessions_app.models.pdf_jobs import PdfJob
from workshop.ops import health

_process_registry = CollectorRegistry()
REQUEST_SECONDS = Histogram(
    "workshop_request_seconds",
    "Responses by URL name and status, and the seconds until each was ready.",
    ("route", "status"),
    buckets=(0.002, 0.01, 0.05, 0.2, 1, 5, 30),
    registry=_process_registry,
)
# Cached: `labels()` costs more than `observe()`.
_series: dict[tuple[str, str], Histogram] = {}


def record_request(route: str, status: str, seconds: float) -> None:
    """Count a response by URL name, of which there are few."""
    labels = route, status
    series = _series.get(labels)
    if series is None:
        series = _series[labels] = REQUEST_SECONDS.labels(*labels)
    series.observe(seconds)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """`/healthz/metrics`: requires the token; 404 without it."""
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    sent = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(sent, expected):
        raise Http404
    response = HttpResponse(
        generate_latest(_request_registry()) + generate_latest(_state_registry()),
        content_type=CONTENT_TYPE_LATEST,
    )
    response["Cache-Control"] = "private, no-store"
    return response


class StateCollector:
    """Gauges read from database and cache at scrape time: the same on every machine."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        is_database_up = health.is_database_up()
        yield _gauge("workshop_database_up", "Whether the database is up.", is_database_up)
        yield _gauge("workshop_cache_up", "Whether the cache is up.", health.is_cache_up())
        if is_database_up:
            yield from _row_counts()


def _row_counts() -> Iterator[GaugeMetricFamily]:
    mails = GaugeMetricFamily(
        "workshop_mails", "E-mails that are queued or failed.", labels=("state",)
    )
    documents = GaugeMetricFamily(
        "workshop_documents", "PDF jobs that are queued or failed.", labels=("state",)
    )
    try:
        for state in (
            OutgoingMail.State.WAITING,
            OutgoingMail.State.SENDING,
            OutgoingMail.State.FAILED,
        ):
            mails.add_metric([state.value], OutgoingMail.objects.filter(state=state).count())
        for job_state in (PdfJob.State.WAITING, PdfJob.State.RENDERING, PdfJob.State.FAILED):
            documents.add_metric([job_state.value], PdfJob.objects.filter(state=job_state).count())
        yield from (mails, documents)
        yield _gauge("workshop_releases", "Releases published.", Release.objects.count())
    except DatabaseError:
        return


def _gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, value=float(value))


def _request_registry() -> CollectorRegistry:
    """Request metrics of this process, or of all processes of a server that share a folder."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return _process_registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _state_registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(StateCollector())
    return registry
