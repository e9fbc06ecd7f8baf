"""Findings of the checks, as facts without words. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sessions_app.agenda.types import Agenda, Session, Workshop
from workshop.zones import Zone


class Level(StrEnum):
    """Severity of a finding: an error stops publishing, a warning needs a look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue: a code, and keys of the affected items of the agenda that was checked.

    `workshop` is empty for the whole event; for sessions of two workshops it is the one of the
    earlier session. `minutes` depends on the code: free in a gap, too many over a budget, at
    night. `moments` are start and end (UTC) of a gap or of the time that two sessions share,
    `document` is the source of other announced hours, `countries` are ISO 3166 alpha-2 codes.
    """

    code: str
    level: Level
    workshop: str = ""
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    minutes: int | None = None
    moments: tuple[datetime, ...] = ()
    document: str = ""
    countries: tuple[str, ...] = ()
    zones: tuple[Zone, ...] = ()


@dataclass(frozen=True, slots=True)
class SplitMove:
    """A session moved between two workshops of which only one is to be published; an error."""

    level: ClassVar[Level] = Level.ERROR
    session: Session
    released_in: Workshop
    workshop: Workshop


Check = Callable[[Agenda], Iterable[Finding]]
