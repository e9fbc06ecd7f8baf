"""Facets of the participant list: filter links that keep the other filters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from participants.lists.queries import ParticipantListing


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A link that sets or clears one filter; `count` is the number of its participants."""

    name: str
    count: int | None
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A column to filter by, with its links."""

    name: str
    links: tuple[FacetLink, ...]


def facets(listing: ParticipantListing, filters: Mapping[str, str]) -> tuple[Facet, ...]:
    """One facet for each column with at least two values."""
    names = {
        "workshop": _("Workshop"),
        "role": _("Role"),
        "reply": _("Reply"),
        "country": _("Country"),
    }
    all_facets = (
        Facet(name, tuple(_links(facet, listing, filters))) for facet, name in names.items()
    )
    return tuple(facet for facet in all_facets if len(facet.links) > 2)


def _links(
    facet: str, listing: ParticipantListing, filters: Mapping[str, str]
) -> Iterator[FacetLink]:
    others = {name: value for name, value in filters.items() if name != facet}
    yield FacetLink(_("all"), None, urlencode(others), facet not in filters)
    for option in listing.options[facet]:
        query = urlencode({**others, facet: option.value})
        yield FacetLink(option.name, option.count, query, filters.get(facet) == option.value)
