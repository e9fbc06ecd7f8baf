"""Tests of names: sort names and comparison."""

import pytest

from participants import names


@pytest.mark.parametrize(
    ("name", "country", "sorted_as"),
    [
        ("Juny Kim", "KR", "Kim, Juny"),
        ("Ana María de la Cruz", "CL", "Cruz, Ana María de la"),
        ("Vu Thi Kim Chi", "VN", "Vu Thi Kim Chi"),
        ("Lee Mui Ling", "SG", "Lee Mui Ling"),
        ("Kim, Juny", "KR", "Kim, Juny"),
        ("Pelé", "BR", "Pelé"),
        ("  Juny   Kim ", "", "Kim, Juny"),
        ("", "", ""),
    ],
)
def test_sort_name_starts_with_the_last_word_unless_the_family_name_comes_first(
    name: str, country: str, sorted_as: str
) -> None:
    assert names.sort_name(name, country) == sorted_as


@pytest.mark.parametrize(
    "other",
    ["juny KIM", "Kim, Juny", "Ms. Juny Kim", "Dr Juny  Kim", "H.E. Ms. Júny Kìm", "Juny Kim"],
)
def test_spellings_of_one_name_have_the_same_key(other: str) -> None:
    assert names.comparison_key(other) == names.comparison_key("Juny Kim")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Juny Kim", "Juny Kimm"),
        ("Juny Kim", "Juny"),
        ("He Jiankui", "Jiankui"),  # a family name, not H.E.
        ("Drake Prof", "Ake"),
        ("ທອງຈັນ", "ທອງຈນ"),  # Lao vowels are marks, and no accents
    ],
)
def test_different_names_have_different_keys(one: str, two: str) -> None:
    assert names.comparison_key(one) != names.comparison_key(two)


def test_key_of_names_without_letters() -> None:
    assert (
        names.comparison_key("Mr."),
        names.comparison_key(" "),
        names.comparison_key("Đặng"),
    ) == (
        ("mr.",),
        (),
        ("dang",),
    )
