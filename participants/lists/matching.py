"""Lookup of stored people by e-mail and name, in a fixed number of queries for a whole list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from participants import names
from participants.lists.parsing.cell_values import normalise_email
from participants.models import Participation, Person
from workshop.models import Event

MAX_QUERY_VALUES = 5_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """The columns of a stored person that matching needs."""

    uid: UUID
    name: str
    email: str


@dataclass(slots=True)
class KnownPeople:
    """Index of all stored people by e-mail and by name; full rows only for people in the list.

    `people` and `participations` (by person and workshop) are stored rows: change copies of them.
    `keys` are all keys in use, former ones too.
    """

    keys: set[str] = field(default_factory=set)
    people: dict[UUID, Person] = field(default_factory=dict)
    participations: dict[tuple[UUID, UUID], Participation] = field(default_factory=dict)
    _by_email: dict[str, list[KnownPerson]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[tuple[str, ...], list[KnownPerson]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def with_email(self, email: str) -> list[KnownPerson]:
        """People with this normalised e-mail; more than one where they share it."""
        return self._by_email.get(email, [])

    def with_name(self, name: str) -> list[KnownPerson]:
        """People with this name, in any spelling."""
        return self._by_name.get(names.comparison_key(name), [])

    def only_one_without_email(self, name: str) -> KnownPerson | None:
        """The only person of this name without an e-mail; None where there are none or several."""
        people = [person for person in self.with_name(name) if not person.email]
        return people[0] if len(people) == 1 else None

    def add(self, uid: UUID, name: str, email: str, key: str) -> None:
        person = KnownPerson(uid, name, email)
        self.keys.add(key)
        self._by_name[names.comparison_key(name)].append(person)
        if email:
            self._by_email[normalise_email(email)].append(person)


def get_known_people(
    event: Event, emails: Iterable[str], names_only: Iterable[str] = (), *, locked: bool = False
) -> KnownPeople:
    """Load the index, with full rows for these e-mails and for the only ones of these names.

    With `locked` the people are locked until the transaction ends.
    """
    known = KnownPeople()
    columns = ("pk", "full_name_en", "email", "key", "former_keys")
    for uid, name, email, key, former in Person.objects.order_by().values_list(*columns):
        known.add(uid, name or "", email, key)
        known.keys.update(former.split())
    uids = {person.uid for email in emails for person in known.with_email(email)}
    without_email = (known.only_one_without_email(name) for name in names_only)
    uids |= {person.uid for person in without_email if person}
    people = Person.objects.select_for_update() if locked else Person.objects.all()
    participations = Participation.objects.filter(workshop__event=event).order_by()
    for chunk in _chunks(sorted(uids)):
        known.people |= people.in_bulk(chunk)
        for row in participations.filter(person__in=chunk):
            known.participations[row.person_id, row.workshop_id] = row
    return known


def _chunks(values: list[T]) -> Iterator[list[T]]:
    return (
        values[start : start + MAX_QUERY_VALUES]
        for start in range(0, len(values), MAX_QUERY_VALUES)
    )
