"""Benchmark of cached responses under load, compared with a hello-world server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.benchmarks.figures import LoadResult, spread
from tests.benchmarks.load import Load, load
from tests.benchmarks.servers import WORKERS, Server
from tests.benchmarks.site import SLUGS, personal_cookie

SIZES = (20, 200, 1000)
MIDDLE = 200
PLAIN: dict[str, str] = {}
GZIP = {"Accept-Encoding": "gzip"}
BROTLI = {"Accept-Encoding": "br"}
HELLO, WARM, LONG = "hello-world", "warm", "warm, uncompressed"
UNCHANGED, PARTICIPANTS = "conditional", "participants"
PROMISED = {WARM: 1.6, UNCHANGED: 1.2, PARTICIPANTS: 6.0}


@dataclass(frozen=True, slots=True)
class Case:
    """An address with request headers and the expected status."""

    group: str
    name: str
    size: int
    path: str
    headers: dict[str, str]
    status: int = 200


Log = Callable[[str], None]
Pair = tuple[Load, Load]  # of an address and of hello-world
FEW = 5


def measure(
    hello: Server, site: Server, *, rounds: int, seconds: float, log: Log
) -> list[LoadResult]:
    """Results of all cases, hello-world first; it is measured again before every few cases."""
    cases = list(_cases(site))
    for case in cases:
        _check(site, case)
    baselines: list[Load] = []
    measured: list[list[Pair]] = [[] for _case in cases]
    for number in range(rounds):
        for place, (case, pairs) in enumerate(zip(cases, measured, strict=True)):
            log(f"round {number + 1} of {rounds}: {case.group}, {case.name}, {case.size}")
            if place % FEW == 0:
                baselines.append(load(hello, "/", PLAIN, seconds))
            pairs.append((load(site, case.path, case.headers, seconds), baselines[-1]))
    hello_world = Case(HELLO, "one view, no middleware", 0, "/", PLAIN)
    everything = zip(
        (hello_world, *cases),
        ([(baseline, baseline) for baseline in baselines], *measured),
        strict=True,
    )
    return [_result(case, pairs) for case, pairs in everything]


def _result(case: Case, pairs: list[Pair]) -> LoadResult:
    results = [result for result, _baseline in pairs]
    return LoadResult(
        group=case.group,
        name=case.name,
        size=case.size,
        cpu=spread([result.cpu for result in results]),
        ratio=spread([result.cpu / baseline.cpu for result, baseline in pairs]),
        per_second=spread([result.per_second for result in results]).middle,
        p50=spread([result.p50 for result in results]).middle,
        p99=spread([result.p99 for result in results]).middle,
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
    participant = {**GZIP, "Cookie": personal_cookie(MIDDLE)}
    yield Case(PARTICIPANTS, "personal page", MIDDLE, "/me/", participant)
    yield Case(PARTICIPANTS, "agenda", MIDDLE, base, participant)


def _unchanged(site: Server, name: str, size: int, path: str) -> Case:
    """Conditional request with ETag and Last-Modified, as browsers and calendars send."""
    _status, sent, _body = site.get(path, GZIP)
    validators = {"If-None-Match": sent["etag"], "If-Modified-Since": sent.get("last-modified")}
    conditions = {name: value for name, value in validators.items() if value}
    return Case(UNCHANGED, name, size, path, {**GZIP, **conditions}, 304)


def _check(site: Server, case: Case) -> None:
    """Check status and encoding on several connections, which also fills each worker's cache."""
    with ThreadPoolExecutor(4 * WORKERS) as pool:
        futures = [pool.submit(site.get, case.path, case.headers) for _number in range(4 * WORKERS)]
    for status, sent, _body in (future.result() for future in futures):
        if status != case.status:
            raise RuntimeError(f"{case.path} returned {status} instead of {case.status}.")
        expected, encoding = case.headers.get("Accept-Encoding"), sent.get("content-encoding")
        if status == 200 and encoding != expected:
            raise RuntimeError(f"{case.path} has encoding {encoding}, not {expected}.")
