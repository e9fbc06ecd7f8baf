"""A plain text as paragraphs and lists."""

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Prose:
    """A run of a text: a paragraph, or the items of a list."""

    kind: str
    lines: tuple[str, ...]


def prose(text: str) -> tuple[Prose, ...]:
    """Paragraphs and lists of a plain text: `- ` and `1. ` begin items, a blank line parts."""
    found: list[Prose] = []
    for line in text.splitlines():
        bullet = re.match(r"\s*(?:([-•*])|\d+[.)])\s+(.*)", line)
        if bullet:
            kind, content = ("bullets" if bullet[1] else "numbers"), bullet[2]
        else:
            kind, content = "paragraph", line.strip()
        goes_on = found and found[-1].kind == kind and found[-1].lines
        if not content:
            found.append(Prose("paragraph", ()))
        elif goes_on:
            found[-1] = replace(found[-1], lines=(*found[-1].lines, content))
        else:
            found.append(Prose(kind, (content,)))
    return tuple(run for run in found if run.lines)
