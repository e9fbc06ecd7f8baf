"""Word diff of two texts, and its markup on pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.agenda.word_diff import MAX_COMPARED_WORDS, Piece, word_changes
from sessions_app.templatetags.word_changes import added_words, removed_words

WORDS = st.lists(st.sampled_from(["one", "door", "service", "center,", "ສູນ", "<b>"]), max_size=30)
TEXTS = st.builds(" ".join, WORDS) | st.text(max_size=60)


def unmarked(pieces: tuple[Piece, ...]) -> list[str]:
    return "".join(piece.text for piece in pieces if not piece.changed).split()


@given(before=TEXTS, after=TEXTS)
def test_pieces_join_to_the_texts_and_unchanged_ones_are_in_both(before: str, after: str) -> None:
    old, newer = word_changes(before, after)
    assert ("".join(each.text for each in old), "".join(each.text for each in newer)) == (
        before,
        after,
    )
    if any(piece.changed for piece in (*old, *newer)):
        assert unmarked(old) == unmarked(newer)
    assert not any(piece.text != piece.text.rstrip() for piece in old if piece.changed)


def test_words_that_changed_are_marked_whole() -> None:
    assert word_changes("What key pillars were there?", "What were the key pillars there?") == (
        (Piece("What key pillars "), Piece("were", True), Piece(" there?")),
        (Piece("What "), Piece("were the", True), Piece(" key pillars there?")),
    )


@pytest.mark.parametrize(
    ("before", "after"), [("", "A title"), ("A title", ""), ("Welcome", "Closing remarks")]
)
def test_added_removed_or_replaced_text_has_no_changed_pieces(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert pieces == tuple((Piece(text),) if text else () for text in (before, after))


def test_edit_of_a_long_text_is_found() -> None:
    text = " ".join(f"word{number}" for number in range(10 * MAX_COMPARED_WORDS))
    old, newer = word_changes(text, text.replace("word1000 ", "other "))
    assert [piece.text for piece in (*old, *newer) if piece.changed] == ["word1000", "other"]


def test_changes_are_announced_to_screen_readers_and_texts_escaped() -> None:
    old, newer = word_changes("a <b> c & d", "a <i> c & d")
    assert removed_words(old) == (
        'a <del><span class="hidden">[removed: </span>&lt;b&gt;<span class="hidden">]</span></del>'
        " c &amp; d"
    )
    assert added_words(newer) == (
        'a <ins><span class="hidden">[added: </span>&lt;i&gt;<span class="hidden">]</span></ins>'
        " c &amp; d"
    )
