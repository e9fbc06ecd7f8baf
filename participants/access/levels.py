"""Viewer and Level: what a reader of an event may see, as plain values.

`viewer.get_viewer` makes a Viewer from a request; `agenda.visibility.for_viewer` applies it.
"""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Level(IntEnum):
    """Level of detail; each level includes those below it."""

    PUBLIC = 0
    MODERATOR = 1
    ORGANISER = 2


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader of one event: the workshops they may read, and at which level.

    `readable_workshops` holds UIDs by the rows at this moment, for old releases too. `people`
    holds the UIDs of the reader or of a delegation, where known. In a workshop that they may not
    read they still see their own sessions, unless it is one of `withdrawn_workshops`, from whose
    list one of them was removed.
    """

    readable_workshops: frozenset[UUID] = frozenset()
    level: Level = Level.PUBLIC
    people: frozenset[UUID] = frozenset()
    withdrawn_workshops: frozenset[UUID] = frozenset()

    @property
    def is_organiser(self) -> bool:
        return self.level is Level.ORGANISER

    @property
    def is_identified(self) -> bool:
        """Whether responses are for this viewer only and must not be cached for others."""
        return bool(self.people) or self.level is not Level.PUBLIC
