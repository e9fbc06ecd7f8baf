"""The figures as Markdown: a table of addresses under load, one of what is drawn, the promises."""

from collections.abc import Iterable, Sequence

from tests.benchmarks.cold import LIBRARY
from tests.benchmarks.figures import Drawn, Served, Spread, Verdict

LOAD_HEAD = (
    *("under load", "sessions", "CPU a request", "to hello-world", "promised", ""),
    *("requests/s", "p50", "p99"),
)
KEPT, BROKEN = "kept", "**not kept**"


def markdown(
    served: Sequence[Served], drawn: Sequence[Drawn], verdicts: Sequence[Verdict], about: str
) -> str:
    """All that one run found."""
    return "\n\n".join(
        (
            f"{about} Medians; in brackets the least and the most of all rounds.",
            _table(
                LOAD_HEAD,
                map(_load_row, served),
            ),
            _table(("drawn when nothing is ready", "sessions", "CPU"), map(_drawn_row, drawn)),
            _table(("promise", "found", "promised", ""), map(_verdict_row, verdicts)),
        )
    )


def _load_row(case: Served) -> tuple[str, ...]:
    promised = ("", "")
    if case.promised is not None:
        promised = (f"{case.promised:g}", _word(case.ratio.middle <= case.promised))
    name = f"{case.group}: {case.name}"
    size = f"{case.size:,}" if case.size else ""
    waits = (f"{case.p50:.1f} ms", f"{case.p99:.1f} ms")
    speed = f"{case.per_second:,.0f}" if case.per_second >= 100 else f"{case.per_second:.1f}"
    ratio = _spread(case.ratio, 1, "×")
    return (name, size, _spread(case.cpu, 1000, "ms"), ratio, *promised, speed, *waits)


def _drawn_row(thing: Drawn) -> tuple[str, ...]:
    return (thing.name, f"{thing.size:,}", _spread(thing.seconds, 1000, "ms"))


def _verdict_row(verdict: Verdict) -> tuple[str, ...]:
    found, promised = (f"{each:.3g} {verdict.unit}" for each in (verdict.found, verdict.promised))
    return (verdict.name, found, promised, _word(verdict.is_kept))


def _word(is_kept: bool) -> str:
    return KEPT if is_kept else BROKEN


def _spread(found: Spread, factor: float, unit: str) -> str:
    middle, least, most = (
        _number(factor * each) for each in (found.middle, found.least, found.most)
    )
    around = "" if least == most else f" ({least}–{most})"
    return f"{middle} {unit}{around}"


def _number(value: float) -> str:
    """Three digits, and no exponents."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown that can be read as it stands: columns are padded."""
    cells = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    return "\n".join(
        [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]
    )


def series(served: Sequence[Served], drawn: Sequence[Drawn]) -> dict[str, list[tuple[int, float]]]:
    """What grows how, in milliseconds by sessions: for the plot."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for thing in drawn:
        if thing.name.startswith("agenda") and thing.name != LIBRARY:
            name = f"{thing.name}, cold"
            lines.setdefault(name, []).append((thing.size, 1000 * thing.seconds.middle))
    for case in served:
        if (case.group, case.name) == ("warm", "agenda, gzip"):
            lines.setdefault("agenda, warm", []).append((case.size, 1000 * case.cpu.middle))
    sizes = [size for size, _cost in lines["agenda, warm"]]
    lines["hello-world"] = [(size, 1000 * served[0].cpu.middle) for size in sizes]
    return lines
