"""Benchmark of rendering without a cache, in this process."""

import gc
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import timezone
from icalendar import Calendar, Event

from participants.access.viewer import recipient_viewer
from sessions_app import models
from sessions_app.public.requests import event_path
from sessions_app.publishing import queries, services
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.pdf import documents, engine
from tests.benchmarks.figures import PromiseResult, RenderResult, spread
from tests.benchmarks.site import SLUGS
from workshop import models as events

SIZES = (20, 100, 200, 1000)
BOARD = 300
DOCUMENT_SIZES = (20, 200)
FORMATS = {"agenda": "", "agenda.ics": "agenda.ics", "agenda.json": "agenda.json"}
LIBRARY = "the icalendar library alone"
GROWTH, OF_LIBRARY, PUBLISHING, OF_BOARD = 11.0, 1.3, 3.0, 1.0

Log = Callable[[str], None]


def measure(*, rounds: int, document_sizes: tuple[int, ...], log: Log) -> list[RenderResult]:
    """CPU time of each case at each size, rounds interleaved; PDFs once, since they are slow."""
    cases: dict[tuple[str, int], Callable[[], object]] = {
        (name, size): _view(f"/{SLUGS[size]}/{path}")
        for size in SIZES
        for name, path in FORMATS.items()
    }
    cases |= {(LIBRARY, size): _library(size) for size in SIZES}
    cases["publishing", SIZES[-1]] = _publishing(SIZES[-1])
    cases["the board", BOARD] = _board(BOARD)
    seconds: dict[tuple[str, int], list[float]] = {case: [] for case in cases}
    for make in cases.values():
        make()
    for number in range(rounds):
        for (name, size), make in cases.items():
            log(f"round {number + 1} of {rounds}: cold, {name}, {size}")
            seconds[name, size].append(_seconds(make))
    for size in document_sizes:
        log(f"cold, agenda.pdf, {size}")
        seconds["agenda.pdf", size] = [_seconds(_document(size))]
    return [RenderResult(name, size, spread(values)) for (name, size), values in seconds.items()]


def promise_results(results: list[RenderResult]) -> list[PromiseResult]:
    seconds = {(result.name, result.size): result.seconds.middle for result in results}
    small, large = 100, SIZES[-1]
    return [
        *(
            PromiseResult(
                f"{name}, cold: {large} sessions to {small}",
                seconds[name, large] / seconds[name, small],
                GROWTH,
            )
            for name in FORMATS
        ),
        PromiseResult(
            f"agenda.ics of {large} sessions, cold, to {LIBRARY}",
            seconds["agenda.ics", large] / seconds[LIBRARY, large],
            OF_LIBRARY,
        ),
        PromiseResult(
            f"publishing {large} sessions", seconds["publishing", large], PUBLISHING, "s"
        ),
        PromiseResult(
            f"the organiser's board of {BOARD} sessions", seconds["the board", BOARD], OF_BOARD, "s"
        ),
    ]


def _seconds(make: Callable[[], object]) -> float:
    """CPU time of one call, with garbage collection."""
    gc.collect()
    started = time.process_time()
    make()
    return time.process_time() - started


def _view(path: str) -> Callable[[], HttpResponse]:
    """Call of the view of a public address, without middleware and caches."""
    match = resolve(path)

    def call() -> HttpResponse:
        request: Any = RequestFactory(SERVER_NAME="127.0.0.1").get(path)
        request.user, request.session = AnonymousUser(), {}
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if response.status_code != 200:
            raise RuntimeError(f"{path} returned {response.status_code}.")
        return response

    return call


def _library(size: int) -> Callable[[], bytes]:
    """The same VEVENTs written with the icalendar library, from values prepared before."""
    rendered = _view(f"/{SLUGS[size]}/agenda.ics")().content
    calendar = Calendar.from_ical(rendered)
    head, entries = _properties(calendar), [_properties(event) for event in calendar.events]

    def write() -> bytes:
        copy = Calendar()
        for name, value in head:
            copy.add(name, value)
        for properties in entries:
            event = Event()
            for name, value in properties:
                event.add(name, value)
            copy.add_component(event)
        text: bytes = copy.to_ical()
        return text

    if write() != rendered:
        raise RuntimeError("The library writes a different calendar, so times cannot be compared.")
    return write


def _properties(component: Any) -> list[tuple[str, Any]]:
    """Names and values as Python types: strings and datetimes."""
    return [(name, _plain(component, name)) for name in component]


def _plain(component: Any, name: str) -> Any:
    value = component[name]
    if name in ("DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED"):
        return value.dt
    if name == "CATEGORIES":
        return [str(category) for category in value.cats]
    return str(value) if type(value).__name__ == "vText" and not value.params else value


def _publishing(size: int) -> Callable[[], object]:
    """Publishing after one session was renamed."""
    event = events.Event.objects.get(slug=SLUGS[size])
    session: Any = models.Session.objects.filter(event=event)[0]
    times = count(1)

    def publish() -> None:
        session.title_en = f"Renamed {next(times)}"
        session.save()
        _release, is_new = services.publish(event=event, now=timezone.now())
        if not is_new:
            raise RuntimeError("Nothing was published.")

    return publish


def _board(size: int) -> Callable[[], object]:
    """The organiser's board, compared with the release."""
    organiser, _is_new = User.objects.get_or_create(
        username="organiser", defaults={"is_staff": True, "is_superuser": True}
    )
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(organiser)

    def show() -> None:
        response = browser.get(f"/desk/{SLUGS[size]}/")
        if response.status_code != 200:
            raise RuntimeError(f"The board returned {response.status_code}.")

    return show


def _document(size: int) -> Callable[[], bytes]:
    slug = SLUGS[size]

    def write() -> bytes:
        agenda = queries.get_published(slug, recipient_viewer(slug))
        if agenda is None:
            raise RuntimeError(f"{slug} is not published.")
        address = event_path(slug)
        context = RenderContext(agenda, (), "en", address, "http://127.0.0.1", address)
        document = documents.render_programme(context, None)
        return engine.render(document.html, archived=document.archived)

    return write
