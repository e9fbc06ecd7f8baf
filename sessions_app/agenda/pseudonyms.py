"""An agenda without what it says of one person: a name that means nothing stands instead. Pure."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person
from workshop.zones import Zone


def pseudonymised(agenda: Agenda, instead: Person) -> Agenda:
    """The agenda in which the person with the UID of `instead` is `instead` wherever they stand.

    That is in lists, in roles, in what is printed there of them and in sessions that are gone.
    """
    found = cast(Agenda, _without(agenda, instead))
    in_lists = sorted(found.people, key=lambda person: (person.sort_name, person.key))
    return replace(found, people=tuple(in_lists))


def naming(agenda: Agenda, names: frozenset[str]) -> tuple[str, ...]:
    """Texts that hold one of these names in the midst of other words, which stay as they are."""
    found = (text for text in _texts(agenda) if any(name in text for name in names))
    return tuple(dict.fromkeys(found))


def _without(value: Any, instead: Person) -> Any:
    if isinstance(value, tuple):
        return tuple(_without(item, instead) for item in value)
    if isinstance(value, Person):
        return instead if value.uid == instead.uid else value
    if isinstance(value, Appearance):
        if value.person != instead.uid:
            return value
        return replace(
            value,
            name=instead.name,
            position=instead.position,
            organisation=instead.organisation,
            country=instead.country,
        )
    if not is_dataclass(value) or isinstance(value, (type, Text, Zone)):
        return value
    return replace(
        value, **{each.name: _without(getattr(value, each.name), instead) for each in fields(value)}
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Text):
        yield from filter(None, (value.en, value.lo))
    elif is_dataclass(value) and not isinstance(value, (type, Person, Appearance)):
        for each in fields(value):
            yield from _texts(getattr(value, each.name))
