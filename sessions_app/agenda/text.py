"""A text in the languages that it is kept in, and the choice of one of them."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from workshop.zones import Zone

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Text:
    """What is printed, in English and in Lao; English first when it is read as a string."""

    en: str = ""
    lo: str = ""

    def __str__(self) -> str:
        return self.en or self.lo

    def __bool__(self) -> bool:
        return bool(self.en or self.lo)

    @property
    def language(self) -> str:
        """The language in which it is read."""
        return "en" if self.en or not self.lo else "lo"


@dataclass(frozen=True, slots=True)
class Spoken(Text):
    """A text for a reader of Lao: Lao where there is some, else English, and it says which."""

    def __str__(self) -> str:
        return self.lo or self.en

    @property
    def language(self) -> str:
        return "lo" if self.lo or not self.en else "en"


def in_language(agenda: Value, language: str) -> Value:
    """An agenda as read in `language`; texts that lack it fall back to English and say so."""
    if language != "lo":
        return agenda
    return cast(Value, _spoken(agenda))


def _spoken(value: object) -> object:
    if isinstance(value, Text):
        return Spoken(value.en, value.lo)
    if isinstance(value, tuple):
        return tuple(_spoken(item) for item in value)
    if not is_dataclass(value) or isinstance(value, (type, Zone)):
        return value
    return replace(
        value, **{each.name: _spoken(getattr(value, each.name)) for each in fields(value)}
    )
