"""What one reader asked for, which every drawing takes."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sessions_app.agenda.types import Agenda
from sessions_app.renderers.programme import Links
from workshop.zones import Zone, city


@dataclass(frozen=True, slots=True)
class Draft:
    """What makes a reading one of the rows as they stand, which nobody reads yet.

    `released` is the release that readers see meanwhile, 0 where there is none. `seen_as` is the
    one of `readers` it is cut for; each of them stands with what it is called.
    """

    made_at: datetime
    released: int
    seen_as: str
    readers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader asked for: an agenda cut for them, in a language, in zones.

    `asked` are the zones that the address names, empty where it names none; `path` is the page's
    own address and `site` the scheme and host before it. `draft` is there for rows that are not
    published.
    """

    agenda: Agenda
    asked: tuple[Zone, ...]
    language: str
    path: str
    site: str
    base: str
    is_organiser: bool = False
    newest: int = 0
    draft: Draft | None = None

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones to show: those asked for, else those of the event."""
        return self.asked or shown(self.agenda)

    @property
    def asked_names(self) -> tuple[str, ...]:
        """The zones asked for as an address names them: by the event's label where it has one."""
        own = {zone.key: zone.label for zone in self.agenda.zones}
        return tuple(own.get(zone.key, zone.key) for zone in self.asked)

    @property
    def query(self) -> str:
        """What links carry on: the zones and the language that the address names."""
        return self._query(self.language)

    @property
    def in_english(self) -> str:
        return self._query("en")

    @property
    def in_lao(self) -> str:
        return self._query("lo")

    @property
    def in_own_zones(self) -> str:
        """What the link carries that leaves the zones behind."""
        return replace(self, asked=()).query

    def _query(self, language: str, **more: object) -> str:
        pairs: list[tuple[str, object]] = list(more.items())
        pairs += [("as", self.draft.seen_as)] if self.draft and self.draft.seen_as else []
        pairs += [("tz", name) for name in self.asked_names]
        pairs += [("lang", language)] if language != "en" else []
        return f"?{urlencode(pairs, safe='/')}" if pairs else ""

    def with_query(self, **more: object) -> str:
        """What links carry on, and more."""
        return self._query(self.language, **more)

    def older(self, release: int) -> str:
        """The address of this page for the releases below `release`."""
        return f"{self.path}{self.with_query(before=release)}"

    @property
    def is_old(self) -> bool:
        """Whether a newer release has taken the place of this one."""
        return self.newest > self.agenda.release

    @property
    def is_current(self) -> bool:
        """Whether it is what readers see, so that its sessions and people have pages."""
        return not self.is_old and self.draft is None

    @property
    def links(self) -> Links:
        return Links(base=self.base, query=self.query)


def shown(agenda: Agenda) -> tuple[Zone, ...]:
    """The zones that an event shows: those its organisers chose, else its own."""
    return agenda.zones or (Zone(city(agenda.zone) or agenda.zone, agenda.zone),)
