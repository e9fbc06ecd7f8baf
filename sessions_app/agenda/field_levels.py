"""Access levels of dataclass fields, and values reduced to a level. Pure."""

from collections.abc import Iterator
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar, get_args, get_type_hints

from participants.access.levels import Level

Value = TypeVar("Value")


def visible_from(level: Level, default: object) -> Any:
    """Dataclass field for readers of this level and above; others get its default."""
    return field(default=default, metadata={"level": level})


def cut_to_level(value: Value, level: Level) -> Value:
    """The value without the fields that a reader of this level may not see, at any depth.

    Parts without such a field are not copied.
    """
    return value if level is Level.ORGANISER else _cut(value, level)


def _cut(value: Any, level: Level) -> Any:
    if isinstance(value, tuple):
        items = tuple(_cut(item, level) for item in value)
        return value if all(map(is_, items, value)) else items
    changes = {}
    for name, min_level, default in _restricted_fields(type(value)):  # type: ignore[arg-type]  # it is hashable
        content = getattr(value, name)
        hidden = min_level is not None and level < min_level
        visible = default if hidden and content != default else _cut(content, level)
        if visible is not content:
            changes[name] = visible
    return replace(value, **changes) if changes else value


@cache
def _restricted_fields(kind: type) -> tuple[tuple[str, Level | None, object], ...]:
    """Name, level and default of the fields that have a level, or contain a field with one."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    return tuple(
        (column.name, column.metadata.get("level"), column.default)
        for column in fields(kind)
        if "level" in column.metadata or any(map(_restricted_fields, _types_in(hints[column.name])))
    )


def _types_in(hint: Any) -> Iterator[type]:
    """Types named in an annotation: `Session` of `tuple[Session, ...]`."""
    if isinstance(hint, type):
        yield hint
    for inner in get_args(hint):
        yield from _types_in(inner)
