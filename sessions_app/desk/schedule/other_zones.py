"""What times that are being typed are on the other clocks of the event."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sessions_app.agenda.intervals import minutes
from sessions_app.desk.desk_view import own_zone
from sessions_app.renderers import labels, time_ranges
from workshop.models import Event
from workshop.zones import Zone, read_wall_clock, unique


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How long a row is and when it is on each other clock; or why that cannot be said."""

    length: str = ""
    clocks: tuple[tuple[str, str], ...] = ()  # a zone's label, and start and end there
    problem: str = ""


def elsewhere(event: Event, starts: datetime | None, ends: datetime | None) -> Elsewhere:
    """A start and an end typed on the event's own clock, drawn on its display zones.

    Nothing while one of them is missing; a problem where the clock skips or repeats one.
    """
    if starts is None or ends is None:
        return Elsewhere()
    try:
        start, end = (read_wall_clock(typed, event.zone) for typed in (starts, ends))
    except (ValueError, OverflowError) as refusal:
        return Elsewhere(problem=str(refusal))
    if end <= start:
        return Elsewhere(problem=_("The end is not after the start."))
    own = own_zone(event)
    shown = (Zone(each.label, each.key) for each in event.display_zones.all())
    others = [zone for zone in unique(shown) if zone.key != own.key]
    return Elsewhere(
        length=labels.minutes(minutes(start, end)),
        clocks=tuple((zone.label, time_ranges.span(start, end, zone)) for zone in others),
    )
