"""Local hours of a workshop for everybody who takes part, also with another start. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Person, Session, Workshop
from workshop.zones import Zone, city, country_zone

SHIFTS = range(-6, 7)
A_DAY = 24 * 60
# Hours of the clock at which a segment ends: midnight, and the start and end of the night.
_BOUNDARY_HOURS = tuple(sorted((0, intervals.NIGHT_TO.hour, intervals.NIGHT_FROM.hour)))

Item = Session | Workshop


@dataclass(frozen=True, slots=True)
class DaySegment:
    """Part of one local date, in minutes from its midnight: either all night or all day."""

    start: int
    end: int
    is_night: bool

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class LocalHours:
    """Local start and end in one zone, the segments between, and the minutes at night."""

    zone: Zone
    starts_at: datetime
    ends_at: datetime
    segments: tuple[DaySegment, ...]
    night_minutes: int


@dataclass(frozen=True, slots=True)
class ItemHours:
    """Local hours of a session, or of the workshop for a person with a role only over all of it."""

    item: Item
    hours: LocalHours


@dataclass(frozen=True, slots=True)
class PersonHours:
    """Local hours of a person's sessions in a workshop, in total and for each item.

    `total` runs from the first start to the last end with the segments of all items; minutes of
    overlapping items count once.
    """

    person: Person
    total: LocalHours
    items: tuple[ItemHours, ...]


@dataclass(frozen=True, slots=True)
class ZoneHours:
    """Local hours of a workshop in one time zone, and of the people in it.

    `zone.label` is the event's label if it has one, else the city. `country` (alpha-2) is a
    participating country with only this zone, or empty.
    """

    zone: Zone
    country: str
    hours: LocalHours
    people: tuple[PersonHours, ...]

    @property
    def people_night_minutes(self) -> int:
        return sum(person.total.night_minutes for person in self.people)


@dataclass(frozen=True, slots=True)
class ShiftCost:
    """Night minutes of all people with a known zone if a workshop starts `hours` later."""

    hours: int
    people: int
    minutes: int


@dataclass(frozen=True, slots=True)
class WorkshopHours:
    """Local hours of one workshop, shifted as requested; zones with the most night first.

    Not counted are people without a known zone and countries with several zones.
    """

    workshop: Workshop
    zones: tuple[ZoneHours, ...]
    shifts: tuple[ShiftCost, ...]
    people_without_zone: tuple[Person, ...]
    multi_zone_countries: tuple[str, ...]

    @property
    def best_shift(self) -> ShiftCost:
        """The shift with the fewest night minutes, then people affected, then hours of shift."""
        return min(self.shifts, key=lambda shift: (shift.minutes, shift.people, abs(shift.hours)))


def list_workshop_hours(agenda: Agenda, shift: int = 0) -> tuple[WorkshopHours, ...]:
    """Local hours of all workshops, started `shift` hours later; without cancelled sessions."""
    return tuple(_workshop_hours(agenda, workshop, shift) for workshop in agenda.workshops)


def local_hours_of(item: Item, zone: Zone) -> LocalHours:
    """Local hours of an item in a zone."""
    return LocalHours(
        zone=zone,
        starts_at=zone.local(item.starts_at),
        ends_at=zone.local(item.ends_at),
        segments=tuple(_segments(item, zone)),
        night_minutes=intervals.night_minutes(item, zone),
    )


def _workshop_hours(agenda: Agenda, workshop: Workshop, shift: int) -> WorkshopHours:
    held = _moved(workshop, 0)
    participants = tuple(person for person in agenda.people if _items_of(held, person))
    countries = replace(agenda, workshops=(held,), people=participants).countries()
    known = tuple(person for person in participants if person.zone)
    return WorkshopHours(
        workshop=_moved(workshop, shift),
        zones=_zone_hours(_moved(workshop, shift), agenda.zones, countries, known),
        shifts=tuple(_shift_cost(_moved(workshop, hours), hours, known) for hours in SHIFTS),
        people_without_zone=tuple(person for person in participants if not person.zone),
        multi_zone_countries=tuple(country for country in countries if not country_zone(country)),
    )


def _moved(workshop: Workshop, hours: int) -> Workshop:
    """The workshop, without cancelled sessions, some hours later."""
    later = timedelta(hours=hours)
    sessions = (
        replace(row, starts_at=row.starts_at + later, ends_at=row.ends_at + later)
        for row in workshop.sessions
        if row.status != "cancelled"
    )
    return replace(
        workshop,
        starts_at=workshop.starts_at + later,
        ends_at=workshop.ends_at + later,
        sessions=tuple(sessions),
    )


def _items_of(workshop: Workshop, person: Person) -> tuple[Item, ...]:
    rows = tuple(
        sorted(
            (
                row
                for row in workshop.sessions
                if any(appearance.person == person.uid for appearance in row.everybody)
            ),
            key=lambda row: (row.starts_at, row.ends_at),
        )
    )
    overall = any(appearance.person == person.uid for appearance in workshop.people)
    return rows or ((workshop,) if overall else ())


def _zone_hours(
    workshop: Workshop,
    zones: tuple[Zone, ...],
    countries: tuple[str, ...],
    people: tuple[Person, ...],
) -> tuple[ZoneHours, ...]:
    """One row per zone of the countries, of people in other zones, and of the event itself."""
    labels = {zone.key: zone.label for zone in reversed(zones)}
    of_countries = {country_zone(country): country for country in countries}
    of_countries.pop("", None)
    keys = dict.fromkeys([*of_countries, *(person.zone for person in people), *labels])
    rows = (
        ZoneHours(
            zone=(zone := Zone(labels.get(key) or city(key) or key, key)),
            country=of_countries.get(key, ""),
            hours=local_hours_of(workshop, zone),
            people=_person_hours(workshop, zone, people),
        )
        for key in keys
    )
    return tuple(
        sorted(rows, key=lambda row: (-row.hours.night_minutes, -row.people_night_minutes))
    )


def _person_hours(
    workshop: Workshop, zone: Zone, people: tuple[Person, ...]
) -> tuple[PersonHours, ...]:
    rows = (
        _hours_of_person(workshop, person, zone) for person in people if person.zone == zone.key
    )
    return tuple(sorted(rows, key=lambda row: (-row.total.night_minutes, row.person.sort_name)))


def _hours_of_person(workshop: Workshop, person: Person, zone: Zone) -> PersonHours:
    items = _items_of(workshop, person)
    separate = tuple(local_hours_of(item, zone) for item in _without_overlaps(items))
    return PersonHours(
        person=person,
        total=LocalHours(
            zone=zone,
            starts_at=separate[0].starts_at,
            ends_at=separate[-1].ends_at,
            segments=tuple(segment for hours in separate for segment in hours.segments),
            night_minutes=sum(hours.night_minutes for hours in separate),
        ),
        items=tuple(ItemHours(item, local_hours_of(item, zone)) for item in items),
    )


def _without_overlaps(items: tuple[Item, ...]) -> Iterator[Item]:
    """The items, in order, without the time that earlier items cover already."""
    covered_until = items[0].starts_at
    for item in items:
        if item.ends_at > covered_until:
            yield replace(item, starts_at=max(item.starts_at, covered_until))
            covered_until = item.ends_at


def _shift_cost(workshop: Workshop, shift: int, people: tuple[Person, ...]) -> ShiftCost:
    nights = [
        sum(
            intervals.night_minutes(item, Zone(person.zone, person.zone))
            for item in _without_overlaps(_items_of(workshop, person))
        )
        for person in people
    ]
    return ShiftCost(shift, people=sum(1 for night in nights if night), minutes=sum(nights))


def _segments(item: Item, zone: Zone) -> Iterator[DaySegment]:
    cuts = [at for at in _boundaries(item, zone) if item.starts_at < at < item.ends_at]
    moments = [item.starts_at, *cuts, item.ends_at]
    for start, end in pairwise(moments):
        wall = zone.local(start)
        begin = wall.hour * 60 + wall.minute
        # By length, not by the local end, which could be before the start when the clock goes back.
        until = min(begin + intervals.minutes(start, end), A_DAY)
        is_night = wall.time() >= intervals.NIGHT_FROM or wall.time() < intervals.NIGHT_TO
        yield DaySegment(begin, until, is_night)


def _boundaries(item: Item, zone: Zone) -> Iterator[datetime]:
    """Midnight, morning and evening of each date from start to end, in UTC."""
    date = zone.local(item.starts_at).date()
    while date <= zone.local(item.ends_at).date():
        for hour in _BOUNDARY_HOURS:
            wall = datetime(date.year, date.month, date.day, hour, tzinfo=zone.info)
            yield wall.astimezone(UTC)
        date += intervals.DAY
