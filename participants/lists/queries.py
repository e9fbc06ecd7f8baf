"""Queries for the participant list of an event: by workshop, with filters and their counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst

from participants.models import Participation
from sessions_app.renderers import labels
from workshop.models import Event, Workshop

FACETS = ("workshop", "role", "reply", "country")


@dataclass(frozen=True, slots=True)
class Participant:
    """One row of the list, as text for the page."""

    uid: UUID
    name: str
    affiliation: str
    email: str
    country: str
    role: str
    reply: str
    is_off: bool
    attends: str
    substitute: str


@dataclass(frozen=True, slots=True)
class WorkshopParticipants:
    """The participants of one workshop."""

    key: str
    title: str
    people: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class FilterOption:
    """A value to filter by; `count` leaves out withdrawn people, except for that reply."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ParticipantListing:
    """The filtered list by workshop, with the values of each filter."""

    workshops: tuple[WorkshopParticipants, ...]
    options: dict[str, tuple[FilterOption, ...]]
    shown: int
    total: int


def parse_filters(query: Mapping[str, str]) -> dict[str, str]:
    """Parse the filters of a URL query: a value for each facet that is set."""
    values = {facet: query.get(facet, "") for facet in FACETS}
    return {facet: value for facet, value in values.items() if value and value.isprintable()}


def list_participations(event: Event, filters: Mapping[str, str]) -> "QuerySet[Participation]":
    """Filtered participations in list order; withdrawn ones only with a filter by reply."""
    rows = Participation.objects.filter(workshop__event=event)
    columns = {"workshop": "workshop__key", "role": "role", "reply": "state"}
    columns["country"] = "person__country"
    rows = rows.filter(**{columns[facet]: value for facet, value in filters.items()})
    if "reply" not in filters:
        rows = rows.exclude(state=Participation.State.WITHDRAWN)
    order = ("workshop__starts_at", "workshop__key", "person__sort_name", "person__key")
    return rows.select_related("person", "workshop").order_by(*order)


def get_listing(
    event: Event, filters: Mapping[str, str], limit: int | None = None
) -> ParticipantListing:
    """The filtered list, at most `limit` rows, with filter values and counts. Three queries."""
    workshops = list(Workshop.objects.filter(event=event))
    everybody = Participation.objects.filter(workshop__event=event).order_by()
    facets = list(everybody.values_list("workshop__key", "role", "state", "person__country"))
    people: dict[str, list[Participant]] = {workshop.key: [] for workshop in workshops}
    for row in list_participations(event, filters)[:limit]:
        people[row.workshop.key].append(_participant(row))
    return ParticipantListing(
        workshops=tuple(
            WorkshopParticipants(workshop.key, str(workshop.title), tuple(people[workshop.key]))
            for workshop in workshops
            if filters.get("workshop") in (None, workshop.key)
        ),
        options=_options(workshops, facets),
        shown=sum(map(len, people.values())),
        total=sum(_matches(dict(zip(FACETS, values, strict=True)), filters) for values in facets),
    )


def _participant(row: Participation) -> Participant:
    person = row.person
    affiliation = (str(person.position or ""), str(person.organisation or ""))
    attends = row.get_attends_by_display() if row.attends_by else ""
    return Participant(
        uid=row.pk,
        name=str(person),
        affiliation=", ".join(filter(None, affiliation)),
        email=person.email,
        country=labels.country(person.country.code) if person.country else "",
        role=row.get_role_display(),
        reply=row.get_state_display(),
        is_off=row.state == Participation.State.WITHDRAWN,
        attends=": ".join(filter(None, (attends, row.office))),
        substitute=row.substitute_name,
    )


def _matches(values: Mapping[str, str], filters: Mapping[str, str]) -> bool:
    if "reply" not in filters and values["reply"] == Participation.State.WITHDRAWN:
        return False
    return all(values[facet] == value for facet, value in filters.items())


def _options(
    workshops: Iterable[Workshop], facets: Iterable[tuple[str, ...]]
) -> dict[str, tuple[FilterOption, ...]]:
    listed, withdrawn = [], 0
    for values in facets:
        if values[2] == Participation.State.WITHDRAWN:
            withdrawn += 1
        else:
            listed.append(values)
    by_workshop, by_role, by_reply, by_country = (
        Counter(values[index] for values in listed) for index in range(len(FACETS))
    )
    by_reply[Participation.State.WITHDRAWN] = withdrawn
    countries = {code: labels.country(code) for code in by_country if code}
    return {
        "workshop": _used_options(
            {workshop.key: str(workshop.title) for workshop in workshops}, by_workshop
        ),
        "role": _used_options(
            {role.value: str(role.label) for role in Participation.Role}, by_role
        ),
        "reply": _used_options(
            {state.value: str(state.label) for state in Participation.State}, by_reply
        ),
        "country": _used_options(
            dict(sorted(countries.items(), key=lambda item: item[1])), by_country
        ),
    }


def _used_options(names: Mapping[str, str], counts: "Counter[str]") -> tuple[FilterOption, ...]:
    return tuple(
        FilterOption(value, capfirst(name), counts[value])
        for value, name in names.items()
        if counts[value]
    )
