"""Time zones: the only place where a name or label becomes a zone.

`zoneinfo` does the arithmetic, from the pinned `tzdata` package, so that all machines agree;
`pytz` is used as data only: the zones of a country, and the list of common zones.
"""

import re
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources

import pytz

zoneinfo.reset_tzpath(())

MAX_ZONES = 4

# fmt: off
_AREAS = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
    "Europe/", "Indian/", "Pacific/", "Brazil/", "Canada/", "Chile/", "Mexico/", "US/",
)
_COUNTRY_NAMES = frozenset({
    "Cuba", "Egypt", "Eire", "GB", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan",
    "Kwajalein", "Libya", "NZ", "Navajo", "PRC", "Poland", "Portugal", "ROC", "ROK", "Singapore",
    "Turkey",
})
# fmt: on


class UnknownZone(ValueError):
    """Name that is neither a label of the event nor an IANA name of a place; in `args[0]`."""


class TooManyZones(ValueError):
    """More than MAX_ZONES zones were requested; `args[0]` is the number."""


@dataclass(frozen=True, slots=True)
class UnclearTime:
    """Local time in a zone (IANA key) that a clock change skips or else repeats.

    `readings` are the two moments that it can mean, in UTC, the earlier first.
    """

    wall: datetime
    key: str
    is_skipped: bool
    readings: tuple[datetime, datetime]


class NotOneMoment(ValueError):
    """A local time is skipped or occurs twice; `args[0]` is the UnclearTime."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Time zone of a place: its label and its IANA key."""

    label: str
    key: str

    @property
    def info(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.key)

    @property
    def city(self) -> str:
        """City in the key, `New York` for `America/New_York`; empty for UTC."""
        return city(self.key)

    def local(self, at: datetime) -> datetime:
        """The aware datetime `at` in this zone."""
        return at.astimezone(self.info)

    def abbreviation(self, at: datetime) -> str:
        """Abbreviation at that moment, `EDT`; empty if the zone has only an offset."""
        name = self.local(at).tzname() or ""
        return name if name.isalpha() else ""

    def offset(self, at: datetime) -> str:
        """Offset at that moment, with a minus sign (U+2212): `UTC+7`, `UTC−4`, `UTC+5:45`."""
        return offset_text(self.local(at).utcoffset() or timedelta())


def city(key: str) -> str:
    """City in a key, `Ho Chi Minh` for `Asia/Ho_Chi_Minh`; empty for UTC."""
    return "" if key == "UTC" else key.rpartition("/")[2].replace("_", " ")


def offset_text(offset: timedelta) -> str:
    """Offset from UTC as text: `UTC`, `UTC+7`, `UTC−4`, `UTC+5:45`."""
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


@lru_cache(maxsize=1)
def place_keys() -> frozenset[str]:
    """All IANA names of places, and `UTC`; never `EST`, `MST`, `Etc/GMT+5` and such."""
    names = zoneinfo.available_timezones()
    places = {name for name in names if name.startswith(_AREAS) or name in _COUNTRY_NAMES}
    return frozenset(places | {"UTC"})


def find(name: str, event_zones: Iterable[Zone] = ()) -> Zone:
    """Zone of a name: first a label of `event_zones`, then an IANA name of a place.

    Raises UnknownZone for anything else: a zone is never guessed.
    """
    wanted = re.sub(r"\s+", " ", name).strip()
    for zone in event_zones:
        if zone.label.casefold() == wanted.casefold():
            return zone
    key = "UTC" if wanted == "Etc/UTC" else wanted
    if key not in place_keys():
        raise UnknownZone(wanted)
    return Zone(label=city(key) or key, key=key)


def requested(values: Iterable[str], event_zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """Zones of the `?tz=` values, in order, without duplicates; empty without names.

    A value can have several names, separated by commas. Raises UnknownZone and TooManyZones.
    """
    names = [name for value in values for name in value.split(",") if name.strip()]
    chosen = unique(find(name, event_zones) for name in names)
    if len(chosen) > MAX_ZONES:
        raise TooManyZones(len(chosen))
    return chosen


def unique(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """Zones without repeated keys; the first of each stays."""
    by_key: dict[str, Zone] = {}
    for zone in zones:
        by_key.setdefault(zone.key, zone)
    return tuple(by_key.values())


def country_zone(country: str) -> str:
    """Key of a country's only zone (ISO 3166 alpha-2); empty if it has several or none."""
    keys = pytz.country_timezones.get(country.upper()) or []
    return keys[0] if len(keys) == 1 else ""


def common_keys() -> tuple[str, ...]:
    """Keys for lists of choices, one a place, in alphabetical order."""
    return tuple(key for key in pytz.common_timezones if key in place_keys())


def current_key(key: str) -> str:
    """Current name of a zone: `Asia/Ho_Chi_Minh` for `Asia/Saigon`, which some browsers send."""
    return _renamed().get(key, key)


@lru_cache(maxsize=1)
def _renamed() -> dict[str, str]:
    """Links of the time zone database from outdated names to offered ones."""
    source = (resources.files("tzdata") / "zoneinfo" / "tzdata.zi").read_text()
    links = (line.split()[1:] for line in source.splitlines() if line.startswith("L "))
    offered = frozenset(common_keys())
    outdated = place_keys() - offered
    return {old: new for new, old in links if new in offered and old in outdated}


def read_wall_clock(wall: datetime, key: str) -> datetime:
    """UTC datetime of a local time typed in a zone.

    Raises NotOneMoment, with both readings, for a time that a clock change skips or repeats.
    """
    info = zoneinfo.ZoneInfo(key)
    first, second = (wall.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    readings = min(first, second), max(first, second)
    raise NotOneMoment(UnclearTime(wall, key, second < first, readings))
