"""What readers ask for again and again, under load, beside a hello-world on an equal server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.benchmarks.figures import Served, spread
from tests.benchmarks.load import Load, load
from tests.benchmarks.servers import WORKERS, Server
from tests.benchmarks.site import SLUGS, personal_cookie

SIZES = (20, 200, 1000)
MIDDLE = 200
PLAIN: dict[str, str] = {}
GZIP = {"Accept-Encoding": "gzip"}
BROTLI = {"Accept-Encoding": "br"}
HELLO, WARM, LONG = "hello-world", "warm", "warm, uncompressed"
UNCHANGED, LET_IN = "conditional", "people let in"
PROMISED = {WARM: 1.6, UNCHANGED: 1.2, LET_IN: 6.0}


@dataclass(frozen=True, slots=True)
class Case:
    """An address, what is sent with it, and the status that has to come back."""

    group: str
    name: str
    size: int
    path: str
    headers: dict[str, str]
    status: int = 200


Say = Callable[[str], None]
Pair = tuple[Load, Load]  # of an address, and of hello-world shortly before
FEW = 5


def measured(hello: Server, site: Server, *, rounds: int, seconds: float, say: Say) -> list[Served]:
    """Every case in every round, a hello-world before every few; hello-world itself comes first."""
    cases = list(_cases(site))
    for case in cases:
        _check(site, case)
    greetings: list[Load] = []
    found: list[list[Pair]] = [[] for _case in cases]
    for number in range(rounds):
        for place, (case, pairs) in enumerate(zip(cases, found, strict=True)):
            say(f"round {number + 1} of {rounds}: {case.group}, {case.name}, {case.size}")
            if place % FEW == 0:
                greetings.append(load(hello, "/", PLAIN, seconds))
            pairs.append((load(site, case.path, case.headers, seconds), greetings[-1]))
    hello_world = Case(HELLO, "one view, no middleware", 0, "/", PLAIN)
    everything = zip(
        (hello_world, *cases), ([(each, each) for each in greetings], *found), strict=True
    )
    return [_served(case, pairs) for case, pairs in everything]


def _served(case: Case, pairs: list[Pair]) -> Served:
    loads = [each for each, _greeting in pairs]
    return Served(
        group=case.group,
        name=case.name,
        size=case.size,
        cpu=spread([each.cpu for each in loads]),
        ratio=spread([each.cpu / greeting.cpu for each, greeting in pairs]),
        per_second=spread([each.per_second for each in loads]).middle,
        p50=spread([each.p50 for each in loads]).middle,
        p99=spread([each.p99 for each in loads]).middle,
        promised=PROMISED.get(case.group),
    )


def _cases(site: Server) -> Iterator[Case]:
    for size in SIZES:
        base = f"/{SLUGS[size]}/"
        yield Case(WARM, "agenda, gzip", size, base, GZIP)
        yield Case(WARM, "agenda, br", size, base, BROTLI)
        yield Case(WARM, "agenda.ics, gzip", size, f"{base}agenda.ics", GZIP)
        yield Case(WARM, "agenda.json, gzip", size, f"{base}agenda.json", GZIP)
    base = f"/{SLUGS[MIDDLE]}/"
    yield Case(LONG, "agenda", MIDDLE, base, PLAIN)
    yield Case(WARM, "agenda in other zones", MIDDLE, f"{base}?tz=Asia/Baku,Asia/Dhaka", GZIP)
    yield Case(WARM, "session", MIDDLE, f"{base}sessions/session-1/", GZIP)
    yield Case(WARM, "session.ics", MIDDLE, f"{base}sessions/session-1.ics", GZIP)
    yield Case(WARM, "person", MIDDLE, f"{base}people/{SLUGS[MIDDLE]}-1/", GZIP)
    yield Case(WARM, "country", MIDDLE, f"{base}countries/KE/", GZIP)
    for size in SIZES:
        yield _unchanged(site, "agenda", size, f"/{SLUGS[size]}/")
    yield _unchanged(site, "agenda.ics", MIDDLE, f"{base}agenda.ics")
    known = {**GZIP, "Cookie": personal_cookie(MIDDLE)}
    yield Case(LET_IN, "own page", MIDDLE, "/me/", known)
    yield Case(LET_IN, "agenda", MIDDLE, base, known)


def _unchanged(site: Server, name: str, size: int, path: str) -> Case:
    """As browsers and calendars ask: by both of what they were told."""
    _status, sent, _body = site.get(path, GZIP)
    told = {"If-None-Match": sent["etag"], "If-Modified-Since": sent.get("last-modified")}
    held = {name: value for name, value in told.items() if value}
    return Case(UNCHANGED, name, size, path, {**GZIP, **held}, 304)


def _check(site: Server, case: Case) -> None:
    """Ask at once on several connections, so that each worker has met what it will be asked.

    What answers something else, or in no coding, would be a measurement of nothing.
    """
    with ThreadPoolExecutor(4 * WORKERS) as readers:
        asked = [readers.submit(site.get, case.path, case.headers) for _each in range(4 * WORKERS)]
    for status, sent, _body in (each.result() for each in asked):
        if status != case.status:
            raise RuntimeError(f"{case.path} answered {status} instead of {case.status}.")
        wanted, coding = case.headers.get("Accept-Encoding"), sent.get("content-encoding")
        if status == 200 and coding != wanted:
            raise RuntimeError(f"{case.path} came as {coding}, not as {wanted}.")
