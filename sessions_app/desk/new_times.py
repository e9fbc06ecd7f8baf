"""Old and new times of a row side by side, as the desk's previews draw them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from sessions_app.clocks import minutes
from sessions_app.renderers import lines, words
from sessions_app.zoned import cells
from workshop.zones import Zone

Times = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class NewTimesLine:
    """A row of a preview; `length` says how many minutes it has, where that changes."""

    name: str
    status: str
    own_clock: tuple[lines.TimesLine, ...]  # now, then
    length: str
    elsewhere: tuple[lines.TimesLine, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """Now or then: the clock, and the date that is not repeated beside its times."""

    zone: Zone
    on: date


def new_times(
    name: str,
    now: Times,
    then: Times,
    *,
    sides: tuple[Side, Side],
    others: tuple[Zone, ...],
    status: str = "",
) -> NewTimesLine:
    """A row's times now and then (UTC) on the clock of each side, and then on the `others`."""
    old, new = sides
    before = cells(*now, (old.zone,), old.on)
    after, *elsewhere = cells(*then, (new.zone, *others), new.on)
    return NewTimesLine(
        name=name,
        status=status,
        own_clock=tuple(map(lines.times, (*before, after))),
        length=_length(minutes(*now), minutes(*then)),
        elsewhere=tuple(map(lines.times, elsewhere)),
    )


def _length(old: int, new: int) -> str:
    said = _("%(new)s instead of %(old)s")
    return "" if new == old else said % {"new": words.minutes(new), "old": words.minutes(old)}
