"""What is drawn when nothing is ready: from the release, or from the rows, in this process."""

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

from participants.access.permissions import recipient
from sessions_app import models
from sessions_app.public.requests import base
from sessions_app.publishing import queries, services
from sessions_app.renderers.context import Reading
from sessions_app.renderers.pdf import documents, engine
from tests.benchmarks.figures import Drawn, Verdict, spread
from tests.benchmarks.site import SLUGS
from workshop import models as events

SIZES = (20, 100, 200, 1000)
BOARD = 300
PAPERS = (20, 200)
FORMATS = {"agenda": "", "agenda.ics": "agenda.ics", "agenda.json": "agenda.json"}
LIBRARY = "the icalendar library alone"
GROWTH, OF_LIBRARY, PUBLISHING, OF_BOARD = 11.0, 1.3, 3.0, 1.0

Say = Callable[[str], None]


def measured(*, rounds: int, with_papers: tuple[int, ...], say: Say) -> list[Drawn]:
    """Each thing at each size, the rounds interleaved; papers once, since they take long."""
    things: dict[tuple[str, int], Callable[[], object]] = {
        (name, size): _view(f"/{SLUGS[size]}/{path}")
        for size in SIZES
        for name, path in FORMATS.items()
    }
    things |= {(LIBRARY, size): _library(size) for size in SIZES}
    things["publishing", SIZES[-1]] = _publishing(SIZES[-1])
    things["the board", BOARD] = _board(BOARD)
    found: dict[tuple[str, int], list[float]] = {thing: [] for thing in things}
    for make in things.values():
        make()
    for number in range(rounds):
        for (name, size), make in things.items():
            say(f"round {number + 1} of {rounds}: cold, {name}, {size}")
            found[name, size].append(_seconds(make))
    for size in with_papers:
        say(f"cold, agenda.pdf, {size}")
        found["agenda.pdf", size] = [_seconds(_paper(size))]
    return [Drawn(name, size, spread(values)) for (name, size), values in found.items()]


def verdicts(drawn: list[Drawn]) -> list[Verdict]:
    took = {(each.name, each.size): each.seconds.middle for each in drawn}
    least, most = 100, SIZES[-1]
    return [
        *(
            Verdict(
                f"{name}, cold: {most} sessions to {least}",
                took[name, most] / took[name, least],
                GROWTH,
            )
            for name in FORMATS
        ),
        Verdict(
            f"agenda.ics of {most} sessions, cold, to {LIBRARY}",
            took["agenda.ics", most] / took[LIBRARY, most],
            OF_LIBRARY,
        ),
        Verdict(f"publishing {most} sessions", took["publishing", most], PUBLISHING, "s"),
        Verdict(f"the organiser's board of {BOARD} rows", took["the board", BOARD], OF_BOARD, "s"),
    ]


def _seconds(make: Callable[[], object]) -> float:
    """Processor time of one call, its garbage included."""
    gc.collect()
    started = time.process_time()
    make()
    return time.process_time() - started


def _view(path: str) -> Callable[[], HttpResponse]:
    """An address answered by its view alone, to a stranger: nothing that was kept is in its way."""
    found = resolve(path)

    def answer() -> HttpResponse:
        request: Any = RequestFactory(SERVER_NAME="127.0.0.1").get(path)
        request.user, request.session = AnonymousUser(), {}
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answered {response.status_code}.")
        return response

    return answer


def _library(size: int) -> Callable[[], bytes]:
    """The same VEVENTs, written with icalendar by somebody who has all their texts at hand."""
    drawn = _view(f"/{SLUGS[size]}/agenda.ics")().content
    calendar = Calendar.from_ical(drawn)
    head, entries = _properties(calendar), [_properties(each) for each in calendar.events]

    def write() -> bytes:
        made = Calendar()
        for name, value in head:
            made.add(name, value)
        for properties in entries:
            event = Event()
            for name, value in properties:
                event.add(name, value)
            made.add_component(event)
        text: bytes = made.to_ical()
        return text

    if write() != drawn:
        raise RuntimeError("The library writes another calendar: the comparison would be unfair.")
    return write


def _properties(component: Any) -> list[tuple[str, Any]]:
    """Names and values as one would give them: texts as strings, moments as datetimes."""
    return [(name, _plain(component, name)) for name in component]


def _plain(component: Any, name: str) -> Any:
    value = component[name]
    if name in ("DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED"):
        return value.dt
    if name == "CATEGORIES":
        return [str(each) for each in value.cats]
    return str(value) if type(value).__name__ == "vText" and not value.params else value


def _publishing(size: int) -> Callable[[], object]:
    """A release after one row was renamed, everything else as it was."""
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
    """The board as an organiser sees it, its rows against the release."""
    organiser, _is_new = User.objects.get_or_create(
        username="organiser", defaults={"is_staff": True, "is_superuser": True}
    )
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(organiser)

    def show() -> None:
        answer = browser.get(f"/desk/{SLUGS[size]}/")
        if answer.status_code != 200:
            raise RuntimeError(f"The board answered {answer.status_code}.")

    return show


def _paper(size: int) -> Callable[[], bytes]:
    slug = SLUGS[size]

    def write() -> bytes:
        agenda = queries.get_published(slug, recipient(slug))
        if agenda is None:
            raise RuntimeError(f"{slug} is not published.")
        address = base(slug)
        reading = Reading(agenda, (), "en", address, "http://127.0.0.1", address)
        paper = documents.programme(reading, None)
        return engine.write(paper.html, archived=paper.archived)

    return write
