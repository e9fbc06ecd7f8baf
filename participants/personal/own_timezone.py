"""The clock somebody lives by, as the zone in which their own page and mails are written. Pure."""

from collections.abc import Sequence

from sessions_app.agenda.types import Agenda
from workshop.zones import Zone, city, unique


def own_zone(key: str, agenda: Agenda) -> Zone:
    """The zone of this key under its place's name, `New York`; the event's where it is empty."""
    key = key or agenda.zone
    return Zone(city(key) or key, key)


def with_the_events(own: Zone, agenda: Agenda) -> tuple[Zone, ...]:
    """Somebody's own clock, and the event's beside it where it shows other hours."""
    shown: Sequence[Zone] = agenda.zones
    events = next((zone for zone in shown if zone.key == agenda.zone), own_zone("", agenda))
    return unique((own, events))
