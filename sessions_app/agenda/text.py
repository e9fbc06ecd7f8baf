"""Texts in several languages, and the choice of one language."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from workshop.zones import Zone

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in English and Lao; as a string it is English, or Lao if there is no English."""

    en: str = ""
    lo: str = ""

    def __str__(self) -> str:
        return self.en or self.lo

    def __bool__(self) -> bool:
        return bool(self.en or self.lo)

    @property
    def language(self) -> str:
        """BCP 47 tag of the language that `str` returns."""
        return "en" if self.en or not self.lo else "lo"


@dataclass(frozen=True, slots=True)
class LaoText(Text):
    """A text for readers of Lao; as a string it is Lao, or English if there is no Lao."""

    def __str__(self) -> str:
        return self.lo or self.en

    @property
    def language(self) -> str:
        return "lo" if self.lo or not self.en else "en"


def in_language(agenda: Value, language: str) -> Value:
    """The agenda in `language`; texts without it fall back to English, see `Text.language`."""
    if language != "lo":
        return agenda
    return cast(Value, _in_lao(agenda))


def _in_lao(value: object) -> object:
    if isinstance(value, Text):
        return LaoText(value.en, value.lo)
    if isinstance(value, tuple):
        return tuple(_in_lao(item) for item in value)
    if not is_dataclass(value) or isinstance(value, (type, Zone)):
        return value
    return replace(
        value, **{field.name: _in_lao(getattr(value, field.name)) for field in fields(value)}
    )
