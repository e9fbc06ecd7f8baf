"""What a reader's level does not reach is left out, however deep; the rest is not copied."""

from dataclasses import dataclass

from participants.access.viewer import Level
from sessions_app.agenda.field_levels import only_from, up_to


@dataclass(frozen=True, slots=True)
class Inner:
    said: str
    note: str = only_from(Level.MODERATOR, "")


@dataclass(frozen=True, slots=True)
class Plain:
    said: str


@dataclass(frozen=True, slots=True)
class Outer:
    inner: tuple[Inner, ...] = ()
    one: Inner | None = None
    plain: tuple[Plain, ...] = ()
    remarks: tuple[Inner, ...] = only_from(Level.MODERATOR, ())


def test_fields_above_a_level_are_left_out_all_the_way_down() -> None:
    noted, bare = Inner("a", note="b"), Inner("a")
    whole = Outer(inner=(bare, noted), one=noted, plain=(Plain("c"),), remarks=(noted,))
    cut = Outer(inner=(bare, bare), one=bare, plain=(Plain("c"),))
    assert [up_to(whole, level) for level in Level] == [cut, whole, whole]


def test_what_holds_nothing_above_a_level_stays_the_same_object() -> None:
    bare = Outer(inner=(Inner("a"),), one=Inner("b"))
    noted = Outer(inner=(Inner("a"), Inner("b", note="c")), plain=(Plain("d"),))
    cut = up_to(noted, Level.PUBLIC)
    assert up_to(bare, Level.PUBLIC) is bare
    assert (cut.inner[0] is noted.inner[0], cut.plain is noted.plain) == (True, True)
