"""Who is known here already, read in a fixed number of queries for a whole list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from participants import names
from participants.lists.parsing.cell_values import same_address
from participants.models import Participation, Person
from workshop.models import Event

MOST_AT_ONCE = 5_000  # of values in one query

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as far as it takes to find them."""

    uid: UUID
    name: str
    email: str


@dataclass(slots=True)
class Known:
    """Everybody by address and by name; whole rows only of those whom the list is about.

    `people` and `listed` are as they are stored: take copies to change.
    """

    keys: set[str] = field(default_factory=set)
    people: dict[UUID, Person] = field(default_factory=dict)
    listed: dict[tuple[UUID, UUID], Participation] = field(default_factory=dict)
    _by_address: dict[str, list[Somebody]] = field(default_factory=lambda: defaultdict(list))
    _by_name: dict[tuple[str, ...], list[Somebody]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def at(self, address: str) -> list[Somebody]:
        """Who has this address; more than one where two people share it."""
        return self._by_address.get(address, [])

    def called(self, name: str) -> list[Somebody]:
        """Who has this name, in any spelling."""
        return self._by_name.get(names.essence(name), [])

    def only_one_without_address(self, name: str) -> Somebody | None:
        """The one of this name whom no address tells from others; None where there are several."""
        found = [each for each in self.called(name) if not each.email]
        return found[0] if len(found) == 1 else None

    def add(self, uid: UUID, name: str, email: str, key: str) -> None:
        somebody = Somebody(uid, name, email)
        self.keys.add(key)
        self._by_name[names.essence(name)].append(somebody)
        if email:
            self._by_address[same_address(email)].append(somebody)


def get_known(
    event: Event, addresses: Iterable[str], names_of: Iterable[str] = (), *, locked: bool = False
) -> Known:
    """What is known of those with these addresses, and of the only ones with these names.

    Where `locked`, nobody else changes them before the transaction ends.
    """
    known = Known()
    columns = ("pk", "full_name_en", "email", "key", "former_keys")
    for uid, name, email, key, former in Person.objects.order_by().values_list(*columns):
        known.add(uid, name or "", email, key)
        known.keys.update(former.split())
    wanted = {each.uid for address in addresses for each in known.at(address)}
    alone = (known.only_one_without_address(name) for name in names_of)
    wanted |= {each.uid for each in alone if each}
    people = Person.objects.select_for_update() if locked else Person.objects.all()
    listed = Participation.objects.filter(workshop__event=event).order_by()
    for some in _chunks(sorted(wanted)):
        known.people |= people.in_bulk(some)
        for each in listed.filter(person__in=some):
            known.listed[each.person_id, each.workshop_id] = each
    return known


def _chunks(values: list[T]) -> Iterator[list[T]]:
    return (values[start : start + MOST_AT_ONCE] for start in range(0, len(values), MOST_AT_ONCE))
