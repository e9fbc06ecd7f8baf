"""Which words of a text changed. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Below this share of common words a text was replaced rather than edited.
EDITED = 0.4
# Where more words than this differ in one stretch they are not compared: it could take seconds.
MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text; `changed` where the other text does not have it."""

    text: str
    changed: bool = False


Pieces = tuple[Piece, ...]


def word_changes(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces, which joined are the texts; words stay whole.

    A text that came, went or was replaced altogether is one piece without a mark: all of it
    differs, which the two beside each other say better.
    """
    old, new = _Words(before), _Words(after)
    runs = tuple(_runs(old.words, new.words))
    common = sum(end - start for start, end, _, _, same in runs if same)
    if 2 * common < EDITED * (len(old.words) + len(new.words)) or not common:
        return _whole(before), _whole(after)
    return (
        tuple(_pieces((same, old.between(start, end)) for start, end, _, _, same in runs)),
        tuple(_pieces((same, new.between(start, end)) for _, _, start, end, same in runs)),
    )


class _Words:
    """The words of a text, and the text again between any two of them."""

    def __init__(self, text: str) -> None:
        found = list(re.finditer(r"\S+", text))
        self.text = text
        self.words = [each[0] for each in found]
        self.starts = [0, *(each.start() for each in found[1:]), len(text)]

    def between(self, start: int, end: int) -> str:
        return self.text[self.starts[start] : self.starts[end]] if end > start else ""


_Run = tuple[int, int, int, int, bool]


def _runs(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Start and end in the old words, in the new ones, and whether both say the same there."""
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    old_end, new_end = len(old) - last, len(new) - last
    yield 0, first, 0, first, True
    if max(old_end, new_end) - first > MOST_WORDS:
        yield first, old_end, first, new_end, False
    else:
        middle = SequenceMatcher(None, old[first:old_end], new[first:new_end], autojunk=False)
        for tag, *places in middle.get_opcodes():
            start, end, new_start, new_end_of_run = (place + first for place in places)
            yield start, end, new_start, new_end_of_run, tag == "equal"
    yield old_end, len(old), new_end, len(new), True


def _common(old: list[str], new: list[str]) -> int:
    """How many words both begin with."""
    pairs = zip(old, new, strict=False)
    differing = (place for place, (one, other) in enumerate(pairs) if one != other)
    return next(differing, min(len(old), len(new)))


def _whole(text: str) -> Pieces:
    return (Piece(text),) if text else ()


def _pieces(runs: Iterator[tuple[bool, str]]) -> Iterator[Piece]:
    """The runs as pieces; the space after changed words is no part of the change."""
    unchanged = ""
    for same, text in runs:
        words = "" if same else text.rstrip()
        if words:
            yield from _whole(unchanged)
            yield Piece(words, changed=True)
            unchanged = ""
        unchanged += text[len(words) :]
    yield from _whole(unchanged)
