"""Time zone of a person's own page and e-mails. Pure."""

from collections.abc import Sequence

from sessions_app.agenda.types import Agenda
from workshop.zones import Zone, city, unique


def own_zone(key: str, agenda: Agenda) -> Zone:
    """Zone of this key, labelled with its city, `New York`; the event's if the key is empty."""
    key = key or agenda.zone
    return Zone(city(key) or key, key)


def with_event_zone(own: Zone, agenda: Agenda) -> tuple[Zone, ...]:
    """A person's own zone, followed by the event's zone if that differs."""
    zones: Sequence[Zone] = agenda.zones
    event_zone = next((zone for zone in zones if zone.key == agenda.zone), own_zone("", agenda))
    return unique((own, event_zone))
