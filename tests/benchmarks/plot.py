"""Line chart with logarithmic scales as SVG, for light and dark mode."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 176, 34, 44
LABEL = 16  # minimum distance of labels
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


def render_svg(title: str, lines: Mapping[str, Points]) -> str:
    """Chart with a label at the end of each line; x is sessions, y is milliseconds."""
    sizes = sorted({size for points in lines.values() for size, _cost in points})
    costs = [cost for points in lines.values() for _size, cost in points]
    low, high = floor(log10(min(costs))), ceil(log10(max(costs)))
    span = log10(sizes[-1] / sizes[0])

    def x(size: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(size / sizes[0]) / span

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (log10(cost) - low) / (high - low)

    elements = [f'<text x="{LEFT}" y="18">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        elements.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
        elements.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_amount(power)}</text>'
        )
    for size in sizes:
        elements.append(
            f'<text x="{x(size):.1f}" y="{HEIGHT - 22}" text-anchor="middle">{size:,}</text>'
        )
    elements.append(f'<text x="{LEFT}" y="{HEIGHT - 4}">sessions of the event</text>')
    places = _apart({name: y(points[-1][1]) for name, points in lines.items()})
    for number, (name, points) in enumerate(lines.items()):
        path = "L".join(f"{x(size):.1f} {y(cost):.1f}" for size, cost in points)
        dots = "".join(
            f'<circle class="dot" cx="{x(size):.1f}" cy="{y(cost):.1f}" r="3"/>'
            for size, cost in points
        )
        end = x(points[-1][0]) + 10
        label = f'<text class="name" x="{end:.1f}" y="{places[name] + 4:.1f}">{escape(name)}</text>'
        elements.append(
            f'<g class="c{number % 6}"><path class="line" d="M{path}"/>{dots}{label}</g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title><style>{STYLE}</style>\n"
        + "\n".join(elements)
        + "\n</svg>\n"
    )


def _amount(power: int) -> str:
    """Axis label of a power of ten milliseconds."""
    return f"{10**power:g} ms" if power < 3 else f"{10 ** (power - 3)} s"


def _apart(places: dict[str, float]) -> dict[str, float]:
    """Label positions, moved down where they would overlap."""
    moved: dict[str, float] = {}
    last = 0.0
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        last = max(place, last + LABEL)
        moved[name] = last
    return moved
