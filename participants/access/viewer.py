"""What a reader is let into, as a plain value."""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Level(IntEnum):
    """How much of a programme a reader sees; each level sees what those below it see."""

    PUBLIC = 0
    MODERATOR = 1
    ORGANISER = 2


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader of one event: the workshops they may read and how much of them.

    `reads` holds the UIDs of readable workshops as the rows say at this moment, whatever
    release is read. `people` are the UIDs of those it is read for, where they are known: a
    reader, or a delegation. They keep the own items of a workshop that is closed to them, unless
    it is among `barred`: workshops from whose list one of them was taken.
    """

    reads: frozenset[UUID] = frozenset()
    level: Level = Level.PUBLIC
    people: frozenset[UUID] = frozenset()
    barred: frozenset[UUID] = frozenset()

    @property
    def is_organiser(self) -> bool:
        return self.level is Level.ORGANISER

    @property
    def is_known(self) -> bool:
        """Whether what they read is for them alone, and may not be kept for others."""
        return bool(self.people) or self.level is not Level.PUBLIC
