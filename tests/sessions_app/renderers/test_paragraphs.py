"""Plain text to paragraphs and lists."""

import pytest

from sessions_app.renderers.paragraphs import Prose, prose


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n"])
def test_prose_of_nothing_is_nothing(text: str) -> None:
    assert prose(text) == ()


def test_prose_without_markup_is_one_paragraph_of_its_lines() -> None:
    assert prose("Held on 4 August 2021 - online.\n  In Lao Time.") == (
        Prose("paragraph", ("Held on 4 August 2021 - online.", "In Lao Time.")),
    )


@pytest.mark.parametrize("text", ["One\n\nTwo", "One\n \n\n\nTwo\n", "\nOne\r\n\r\nTwo\r\n"])
def test_prose_parts_paragraphs_at_blank_lines(text: str) -> None:
    assert prose(text) == (Prose("paragraph", ("One",)), Prose("paragraph", ("Two",)))


def test_prose_reads_bullets_of_every_kind_as_one_list() -> None:
    assert prose("- One\n  • Two\n* Three") == (Prose("bullets", ("One", "Two", "Three")),)


def test_prose_reads_numbers_as_a_list_without_the_numbers() -> None:
    assert prose("1. One\n 2) Two\n10. Ten") == (Prose("numbers", ("One", "Two", "Ten")),)


@pytest.mark.parametrize(
    "line", ["-5 degrees", "1.5 hours", "2021 was long", "*emphasis*", "3.One", "–— dashes"]
)
def test_prose_takes_no_item_for_a_line_that_only_looks_like_one(line: str) -> None:
    assert prose(line) == (Prose("paragraph", (line,)),)


def test_prose_parts_lists_at_blank_lines() -> None:
    assert prose("- One\n\n- Two") == (Prose("bullets", ("One",)), Prose("bullets", ("Two",)))


def test_prose_keeps_the_order_of_a_mixed_text() -> None:
    text = "It aims to:\n- learn\n- share\nSteps:\n1. ຮຽນ\n2. 배우다\n- at last\n\nThank you."
    assert prose(text) == (
        Prose("paragraph", ("It aims to:",)),
        Prose("bullets", ("learn", "share")),
        Prose("paragraph", ("Steps:",)),
        Prose("numbers", ("ຮຽນ", "배우다")),
        Prose("bullets", ("at last",)),
        Prose("paragraph", ("Thank you.",)),
    )
