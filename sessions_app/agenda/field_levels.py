"""Fields that are for some readers only, and values without them. Pure."""

from collections.abc import Iterator
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar, get_args, get_type_hints

from participants.access.viewer import Level

Value = TypeVar("Value")


def only_from(level: Level, default: object) -> Any:
    """A field for readers of this level and above; others get its default."""
    return field(default=default, metadata={"level": level})


def up_to(value: Value, level: Level) -> Value:
    """The value without the fields that a reader of this level does not see, all the way down.

    What is in it and holds no such field is not copied.
    """
    return value if level is Level.ORGANISER else _cut(value, level)


def _cut(value: Any, level: Level) -> Any:
    if isinstance(value, tuple):
        items = tuple(_cut(item, level) for item in value)
        return value if all(map(is_, items, value)) else items
    changes = {}
    for name, least, default in _guarded(type(value)):  # type: ignore[arg-type]  # it is hashable
        content = getattr(value, name)
        hidden = least is not None and level < least
        kept = default if hidden and content != default else _cut(content, level)
        if kept is not content:
            changes[name] = kept
    return replace(value, **changes) if changes else value


@cache
def _guarded(kind: type) -> tuple[tuple[str, Level | None, object], ...]:
    """The fields of a type that have a level, or that hold values in which some field has one."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    return tuple(
        (each.name, each.metadata.get("level"), each.default)
        for each in fields(kind)
        if "level" in each.metadata or any(map(_guarded, _kinds_in(hints[each.name])))
    )


def _kinds_in(hint: Any) -> Iterator[type]:
    """The types that an annotation names: `Session` of `tuple[Session, ...]`."""
    if isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _kinds_in(inner)
