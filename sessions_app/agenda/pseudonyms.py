"""Pseudonyms: an agenda in which one person is replaced by a meaningless name. Pure."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person
from workshop.zones import Zone


def pseudonymised(agenda: Agenda, pseudonym: Person) -> Agenda:
    """The agenda with `pseudonym` in place of the person who has its UID.

    Replaced in lists, in appearances with their affiliation, and in removed sessions.
    """
    pseudonymous = cast(Agenda, _pseudonymise(agenda, pseudonym))
    people = sorted(pseudonymous.people, key=lambda person: (person.sort_name, person.key))
    return replace(pseudonymous, people=tuple(people))


def texts_naming(agenda: Agenda, names: frozenset[str]) -> tuple[str, ...]:
    """Texts that mention one of these names; `pseudonymised` leaves them unchanged."""
    matches = (text for text in _texts(agenda) if any(name in text for name in names))
    return tuple(dict.fromkeys(matches))


def _pseudonymise(value: Any, pseudonym: Person) -> Any:
    if isinstance(value, tuple):
        return tuple(_pseudonymise(item, pseudonym) for item in value)
    if isinstance(value, Person):
        return pseudonym if value.uid == pseudonym.uid else value
    if isinstance(value, Appearance):
        if value.person != pseudonym.uid:
            return value
        return replace(
            value,
            name=pseudonym.name,
            position=pseudonym.position,
            organisation=pseudonym.organisation,
            country=pseudonym.country,
        )
    if not is_dataclass(value) or isinstance(value, (type, Text, Zone)):
        return value
    return replace(
        value,
        **{
            field.name: _pseudonymise(getattr(value, field.name), pseudonym)
            for field in fields(value)
        },
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Text):
        yield from filter(None, (value.en, value.lo))
    elif is_dataclass(value) and not isinstance(value, (type, Person, Appearance)):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
