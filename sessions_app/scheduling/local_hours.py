"""Who is awake: a workshop on the clock of everybody who takes part, also if it moved. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Person, Session, Workshop
from workshop.zones import Zone, city, country_zone

SHIFTS = range(-6, 7)
A_DAY = 24 * 60
# Where a strip changes between night and day, and from one date to the next; hours of the clock.
_BOUNDS = tuple(sorted((0, intervals.NIGHT_TO.hour, intervals.NIGHT_FROM.hour)))

Part = Session | Workshop


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of one date, in minutes from its midnight: all of it night, or none."""

    start: int
    end: int
    is_night: bool

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Hours:
    """A start and an end on one clock, what lies between, and its minutes at night."""

    zone: Zone
    starts_at: datetime
    ends_at: datetime
    stretches: tuple[Stretch, ...]
    night_minutes: int


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A session, or the whole workshop for somebody who only has a role over all of it."""

    of: Part
    hours: Hours


@dataclass(frozen=True, slots=True)
class OwnHours:
    """Somebody's parts of a workshop, each and from the first start to the last end.

    The stretches of the whole are those of the parts; minutes that two parts share count once.
    """

    person: Person
    whole: Hours
    parts: tuple[OwnPart, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A clock by which somebody reads the workshop's hours.

    `zone.label` is the event's own where it has one, else the city; `country` (alpha-2) is the
    one that takes part and whose only clock this is, or empty.
    """

    zone: Zone
    country: str
    hours: Hours
    people: tuple[OwnHours, ...]

    @property
    def own_night_minutes(self) -> int:
        return sum(each.whole.night_minutes for each in self.people)


@dataclass(frozen=True, slots=True)
class Shift:
    """What starting so many hours later (earlier below zero) costs all whose clock is known."""

    hours: int
    people: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Waking:
    """One workshop, moved as asked; the places with most of it at night stand first.

    Nothing is claimed about the `unknown`, nor about `many_clocks`: countries with several.
    """

    workshop: Workshop
    places: tuple[Place, ...]
    shifts: tuple[Shift, ...]
    unknown: tuple[Person, ...]
    many_clocks: tuple[str, ...]

    @property
    def best(self) -> Shift:
        """The fewest minutes at night, then the fewest people, then the smallest move."""
        return min(self.shifts, key=lambda each: (each.minutes, each.people, abs(each.hours)))


def waking(agenda: Agenda, shift: int = 0) -> tuple[Waking, ...]:
    """Every workshop as if it started `shift` hours later; cancelled rows keep nobody up."""
    return tuple(_waking(agenda, workshop, shift) for workshop in agenda.workshops)


def hours(part: Part, zone: Zone) -> Hours:
    """A part on the clock of a zone."""
    return Hours(
        zone=zone,
        starts_at=zone.local(part.starts_at),
        ends_at=zone.local(part.ends_at),
        stretches=tuple(_stretches(part, zone)),
        night_minutes=intervals.night_minutes(part, zone),
    )


def _waking(agenda: Agenda, workshop: Workshop, shift: int) -> Waking:
    held = _moved(workshop, 0)
    there = tuple(person for person in agenda.people if _parts_of(held, person))
    countries = replace(agenda, workshops=(held,), people=there).countries()
    known = tuple(person for person in there if person.zone)
    return Waking(
        workshop=_moved(workshop, shift),
        places=_places(_moved(workshop, shift), agenda.zones, countries, known),
        shifts=tuple(_cost(_moved(workshop, each), each, known) for each in SHIFTS),
        unknown=tuple(person for person in there if not person.zone),
        many_clocks=tuple(country for country in countries if not country_zone(country)),
    )


def _moved(workshop: Workshop, by: int) -> Workshop:
    """The workshop and the rows that are held, some hours later."""
    later = timedelta(hours=by)
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


def _parts_of(workshop: Workshop, person: Person) -> tuple[Part, ...]:
    rows = tuple(
        sorted(
            (
                row
                for row in workshop.sessions
                if any(who.person == person.uid for who in row.everybody)
            ),
            key=lambda row: (row.starts_at, row.ends_at),
        )
    )
    overall = any(who.person == person.uid for who in workshop.people)
    return rows or ((workshop,) if overall else ())


def _places(
    workshop: Workshop,
    zones: tuple[Zone, ...],
    countries: tuple[str, ...],
    people: tuple[Person, ...],
) -> tuple[Place, ...]:
    """One a clock: of the countries, of people who are elsewhere, and of the event itself."""
    labels = {zone.key: zone.label for zone in reversed(zones)}
    of_countries = {country_zone(country): country for country in countries}
    of_countries.pop("", None)
    keys = dict.fromkeys([*of_countries, *(person.zone for person in people), *labels])
    places = (
        Place(
            zone=(zone := Zone(labels.get(key) or city(key) or key, key)),
            country=of_countries.get(key, ""),
            hours=hours(workshop, zone),
            people=_worst_first(workshop, zone, people),
        )
        for key in keys
    )
    return tuple(
        sorted(places, key=lambda each: (-each.hours.night_minutes, -each.own_night_minutes))
    )


def _worst_first(
    workshop: Workshop, zone: Zone, people: tuple[Person, ...]
) -> tuple[OwnHours, ...]:
    own = (_own_hours(workshop, each, zone) for each in people if each.zone == zone.key)
    return tuple(sorted(own, key=lambda each: (-each.whole.night_minutes, each.person.sort_name)))


def _own_hours(workshop: Workshop, person: Person, zone: Zone) -> OwnHours:
    parts = _parts_of(workshop, person)
    apart = tuple(hours(part, zone) for part in _apart(parts))
    return OwnHours(
        person=person,
        whole=Hours(
            zone=zone,
            starts_at=apart[0].starts_at,
            ends_at=apart[-1].ends_at,
            stretches=tuple(stretch for each in apart for stretch in each.stretches),
            night_minutes=sum(each.night_minutes for each in apart),
        ),
        parts=tuple(OwnPart(part, hours(part, zone)) for part in parts),
    )


def _apart(parts: tuple[Part, ...]) -> Iterator[Part]:
    """The parts, in order, without what the ones before cover already."""
    reached = parts[0].starts_at
    for part in parts:
        if part.ends_at > reached:
            yield replace(part, starts_at=max(part.starts_at, reached))
            reached = part.ends_at


def _cost(workshop: Workshop, shift: int, people: tuple[Person, ...]) -> Shift:
    nights = [
        sum(
            intervals.night_minutes(part, Zone(person.zone, person.zone))
            for part in _apart(_parts_of(workshop, person))
        )
        for person in people
    ]
    return Shift(shift, people=sum(1 for each in nights if each), minutes=sum(nights))


def _stretches(part: Part, zone: Zone) -> Iterator[Stretch]:
    cuts = [at for at in _bounds(part, zone) if part.starts_at < at < part.ends_at]
    moments = [part.starts_at, *cuts, part.ends_at]
    for start, end in pairwise(moments):
        wall = zone.local(start)
        begin = wall.hour * 60 + wall.minute
        # By length, not by the clock at its end: one that goes back would end before it began.
        until = min(begin + intervals.minutes(start, end), A_DAY)
        is_night = wall.time() >= intervals.NIGHT_FROM or wall.time() < intervals.NIGHT_TO
        yield Stretch(begin, until, is_night)


def _bounds(part: Part, zone: Zone) -> Iterator[datetime]:
    """Each midnight, morning and evening from the start's date to the end's, in UTC."""
    date = zone.local(part.starts_at).date()
    while date <= zone.local(part.ends_at).date():
        for hour in _BOUNDS:
            wall = datetime(date.year, date.month, date.day, hour, tzinfo=zone.info)
            yield wall.astimezone(UTC)
        date += intervals.DAY
