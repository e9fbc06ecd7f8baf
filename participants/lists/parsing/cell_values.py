"""A cell's text becomes what it means: an address, a country, a zone, in the spellings of lists."""

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
from participants.names import plain
from workshop import zones
from workshop.zones import Zone

# What a spreadsheet may take for the start of a formula, after any apostrophes.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_AROUND_ADDRESSES = " \t\r\n\xa0;,\u200b\u200e\u200f\ufeff\u2060"
_NOT_TEXT = ("Cc", "Cs", "Cn")
_FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})

# What neither ISO nor django-countries call them.
_ALSO = {
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


_SHORTENED = {"dem": "democratic", "rep": "republic", "st": "saint"}


class Refused(ValueError):
    """A cell that says nothing that can be kept; `args[0]` is a sentence that says why."""


def unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from calculating it."""
    return cell[1:] if cell[:1] == "'" and is_formula(cell) else cell


def quoted(text: str) -> str:
    """A text that no spreadsheet calculates; `unquoted` makes it what it was."""
    return f"'{text}" if is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take it for one, `=cmd`, now or once it has lost its quote."""
    return _FORMULA.match(text) is not None


def visible(text: str) -> str:
    """Without characters that nobody can see, among them NUL; line breaks stay."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        each for each in text if each in "\t\n" or unicodedata.category(each) not in _NOT_TEXT
    )


def line(text: str) -> str:
    """One line, with single spaces."""
    return " ".join(visible(text).split())


def lines(text: str) -> str:
    return visible(text).strip()


def is_fault(text: str) -> bool:
    """Whether Excel has put a fault in place of a result."""
    return text.strip() in _FAULTS


def short(text: str) -> str:
    """As a sentence quotes it."""
    return f"“{Truncator(line(text)).chars(60)}”"


def email(text: str) -> str:
    """One address as it was typed; raises Refused for anything else."""
    address = text.strip(_AROUND_ADDRESSES)
    if any(each in address for each in "\r\n"):
        raise Refused(_("%(said)s has a line break in it: one address a row.") % _said(address))
    if visible(address) != address:
        raise Refused(_("%(said)s has a character in it that nobody can see.") % _said(address))
    if is_formula(address):
        raise Refused(_("%(said)s begins like a formula, not like an address.") % _said(address))
    if re.search(r"[,;].*@|@.*[,;]", address):
        raise Refused(_("%(said)s is more than one address: one a row.") % _said(address))
    try:
        validate_email(address)
        if len(address) > 254:
            raise ValidationError("")
    except ValidationError as invalid:
        raise Refused(_("%(said)s is no e-mail address.") % _said(address)) from invalid
    return address


def same_address(text: str) -> str:
    """What all spellings of one address share."""
    return text.strip(_AROUND_ADDRESSES).casefold()


def country(text: str) -> str:
    """The ISO code of a country's name or code; raises Refused for one that is not known."""
    name = text.strip()
    code = _codes().get(name) or _countries().get(_words(name))
    if code is None or is_formula(name):
        raise Refused(
            _("%(said)s is no country known here. Write its name in English, or its ISO code.")
            % _said(text)
        )
    return code


def zone(text: str, own: Iterable[Zone] = ()) -> str:
    """The key of a zone, by a label of the event or by a place; raises Refused for others."""
    name = line(text)
    try:
        return zones.find(name, own).key
    except zones.UnknownZone:
        key = _zone_keys().get(re.sub(r"\s*/\s*", "/", name).replace(" ", "_").casefold())
    if key is None:
        raise Refused(
            _("%(said)s is no time zone of a place. Write it as Asia/Vientiane.") % _said(text)
        )
    return key


def role(text: str) -> str:
    return _chosen(text, _ROLES, _("%(said)s is none of the roles here: %(offered)s."))


def language(text: str) -> str:
    return _chosen(text, _LANGUAGES, _("%(said)s is none of the languages here: %(offered)s."))


def _chosen(
    text: str, offered: "dict[Participation.Role, str] | dict[Person.Language, str]", refusal: str
) -> str:
    wanted = re.sub(r"[\W_]", "", plain(text))
    for choice, spellings in offered.items():
        if wanted in spellings.split():
            return str(choice.value)
    names = ", ".join(str(choice.label) for choice in offered)
    raise Refused(refusal % {**_said(text), "offered": names})


def _said(text: str) -> dict[str, str]:
    return {"said": short(text)}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """In capitals alone: `no` and `is` are words."""
    return {each: code for code, _name in countries for each in (code, countries.alpha3(code))}


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    """What each country is called, by the words of it."""
    found: dict[str, str] = {}
    for code, printed in countries:
        names = [printed, COUNTRIES.get(code, ""), countries.COMMON_NAMES.get(code, "")]
        names += _ALSO.get(code, "").split(";")
        found |= {words: code for name in names if (words := _words(str(name)))}
    return found


@lru_cache(maxsize=20_000)
def _words(name: str) -> str:
    """A country's name whatever the order of its words: `Korea, Republic of`."""
    words = re.findall(r"\w+", re.sub(r"['’.`]", "", plain(name)))
    whole = (_SHORTENED.get(each, each) for each in words if each not in ("the", "of", "and"))
    return " ".join(sorted(whole))


@lru_cache(maxsize=1)
def _zone_keys() -> dict[str, str]:
    return {key.casefold(): key for key in zones.place_keys()}
