"""What one reader asked for, which every drawing takes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sessions_app.agenda import Agenda
from sessions_app.renderers.lines import Links
from workshop.zones import Zone, city


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader asked for: an agenda cut for them, in a language, in zones.

    `asked` are the zones that the address names, empty where it names none; `path` is the page's
    own address and `site` the scheme and host before it.
    """

    agenda: Agenda
    asked: tuple[Zone, ...]
    language: str
    path: str
    site: str
    base: str
    is_organiser: bool = False
    newest: int = 0

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones to show: those asked for, else those of the event."""
        return self.asked or shown(self.agenda)

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

    def _query(self, language: str, **more: object) -> str:
        own = {zone.key: zone.label for zone in self.agenda.zones}
        pairs: list[tuple[str, object]] = list(more.items())
        pairs += [("tz", own.get(zone.key, zone.key)) for zone in self.asked]
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
    def links(self) -> Links:
        return Links(base=self.base, query=self.query)


def shown(agenda: Agenda) -> tuple[Zone, ...]:
    """The zones that an event shows: those its organisers chose, else its own."""
    return agenda.zones or (Zone(city(agenda.zone) or agenda.zone, agenda.zone),)
