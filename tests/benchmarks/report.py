"""Benchmark results as Markdown tables."""

from collections.abc import Iterable, Sequence

from tests.benchmarks.cold import LIBRARY
from tests.benchmarks.figures import LoadResult, PromiseResult, RenderResult, Spread

LOAD_HEAD = (
    *("under load", "sessions", "CPU per request", "to hello-world", "promised", ""),
    *("requests/s", "p50", "p99"),
)
MET, NOT_MET = "met", "**not met**"


def markdown(
    load_results: Sequence[LoadResult],
    render_results: Sequence[RenderResult],
    promises: Sequence[PromiseResult],
    about: str,
) -> str:
    """Report of one run."""
    return "\n\n".join(
        (
            f"{about} Medians; in brackets minimum and maximum of all rounds.",
            _table(
                LOAD_HEAD,
                map(_load_row, load_results),
            ),
            _table(("rendered without cache", "sessions", "CPU"), map(_render_row, render_results)),
            _table(("promise", "measured", "promised", ""), map(_promise_row, promises)),
        )
    )


def _load_row(case: LoadResult) -> tuple[str, ...]:
    promised = ("", "")
    if case.promised is not None:
        promised = (f"{case.promised:g}", _word(case.ratio.middle <= case.promised))
    name = f"{case.group}: {case.name}"
    size = f"{case.size:,}" if case.size else ""
    latency = (f"{case.p50:.1f} ms", f"{case.p99:.1f} ms")
    speed = f"{case.per_second:,.0f}" if case.per_second >= 100 else f"{case.per_second:.1f}"
    ratio = _spread(case.ratio, 1, "×")
    return (name, size, _spread(case.cpu, 1000, "ms"), ratio, *promised, speed, *latency)


def _render_row(result: RenderResult) -> tuple[str, ...]:
    return (result.name, f"{result.size:,}", _spread(result.seconds, 1000, "ms"))


def _promise_row(promise: PromiseResult) -> tuple[str, ...]:
    measured, promised = (
        f"{value:.3g} {promise.unit}" for value in (promise.measured, promise.promised)
    )
    return (promise.name, measured, promised, _word(promise.is_met))


def _word(is_met: bool) -> str:
    return MET if is_met else NOT_MET


def _spread(spread: Spread, factor: float, unit: str) -> str:
    middle, least, most = (
        _number(factor * value) for value in (spread.middle, spread.least, spread.most)
    )
    around = "" if least == most else f" ({least}–{most})"
    return f"{middle} {unit}{around}"


def _number(value: float) -> str:
    """Number with three digits and no exponent."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown table with padded columns."""
    cells = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
    )


def series(
    load_results: Sequence[LoadResult], render_results: Sequence[RenderResult]
) -> dict[str, list[tuple[int, float]]]:
    """Lines of the chart: milliseconds by number of sessions."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for result in render_results:
        if result.name.startswith("agenda") and result.name != LIBRARY:
            name = f"{result.name}, cold"
            lines.setdefault(name, []).append((result.size, 1000 * result.seconds.middle))
    for case in load_results:
        if (case.group, case.name) == ("warm", "agenda, gzip"):
            lines.setdefault("agenda, warm", []).append((case.size, 1000 * case.cpu.middle))
    sizes = [size for size, _cost in lines["agenda, warm"]]
    lines["hello-world"] = [(size, 1000 * load_results[0].cpu.middle) for size in sizes]
    return lines
