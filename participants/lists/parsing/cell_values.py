"""Parsers of cell texts: e-mail, country, time zone, role and language, in common spellings."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_countries import countries
from django_countries.data import COUNTRIES

from participants.models import Participation, Person
from participants.names import fold
from workshop import zones
from workshop.zones import Zone

# Start of a formula for a spreadsheet program, after any apostrophes.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_STRIPPED_FROM_EMAILS = " \t\r\n\xa0;,\u200b\u200e\u200f\ufeff\u2060"
_INVISIBLE_CATEGORIES = ("Cc", "Cs", "Cn")
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})

# Country names that are neither in ISO 3166 nor in django-countries.
_OTHER_COUNTRY_NAMES = {
    "BO": "Plurinational State of Bolivia",
    "BS": "Bahamas",
    "CD": "DR Congo; DRC; Congo Kinshasa; Congo, Democratic Republic; Zaire",
    "CG": "Republic of the Congo; Congo Brazzaville",
    "CI": "Ivory Coast; Republic of Côte d'Ivoire",
    "CN": "People's Republic of China; PRC; PR China; P. R. China",
    "CV": "Cape Verde",
    "CZ": "Czech Republic",
    "EG": "Arab Republic of Egypt",
    "FM": "Federated States of Micronesia",
    "GB": "UK; U.K.; Great Britain; Britain; England; Scotland; Wales; Northern Ireland",
    "GM": "The Gambia",
    "HK": "Hong Kong SAR; Hong Kong, China; China, Hong Kong SAR",
    "IR": "Islamic Republic of Iran",
    "KG": "Kyrgyz Republic",
    "KP": "DPRK; DPR Korea; Democratic People's Republic of Korea",
    "KR": "Korea, South; ROK; RO Korea; R. Korea",
    "LA": "Lao; Lao P.D.R.; Lao PDR (Laos)",
    "MK": "Macedonia; The former Yugoslav Republic of Macedonia",
    "MM": "Burma; Republic of the Union of Myanmar",
    "MO": "Macau; Macao SAR; Macao, China",
    "NL": "Holland; The Netherlands; Kingdom of the Netherlands",
    "NP": "Federal Democratic Republic of Nepal",
    "NR": "Nauru",
    "PH": "The Philippines; Republic of the Philippines",
    "PS": "State of Palestine; Palestinian Territories",
    "RU": "Russia",
    "SK": "Slovak Republic",
    "ST": "São Tomé and Príncipe",
    "SZ": "Swaziland",
    "TL": "East Timor; Democratic Republic of Timor-Leste",
    "TR": "Turkey",
    "TZ": "United Republic of Tanzania",
    "US": "USA; U.S.A.; U.S.; United States; America",
    "VA": "Vatican; Holy See",
    "VE": "Bolivarian Republic of Venezuela",
    "VN": "Socialist Republic of Viet Nam; Viet-Nam; S.R. Viet Nam",
}
_ROLES = {
    Participation.Role.PANELIST: "panelist panelists panellist speaker presenter resourceperson",
    Participation.Role.MODERATOR: "moderator moderators chair chairperson facilitator",
    Participation.Role.DELEGATE: "delegate delegates participant participants attendee",
    Participation.Role.OBSERVER: "observer observers",
    Participation.Role.INTERPRETER: "interpreter interpreters translator",
    Participation.Role.STAFF: "staff organiser organizer secretariat support",
}
_LANGUAGES = {
    Person.Language.ENGLISH: "en eng english",
    Person.Language.LAO: "lo lao laotian",
}


_ABBREVIATIONS = {"dem": "democratic", "rep": "republic", "st": "saint"}


class InvalidValue(ValueError):
    """Raised for a cell that cannot be parsed; `args[0]` is a sentence with the reason."""


def unescape_formula(cell: str) -> str:
    """Remove the apostrophe that stops a spreadsheet program from calculating a cell."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell) else cell


def escape_formula(text: str) -> str:
    """Put an apostrophe before a text that looks like a formula; `unescape_formula` removes it."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """True where a spreadsheet program could calculate it, `=cmd`, also after its apostrophes."""
    return _FORMULA.match(text) is not None


def strip_invisible(text: str) -> str:
    """Remove invisible characters, among them NUL; line breaks stay."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character
        for character in text
        if character in "\t\n" or unicodedata.category(character) not in _INVISIBLE_CATEGORIES
    )


def single_line(text: str) -> str:
    """Normalise a text to one line with single spaces."""
    return " ".join(strip_invisible(text).split())


def multi_line(text: str) -> str:
    return strip_invisible(text).strip()


def is_excel_error(text: str) -> bool:
    """True for an error that Excel shows in place of a result."""
    return text.strip() in _EXCEL_ERRORS


def quote(text: str) -> str:
    """Shorten and quote a text for a message."""
    return f"“{Truncator(single_line(text)).chars(60)}”"


def parse_email(text: str) -> str:
    """Parse one e-mail address, kept as typed; raises InvalidValue for anything else."""
    address = text.strip(_STRIPPED_FROM_EMAILS)
    if any(line_break in address for line_break in "\r\n"):
        raise _invalid(_("%(text)s contains a line break. Write one address per row."), address)
    if strip_invisible(address) != address:
        raise _invalid(_("%(text)s contains an invisible character."), address)
    if is_formula(address):
        raise _invalid(_("%(text)s starts like a formula, not like an address."), address)
    if re.search(r"[,;].*@|@.*[,;]", address):
        raise _invalid(_("%(text)s is more than one address. Write one per row."), address)
    try:
        validate_email(address)
        if len(address) > 254:
            raise ValidationError("")
    except ValidationError as invalid:
        raise _invalid(_("%(text)s is not an e-mail address."), address) from invalid
    return address


def normalise_email(text: str) -> str:
    """Normalise an e-mail address, to compare spellings of it."""
    return text.strip(_STRIPPED_FROM_EMAILS).casefold()


def parse_country(text: str) -> str:
    """Parse a country name or code to its ISO code; raises InvalidValue for an unknown one."""
    name = text.strip()
    code = _country_codes().get(name) or _country_names().get(_country_words(name))
    if code is None or is_formula(name):
        message = _("%(text)s is not a known country. Write its English name or its ISO code.")
        raise _invalid(message, text)
    return code


def parse_zone(text: str, event_zones: Iterable[Zone] = ()) -> str:
    """Parse a time zone to its IANA key, by the event's labels first; raises InvalidValue."""
    name = single_line(text)
    try:
        return zones.find(name, event_zones).key
    except zones.UnknownZone:
        key = _zone_keys().get(re.sub(r"\s*/\s*", "/", name).replace(" ", "_").casefold())
    if key is None:
        message = _("%(text)s is not a time zone of a place. Write it like Asia/Vientiane.")
        raise _invalid(message, text)
    return key


def parse_role(text: str) -> str:
    return _parse_choice(text, _ROLES, _("%(text)s is not a role. The roles are: %(choices)s."))


def parse_language(text: str) -> str:
    return _parse_choice(
        text, _LANGUAGES, _("%(text)s is not a language offered here. Choose one of: %(choices)s.")
    )


def _parse_choice(
    text: str, choices: "dict[Participation.Role, str] | dict[Person.Language, str]", message: str
) -> str:
    wanted = re.sub(r"[\W_]", "", fold(text))
    for choice, spellings in choices.items():
        if wanted in spellings.split():
            return str(choice.value)
    names = ", ".join(str(choice.label) for choice in choices)
    raise _invalid(message, text, choices=names)


def _invalid(message: str, text: str, **values: str) -> InvalidValue:
    return InvalidValue(message % {"text": quote(text), **values})


@lru_cache(maxsize=1)
def _country_codes() -> dict[str, str]:
    """ISO codes by alpha-2 and alpha-3 code, in capitals only: `no` and `is` are words."""
    return {
        spelling: code for code, _name in countries for spelling in (code, countries.alpha3(code))
    }


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """ISO codes by the sorted words of each country name."""
    codes: dict[str, str] = {}
    for code, printed in countries:
        names = [printed, COUNTRIES.get(code, ""), countries.COMMON_NAMES.get(code, "")]
        names += _OTHER_COUNTRY_NAMES.get(code, "").split(";")
        codes |= {words: code for name in names if (words := _country_words(str(name)))}
    return codes


@lru_cache(maxsize=20_000)
def _country_words(name: str) -> str:
    """Sorted words of a country name, so that `Korea, Republic of` equals `Republic of Korea`."""
    words = re.findall(r"\w+", re.sub(r"['’.`]", "", fold(name)))
    full_words = (
        _ABBREVIATIONS.get(word, word) for word in words if word not in ("the", "of", "and")
    )
    return " ".join(sorted(full_words))


@lru_cache(maxsize=1)
def _zone_keys() -> dict[str, str]:
    return {key.casefold(): key for key in zones.place_keys()}
