"""What the benchmark finds: a figure a case, with its spread and what was promised for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of several rounds, and the least and the most."""

    middle: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Served:
    """An address under load. `ratio` is its processor time to hello-world's shortly before."""

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
class Drawn:
    """Something made from the release or the rows, in seconds of processor time."""

    name: str
    size: int
    seconds: Spread


@dataclass(frozen=True, slots=True)
class Verdict:
    """A promise about two measurements or about one, and what was found; `unit` is `×` or `s`."""

    name: str
    found: float
    promised: float
    unit: str = "×"

    @property
    def is_kept(self) -> bool:
        return self.found <= self.promised


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))
