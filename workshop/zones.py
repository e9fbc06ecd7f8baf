"""Names and labels become time zones here, and nowhere else.

`zoneinfo` does the arithmetic, from the pinned `tzdata` package so that every machine
draws the same clocks; `pytz` is read as data: which zones a country has, which to offer.
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

MOST_ZONES = 4

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
    """A name that is no label of the event and no IANA name of a place; `args[0]` is the name."""


class TooManyZones(ValueError):
    """More zones than fit side by side; `args[0]` is how many were asked for."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A place's clock: the label it is shown under and its IANA key."""

    label: str
    key: str

    @property
    def info(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.key)

    @property
    def city(self) -> str:
        """The place in the key, `New York` for `America/New_York`; empty for UTC."""
        return city(self.key)

    def local(self, at: datetime) -> datetime:
        """The aware moment `at` on this zone's clock."""
        return at.astimezone(self.info)

    def abbreviation(self, at: datetime) -> str:
        """What the clock is called at that moment, `EDT`; empty where it has only an offset."""
        name = self.local(at).tzname() or ""
        return name if name.isalpha() else ""

    def offset(self, at: datetime) -> str:
        """`UTC+7`, `UTC−4`, `UTC+5:45` at that moment, with a real minus sign."""
        return offset_text(self.local(at).utcoffset() or timedelta())


def city(key: str) -> str:
    """`Ho Chi Minh` for `Asia/Ho_Chi_Minh`; empty for UTC, which is no place."""
    return "" if key == "UTC" else key.rpartition("/")[2].replace("_", " ")


def offset_text(offset: timedelta) -> str:
    """An offset from UTC as people write it: `UTC`, `UTC+7`, `UTC−4`, `UTC+5:45`."""
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


@lru_cache(maxsize=1)
def place_keys() -> frozenset[str]:
    """Every IANA name that names a place, with `UTC`; never `EST`, `MST`, `Etc/GMT+5` and such."""
    names = zoneinfo.available_timezones()
    places = {name for name in names if name.startswith(_AREAS) or name in _COUNTRY_NAMES}
    return frozenset(places | {"UTC"})


def find(name: str, own: Iterable[Zone] = ()) -> Zone:
    """The zone that `name` means: a label of `own` first, then an IANA name of a place.

    Raises UnknownZone for anything else, so that nobody is shown a clock that was guessed.
    """
    wanted = re.sub(r"\s+", " ", name).strip()
    for zone in own:
        if zone.label.casefold() == wanted.casefold():
            return zone
    key = "UTC" if wanted == "Etc/UTC" else wanted
    if key not in place_keys():
        raise UnknownZone(wanted)
    return Zone(label=city(key) or key, key=key)


def requested(values: Iterable[str], own: tuple[Zone, ...]) -> tuple[Zone, ...]:
    """The zones that `?tz=` values ask for, in order and once each; none where they name none.

    A value may hold several names, separated by commas. Raises UnknownZone and TooManyZones.
    """
    names = [name for value in values for name in value.split(",") if name.strip()]
    chosen = unique(find(name, own) for name in names)
    if len(chosen) > MOST_ZONES:
        raise TooManyZones(len(chosen))
    return chosen


def unique(zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """The zones without those whose clock stands before them already."""
    seen: dict[str, Zone] = {}
    for zone in zones:
        seen.setdefault(zone.key, zone)
    return tuple(seen.values())


def country_zone(country: str) -> str:
    """The key of a country's only zone (ISO 3166 alpha-2); empty where it has several or none."""
    keys = pytz.country_timezones.get(country.upper()) or []
    return keys[0] if len(keys) == 1 else ""


def common_keys() -> tuple[str, ...]:
    """The zones to offer, one a place, in alphabetical order."""
    return tuple(key for key in pytz.common_timezones if key in place_keys())


def current_key(key: str) -> str:
    """What a place is called today: `Asia/Ho_Chi_Minh` for `Asia/Saigon`, as some browsers say."""
    return _renamed().get(key, key)


@lru_cache(maxsize=1)
def _renamed() -> dict[str, str]:
    """The links of the time zone database from names that are not offered to those that are."""
    source = (resources.files("tzdata") / "zoneinfo" / "tzdata.zi").read_text()
    links = (line.split()[1:] for line in source.splitlines() if line.startswith("L "))
    offered = frozenset(common_keys())
    outdated = place_keys() - offered
    return {old: new for new, old in links if new in offered and old in outdated}


def read_wall_clock(wall: datetime, key: str) -> datetime:
    """The UTC moment of a clock time typed in a zone.

    Raises ValueError, with both readings, for a time that the clock skips or shows twice.
    """
    info = zoneinfo.ZoneInfo(key)
    first, second = (wall.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    kind = "does not exist" if second < first else "occurs twice"
    readings = " or ".join(f"{moment:%d %b %Y %H:%M} UTC" for moment in sorted((first, second)))
    raise ValueError(f"{wall:%H:%M} {kind} on {wall:%d %b %Y} in {city(key) or key}: {readings}.")
