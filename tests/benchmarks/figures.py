"""Result types of the benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, minimum and maximum of several rounds."""

    middle: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class LoadResult:
    """Result of an address under load; `ratio` is its CPU time relative to hello-world's."""

    group: str
    name: str
    size: int
    cpu: Spread
    ratio: Spread
    per_second: float
    p50: float
    p99: float
    promised: float | None = None


@dataclass(frozen=True, slots=True)
class RenderResult:
    """CPU seconds of a rendering without cache."""

    name: str
    size: int
    seconds: Spread


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """A promised limit and the measured value; `unit` is `×` or `s`."""

    name: str
    measured: float
    promised: float
    unit: str = "×"

    @property
    def is_met(self) -> bool:
        return self.measured <= self.promised


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))
