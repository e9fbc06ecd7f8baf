"""Names compared, sorted and put into addresses."""

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
def test_name_is_sorted_by_its_last_word_unless_the_family_comes_first(
    name: str, country: str, sorted_as: str
) -> None:
    assert names.sort_name(name, country) == sorted_as


@pytest.mark.parametrize(
    "other",
    ["juny KIM", "Kim, Juny", "Ms. Juny Kim", "Dr Juny  Kim", "H.E. Ms. Júny Kìm", "Juny Kim"],
)
def test_spellings_of_one_name_have_one_essence(other: str) -> None:
    assert names.essence(other) == names.essence("Juny Kim")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Juny Kim", "Juny Kimm"),
        ("Juny Kim", "Juny"),
        ("He Jiankui", "Jiankui"),  # a family name, no excellency
        ("Drake Prof", "Ake"),
        ("ທອງຈັນ", "ທອງຈນ"),  # Lao vowels are marks, and no accents
    ],
)
def test_other_names_have_another_essence(one: str, two: str) -> None:
    assert names.essence(one) != names.essence(two)


def test_name_without_any_letters_of_its_own_has_some_essence() -> None:
    assert (names.essence("Mr."), names.essence(" "), names.essence("Đặng")) == (
        ("mr.",),
        (),
        ("dang",),
    )
