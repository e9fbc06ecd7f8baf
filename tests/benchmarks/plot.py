"""Lines on logarithmic scales as an SVG that is read in light and in dark, without a library."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 176, 34, 44
LABEL = 16  # at least so far apart
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #37424f }
.grid { stroke: #d5dae1 }
.line { fill: none; stroke-width: 2 }
.c0 { color: #0b62a8 } .c1 { color: #b3480f } .c2 { color: #1f7a4d }
.c3 { color: #8a3ea8 } .c4 { color: #a3124a } .c5 { color: #5b6470 }
.line, .dot { stroke: currentColor } .dot, .name { fill: currentColor }
@media (prefers-color-scheme: dark) {
text { fill: #c9d1da } .grid { stroke: #3b444f }
.c0 { color: #6cb6ff } .c1 { color: #f0995c } .c2 { color: #6fcf9b }
.c3 { color: #d3a1ee } .c4 { color: #ff8fb5 } .c5 { color: #aab4c0 }
.name { fill: currentColor }
}"""

Points = Sequence[tuple[int, float]]


def drawn(title: str, lines: Mapping[str, Points]) -> str:
    """Each line under its name at its end; x counts sessions, y is in milliseconds."""
    sizes = sorted({size for points in lines.values() for size, _cost in points})
    costs = [cost for points in lines.values() for _size, cost in points]
    low, high = floor(log10(min(costs))), ceil(log10(max(costs)))
    span = log10(sizes[-1] / sizes[0])

    def x(size: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(size / sizes[0]) / span

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (log10(cost) - low) / (high - low)

    parts = [f'<text x="{LEFT}" y="18">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_amount(power)}</text>'
        )
    for size in sizes:
        parts.append(
            f'<text x="{x(size):.1f}" y="{HEIGHT - 22}" text-anchor="middle">{size:,}</text>'
        )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 4}">sessions of the event</text>')
    places = _apart({name: y(points[-1][1]) for name, points in lines.items()})
    for number, (name, points) in enumerate(lines.items()):
        path = "L".join(f"{x(size):.1f} {y(cost):.1f}" for size, cost in points)
        dots = "".join(
            f'<circle class="dot" cx="{x(size):.1f}" cy="{y(cost):.1f}" r="3"/>'
            for size, cost in points
        )
        end = x(points[-1][0]) + 10
        said = f'<text class="name" x="{end:.1f}" y="{places[name] + 4:.1f}">{escape(name)}</text>'
        parts.append(f'<g class="c{number % 6}"><path class="line" d="M{path}"/>{dots}{said}</g>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title><style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _amount(power: int) -> str:
    """A power of ten milliseconds."""
    return f"{10**power:g} ms" if power < 3 else f"{10 ** (power - 3)} s"


def _apart(places: dict[str, float]) -> dict[str, float]:
    """The same heights, from the top down, with room for a line of text at each."""
    found: dict[str, float] = {}
    reached = 0.0
    for name, place in sorted(places.items(), key=lambda each: each[1]):
        reached = max(place, reached + LABEL)
        found[name] = reached
    return found
