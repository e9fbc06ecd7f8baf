"""Load test of one address: wrk for fast addresses, single requests for slow ones."""

import re
import subprocess
import time
from dataclasses import dataclass
from statistics import median, quantiles

from tests.benchmarks.servers import Server

CONNECTIONS = 4
SLOW = 0.03  # seconds; slower addresses get single requests
FEW = 8

_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclass(frozen=True, slots=True)
class Load:
    """Result of one round: CPU seconds a request, and latency in milliseconds."""

    cpu: float
    per_second: float
    p50: float
    p99: float


def load(server: Server, path: str, headers: dict[str, str], seconds: float) -> Load:
    """Request an address as fast as possible, for about `seconds`."""
    if min(_latency(server, path, headers) for _attempt in range(3)) > SLOW:
        return _one_by_one(server, path, headers)
    return _by_wrk(server, path, headers, seconds)


def _one_by_one(server: Server, path: str, headers: dict[str, str]) -> Load:
    before = server.used
    latencies = [_latency(server, path, headers) for _number in range(FEW)]
    return Load(
        cpu=(server.used - before) / FEW,
        per_second=FEW / sum(latencies),
        p50=1000 * median(latencies),
        p99=1000 * quantiles(latencies, n=100, method="inclusive")[-1],
    )


def _latency(server: Server, path: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    server.get(path, headers)
    return time.perf_counter() - started


def _by_wrk(server: Server, path: str, headers: dict[str, str], seconds: float) -> Load:
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--latency"]
    command += ["--timeout", "30s", "--duration", f"{max(1, round(seconds))}s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    before = server.used
    output = subprocess.run(  # noqa: S603
        [*command, f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    used = server.used - before
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{path} failed under load:\n{output}")
    return Load(
        cpu=used / int(_find(r"(\d+) requests in", output)),
        per_second=float(_find(r"Requests/sec:\s+([\d.]+)", output)),
        p50=_milliseconds(_find(r"^\s+50%\s+(\S+)", output)),
        p99=_milliseconds(_find(r"^\s+99%\s+(\S+)", output)),
    )


def _find(pattern: str, output: str) -> str:
    match = re.search(pattern, output, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"The output of wrk does not match {pattern}:\n{output}")
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)([a-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]
