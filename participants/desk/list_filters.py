"""What the list can be filtered for, as links that keep what it is filtered for already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from participants.lists.queries import Listing


@dataclass(frozen=True, slots=True)
class Link:
    name: str
    count: int | None
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    links: tuple[Link, ...]


def facets(found: Listing, asked: Mapping[str, str]) -> tuple[Facet, ...]:
    """One for each column that tells people apart."""
    names = {
        "workshop": _("Workshop"),
        "role": _("As"),
        "reply": _("Reply"),
        "country": _("Country"),
    }
    made = (Facet(name, tuple(_links(facet, found, asked))) for facet, name in names.items())
    return tuple(each for each in made if len(each.links) > 2)


def _links(facet: str, found: Listing, asked: Mapping[str, str]) -> Iterator[Link]:
    others = {name: value for name, value in asked.items() if name != facet}
    yield Link(_("all"), None, urlencode(others), facet not in asked)
    for each in found.choices[facet]:
        query = urlencode({**others, facet: each.value})
        yield Link(each.name, each.count, query, asked.get(facet) == each.value)
