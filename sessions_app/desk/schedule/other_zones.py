"""Typed times in the other time zones of the event."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions_app.agenda.intervals import minutes
from sessions_app.desk.desk_view import event_zone
from sessions_app.renderers import labels, time_ranges
from workshop.editing.wall_clock_field import read_typed
from workshop.models import Event
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class OtherZoneTimes:
    """Length of a session and its times in each other zone; or the problem of the typed times."""

    duration: str = ""
    zones: tuple[tuple[str, str], ...] = ()  # a zone's label, and start and end there
    problem: str = ""


def other_zone_times(
    event: Event, starts: datetime | None, ends: datetime | None
) -> OtherZoneTimes:
    """Convert a start and an end typed in the event's zone to its other display zones.

    Empty while one of them is missing; a problem if a clock time is skipped or occurs twice.
    """
    if starts is None or ends is None:
        return OtherZoneTimes()
    try:
        start, end = (read_typed(typed, event.zone) for typed in (starts, ends))
    except ValidationError as refusal:
        return OtherZoneTimes(problem=" ".join(refusal.messages))
    if end <= start:
        return OtherZoneTimes(problem=_("The end is not after the start."))
    own_key = event_zone(event).key
    shown = (Zone(zone.label, zone.key) for zone in event.display_zones.all())
    others = [zone for zone in unique(shown) if zone.key != own_key]
    return OtherZoneTimes(
        duration=labels.minutes(minutes(start, end)),
        zones=tuple((zone.label, time_ranges.span(start, end, zone)) for zone in others),
    )
