"""Names of people: comparison, sort names and forms of address. Pure."""

import re
import unicodedata

# Countries where the family name comes first, or where there is none.
_SORTED_AS_WRITTEN = frozenset({"CN", "HK", "KH", "MM", "MO", "SG", "TW", "VN"})
_FORMS_OF_ADDRESS = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|hon|mme|sir|dame)\b\.?|h\.\s?e\.|the hon\b\.?)[\s,]*",
    re.IGNORECASE,
)
# Suffixes: what may follow a comma without being a first name.
_SUFFIXES = frozenset(
    {
        "jr",
        "jr.",
        "sr",
        "sr.",
        "ii",
        "iii",
        "iv",
        "phd",
        "ph.d.",
        "ph.d",
        "md",
        "m.d.",
        "esq",
        "esq.",
    }
)
# Letters that Unicode does not decompose.
_STROKES = str.maketrans("đıøł", "diol")


def sort_name(full_name: str, country: str = "") -> str:
    """Sort name: `Kim, Juny`; as printed where the family name comes first."""
    *first, last = full_name.split() or [""]
    if not first or country in _SORTED_AS_WRITTEN or "," in full_name:
        return full_name.strip()
    return f"{last}, {' '.join(first)}"


def fold(name: str) -> str:
    """Case-folded name without accents; marks of other scripts, such as Lao, stay."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return re.sub("[\u0300-\u036f]", "", decomposed).translate(_STROKES)


def comparison_key(name: str) -> tuple[str, ...]:
    """Key that is equal for all spellings: case, accents, forms of address and order of words."""
    return tuple(sorted(filter(None, re.split(r"[\s,]+", fold(split_form_of_address(name)[1])))))


def split_form_of_address(name: str) -> tuple[str, str]:
    """Split a name into form of address and name: `H.E. Mr.` and `Dara Keo`."""
    name = bare = name.strip()
    while (shorter := _FORMS_OF_ADDRESS.sub("", bare, count=1)) not in ("", bare):
        bare = shorter
    return name[: len(name) - len(bare)].strip(" ,"), bare


def is_form_of_address(text: str) -> bool:
    return bool(text.strip()) and split_form_of_address(f"{text} x")[1] == "x"


def given_name_first(name: str) -> str:
    """Name as printed: `Juny Kim` for `Kim, Juny`; others, `John Kim, Jr.`, unchanged."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or not first or "," in first or fold(first) in _SUFFIXES:
        return name
    return f"{first} {last}"
