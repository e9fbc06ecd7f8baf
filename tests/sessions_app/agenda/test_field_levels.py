"""Field levels: fields above a level are left out at any depth; other values are not copied."""

from dataclasses import dataclass

from participants.access.levels import Level
from sessions_app.agenda.field_levels import cut_to_level, visible_from


@dataclass(frozen=True, slots=True)
class Inner:
    said: str
    note: str = visible_from(Level.MODERATOR, "")


@dataclass(frozen=True, slots=True)
class Plain:
    said: str


@dataclass(frozen=True, slots=True)
class Outer:
    inner: tuple[Inner, ...] = ()
    one: Inner | None = None
    plain: tuple[Plain, ...] = ()
    remarks: tuple[Inner, ...] = visible_from(Level.MODERATOR, ())


def test_fields_above_a_level_are_left_out_at_any_depth() -> None:
    noted, bare = Inner("a", note="b"), Inner("a")
    whole = Outer(inner=(bare, noted), one=noted, plain=(Plain("c"),), remarks=(noted,))
    cut = Outer(inner=(bare, bare), one=bare, plain=(Plain("c"),))
    assert [cut_to_level(whole, level) for level in Level] == [cut, whole, whole]


def test_value_without_fields_above_a_level_stays_the_same_object() -> None:
    bare = Outer(inner=(Inner("a"),), one=Inner("b"))
    noted = Outer(inner=(Inner("a"), Inner("b", note="c")), plain=(Plain("d"),))
    cut = cut_to_level(noted, Level.PUBLIC)
    assert cut_to_level(bare, Level.PUBLIC) is bare
    assert (cut.inner[0] is noted.inner[0], cut.plain is noted.plain) == (True, True)
