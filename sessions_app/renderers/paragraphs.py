"""Plain text to paragraphs and lists."""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, or a list with its items as `lines`."""

    kind: str
    lines: tuple[str, ...]


def prose(text: str) -> tuple[Prose, ...]:
    """Paragraphs and lists of a plain text: `- ` and `1. ` begin list items."""
    runs: list[Prose] = []
    for line in text.splitlines():
        bullet = re.match(r"\s*(?:([-•*])|\d+[.)])\s+(.*)", line)
        if bullet:
            kind, content = ("bullets" if bullet[1] else "numbers"), bullet[2]
        else:
            kind, content = "paragraph", line.strip()
        continues_list = runs and runs[-1].kind == kind and runs[-1].lines
        if not content:
            runs.append(Prose("paragraph", ()))
        elif continues_list:
            runs[-1] = replace(runs[-1], lines=(*runs[-1].lines, content))
        else:
            runs.append(Prose(kind, (content,)))
    return tuple(run for run in runs if run.lines)
