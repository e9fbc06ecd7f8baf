"""Load on one address: by wrk where it is quick, a few requests one by one where it is slow."""

import re
import subprocess
import time
from dataclasses import dataclass
from statistics import median, quantiles

from tests.benchmarks.servers import Server

CONNECTIONS = 4
SLOW = 0.03  # seconds; what takes longer is asked for one by one
FEW = 8

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True, slots=True)
class Load:
    """What one round found: seconds of processor time a request, and waits in milliseconds."""

    cpu: float
    per_second: float
    p50: float
    p99: float


def load(server: Server, path: str, headers: dict[str, str], seconds: float) -> Load:
    """Ask for an address as fast as it answers, for about so long."""
    if min(_wait(server, path, headers) for _try in range(3)) > SLOW:
        return _one_by_one(server, path, headers)
    return _by_wrk(server, path, headers, seconds)


def _one_by_one(server: Server, path: str, headers: dict[str, str]) -> Load:
    before = server.used
    waits = [_wait(server, path, headers) for _number in range(FEW)]
    return Load(
        cpu=(server.used - before) / FEW,
        per_second=FEW / sum(waits),
        p50=1000 * median(waits),
        p99=1000 * quantiles(waits, n=100, method="inclusive")[-1],
    )


def _wait(server: Server, path: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    server.get(path, headers)
    return time.perf_counter() - started


def _by_wrk(server: Server, path: str, headers: dict[str, str], seconds: float) -> Load:
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--latency"]
    command += ["--timeout", "30s", "--duration", f"{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    before = server.used
    said = subprocess.run(  # noqa: S603
        [*command, f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    used = server.used - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{path} failed under load:\n{said}")
    return Load(
        cpu=used / int(_found(r"(\d+) requests in", said)),
        per_second=float(_found(r"Requests/sec:\s+([\d.]+)", said)),
        p50=_milliseconds(_found(r"^\s+50%\s+(\S+)", said)),
        p99=_milliseconds(_found(r"^\s+99%\s+(\S+)", said)),
    )


def _found(pattern: str, said: str) -> str:
    match = re.search(pattern, said, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"wrk said nothing like {pattern}:\n{said}")
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]
