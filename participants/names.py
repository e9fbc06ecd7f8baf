"""Names of people as they are compared, sorted and put into addresses. Pure."""

import re
import unicodedata

# Where the family name is written first, or where there is none.
_SORTED_AS_WRITTEN = frozenset({"CN", "HK", "KH", "MM", "MO", "SG", "TW", "VN"})
_FORMS_OF_ADDRESS = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|mx|dr|prof|hon|mme|sir|dame)\b\.?|h\.\s?e\.|the hon\b\.?)[\s,]*",
    re.IGNORECASE,
)
# What follows a comma without being a first name.
_AFTER_NAMES = frozenset(
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
# Letters with a stroke or without a dot, which no decomposition takes apart.
_STROKES = str.maketrans("đıøł", "diol")


def sort_name(full_name: str, country: str = "") -> str:
    """How a list sorts a name as printed: `Kim, Juny`; as written where the family comes first."""
    *first, last = full_name.split() or [""]
    if not first or country in _SORTED_AS_WRITTEN or "," in full_name:
        return full_name.strip()
    return f"{last}, {' '.join(first)}"


def plain(name: str) -> str:
    """A name in small letters without accents; marks of other scripts, such as Lao, stay."""
    apart = unicodedata.normalize("NFKD", name).casefold()
    return re.sub("[\u0300-\u036f]", "", apart).translate(_STROKES)


def essence(name: str) -> tuple[str, ...]:
    """What all spellings of a name share, whatever case, accents, forms of address, word order."""
    return tuple(sorted(filter(None, re.split(r"[\s,]+", plain(addressed(name)[1])))))


def addressed(name: str) -> tuple[str, str]:
    """The form of address before a name, and the name: `H.E. Mr.` and `Dara Keo`."""
    name = bare = name.strip()
    while (shorter := _FORMS_OF_ADDRESS.sub("", bare, count=1)) not in ("", bare):
        bare = shorter
    return name[: len(name) - len(bare)].strip(" ,"), bare


def is_form_of_address(text: str) -> bool:
    return bool(text.strip()) and addressed(f"{text} x")[1] == "x"


def turned(name: str) -> str:
    """A name as it is printed: `Juny Kim` for `Kim, Juny`; others, `John Kim, Jr.`, as they are."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or not first or "," in first or plain(first) in _AFTER_NAMES:
        return name
    return f"{first} {last}"
