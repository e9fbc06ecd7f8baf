"""Word diff of two texts. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# With fewer common words than this share, the text counts as replaced, not edited.
MIN_COMMON_SHARE = 0.4
# Longer changed passages are not compared word by word: it could take seconds.
MAX_COMPARED_WORDS = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words; `changed` if the other text does not have it."""

    text: str
    changed: bool = False


Pieces = tuple[Piece, ...]


def word_changes(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces of whole words; the pieces joined are the texts.

    A text that was added, removed or replaced altogether is one piece that is not `changed`: all
    of it differs, and both texts side by side show that better.
    """
    old, new = _Words(before), _Words(after)
    runs = tuple(_runs(old.words, new.words))
    common = sum(end - start for start, end, _, _, same in runs if same)
    if 2 * common < MIN_COMMON_SHARE * (len(old.words) + len(new.words)) or not common:
        return _whole(before), _whole(after)
    return (
        tuple(_pieces((same, old.between(start, end)) for start, end, _, _, same in runs)),
        tuple(_pieces((same, new.between(start, end)) for _, _, start, end, same in runs)),
    )


class _Words:
    """A text with its words and their positions."""

    def __init__(self, text: str) -> None:
        matches = list(re.finditer(r"\S+", text))
        self.text = text
        self.words = [match[0] for match in matches]
        self.starts = [0, *(match.start() for match in matches[1:]), len(text)]

    def between(self, start: int, end: int) -> str:
        return self.text[self.starts[start] : self.starts[end]] if end > start else ""


_Run = tuple[int, int, int, int, bool]


def _runs(old: list[str], new: list[str]) -> Iterator[_Run]:
    """Start and end in the old words, in the new words, and whether the words are equal."""
    first = _common_prefix(old, new)
    last = _common_prefix(old[first:][::-1], new[first:][::-1])
    old_end, new_end = len(old) - last, len(new) - last
    yield 0, first, 0, first, True
    if max(old_end, new_end) - first > MAX_COMPARED_WORDS:
        yield first, old_end, first, new_end, False
    else:
        middle = SequenceMatcher(None, old[first:old_end], new[first:new_end], autojunk=False)
        for tag, *indexes in middle.get_opcodes():
            start, end, new_start, new_end_of_run = (index + first for index in indexes)
            yield start, end, new_start, new_end_of_run, tag == "equal"
    yield old_end, len(old), new_end, len(new), True


def _common_prefix(old: list[str], new: list[str]) -> int:
    """Count of equal words at the start of both."""
    pairs = zip(old, new, strict=False)
    differing = (index for index, (before, after) in enumerate(pairs) if before != after)
    return next(differing, min(len(old), len(new)))


def _whole(text: str) -> Pieces:
    return (Piece(text),) if text else ()


def _pieces(runs: Iterator[tuple[bool, str]]) -> Iterator[Piece]:
    """Pieces of the runs; the space after changed words is not part of the change."""
    unchanged = ""
    for same, text in runs:
        words = "" if same else text.rstrip()
        if words:
            yield from _whole(unchanged)
            yield Piece(words, changed=True)
            unchanged = ""
        unchanged += text[len(words) :]
    yield from _whole(unchanged)
