"""RenderContext: what one reader requested, the input of every renderer."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sessions_app.agenda.types import Agenda, EventSummary
from sessions_app.renderers.programme import Links
from workshop.zones import Zone, city


@dataclass(frozen=True, slots=True)
class Draft:
    """Marks a context as a draft: unpublished rows as they were at `made_at`.

    `published_release` is the release that readers see, 0 if there is none. `viewed_as` is the key
    in `viewer_choices`, pairs of key and name, of the viewer that the draft is cut for.
    """

    made_at: datetime
    published_release: int
    viewed_as: str
    viewer_choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RenderContext:
    """An agenda cut for one reader, with the language and the time zones they requested.

    `requested_zones` are the zones in the address, empty if it has none. `path` is the page's own
    address, `site` the scheme and host, `base` the path of the agenda. `draft` is set for
    unpublished rows only.
    """

    agenda: Agenda
    requested_zones: tuple[Zone, ...]
    language: str
    path: str
    site: str
    base: str
    is_organiser: bool = False
    newest_release: int = 0
    draft: Draft | None = None

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones to show: the requested ones, else the event's."""
        return self.requested_zones or display_zones(self.agenda)

    @property
    def requested_zone_names(self) -> tuple[str, ...]:
        """The requested zones as an address names them: by the event's label if it has one."""
        labels = {zone.key: zone.label for zone in self.agenda.zones}
        return tuple(labels.get(zone.key, zone.key) for zone in self.requested_zones)

    @property
    def query(self) -> str:
        """Query string that links keep: requested zones and language."""
        return self._query(self.language)

    @property
    def english_query(self) -> str:
        return self._query("en")

    @property
    def lao_query(self) -> str:
        return self._query("lo")

    @property
    def event_zones_query(self) -> str:
        """Query string of the link back to the event's own zones."""
        return replace(self, requested_zones=()).query

    def _query(self, language: str, **more: object) -> str:
        pairs: list[tuple[str, object]] = list(more.items())
        pairs += [("as", self.draft.viewed_as)] if self.draft and self.draft.viewed_as else []
        pairs += [("tz", name) for name in self.requested_zone_names]
        pairs += [("lang", language)] if language != "en" else []
        return f"?{urlencode(pairs, safe='/')}" if pairs else ""

    def with_query(self, **more: object) -> str:
        """Query string that links keep, with more parameters."""
        return self._query(self.language, **more)

    def older_releases_href(self, release: int) -> str:
        """Address of this page for the releases below `release`."""
        return f"{self.path}{self.with_query(before=release)}"

    @property
    def is_old(self) -> bool:
        """True if a newer release exists."""
        return self.newest_release > self.agenda.release

    @property
    def is_current(self) -> bool:
        """True if this is what readers see, so that its sessions and people have pages."""
        return not self.is_old and self.draft is None

    @property
    def links(self) -> Links:
        return Links(base=self.base, query=self.query)


def display_zones(agenda: Agenda | EventSummary) -> tuple[Zone, ...]:
    """The zones that an event shows: its display zones, else its own."""
    return agenda.zones or (Zone(city(agenda.zone) or agenda.zone, agenda.zone),)
