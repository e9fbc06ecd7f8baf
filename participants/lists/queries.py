"""Reads the list of an event's participants: by workshop, and by what it is filtered for."""

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
    """One line of the list."""

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
class Part:
    """The list of one workshop."""

    key: str
    title: str
    people: tuple[Participant, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to filter for; `count` leaves those out who were taken off, but for themselves."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    parts: tuple[Part, ...]
    choices: dict[str, tuple[Choice, ...]]
    shown: int
    total: int


def wanted(query: Mapping[str, str]) -> dict[str, str]:
    """What a query asks the list to be filtered for."""
    asked = {facet: query.get(facet, "") for facet in FACETS}
    return {facet: value for facet, value in asked.items() if value and value.isprintable()}


def list_participations(event: Event, asked: Mapping[str, str]) -> "QuerySet[Participation]":
    """Those on the list that are asked for, as they are sorted; taken off ones only by name."""
    found = Participation.objects.filter(workshop__event=event)
    columns = {"workshop": "workshop__key", "role": "role", "reply": "state"}
    columns["country"] = "person__country"
    found = found.filter(**{columns[facet]: value for facet, value in asked.items()})
    if "reply" not in asked:
        found = found.exclude(state=Participation.State.WITHDRAWN)
    order = ("workshop__starts_at", "workshop__key", "person__sort_name", "person__key")
    return found.select_related("person", "workshop").order_by(*order)


def get_listing(event: Event, asked: Mapping[str, str], most: int | None = None) -> Listing:
    """At most so many of those asked for, and what else there is to ask for. Three queries."""
    workshops = list(Workshop.objects.filter(event=event))
    everybody = Participation.objects.filter(workshop__event=event).order_by()
    facts = list(everybody.values_list("workshop__key", "role", "state", "person__country"))
    people: dict[str, list[Participant]] = {each.key: [] for each in workshops}
    for each in list_participations(event, asked)[:most]:
        people[each.workshop.key].append(_participant(each))
    return Listing(
        parts=tuple(
            Part(each.key, str(each.title), tuple(people[each.key]))
            for each in workshops
            if asked.get("workshop") in (None, each.key)
        ),
        choices=_choices(workshops, facts),
        shown=sum(map(len, people.values())),
        total=sum(_fits(dict(zip(FACETS, each, strict=True)), asked) for each in facts),
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


def _fits(facts: Mapping[str, str], asked: Mapping[str, str]) -> bool:
    if "reply" not in asked and facts["reply"] == Participation.State.WITHDRAWN:
        return False
    return all(facts[facet] == value for facet, value in asked.items())


def _choices(
    workshops: Iterable[Workshop], facts: Iterable[tuple[str, ...]]
) -> dict[str, tuple[Choice, ...]]:
    on, off = [], 0
    for each in facts:
        if each[2] == Participation.State.WITHDRAWN:
            off += 1
        else:
            on.append(each)
    of_workshop, of_role, of_reply, of_country = (
        Counter(each[place] for each in on) for place in range(len(FACETS))
    )
    of_reply[Participation.State.WITHDRAWN] = off
    countries = {code: labels.country(code) for code in of_country if code}
    return {
        "workshop": _chosen({each.key: str(each.title) for each in workshops}, of_workshop),
        "role": _chosen({each.value: str(each.label) for each in Participation.Role}, of_role),
        "reply": _chosen({each.value: str(each.label) for each in Participation.State}, of_reply),
        "country": _chosen(dict(sorted(countries.items(), key=lambda one: one[1])), of_country),
    }


def _chosen(names: Mapping[str, str], counts: "Counter[str]") -> tuple[Choice, ...]:
    return tuple(
        Choice(value, capfirst(name), counts[value])
        for value, name in names.items()
        if counts[value]
    )
