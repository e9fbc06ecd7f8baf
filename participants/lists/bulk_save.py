"""Writes a whole list: people and participations, each with its history, in a few queries."""

from collections.abc import Iterable, Sequence
from itertools import count

from django.contrib.auth.models import User
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from participants.lists.import_fields import Entry, english_name
from participants.lists.matching import Known
from participants.lists.parsing.cell_values import same_address
from participants.models import Participation, Person, people

_TEXTS = ("honorific", "full_name", "position", "organisation")
_PERSON = (
    *(*_TEXTS, *(f"{text}_en" for text in _TEXTS), "sort_name"),
    *("country", "zone", "email", "assistant_email", "language"),
)
_PARTICIPATION = ("role", "language", "note")
AT_ONCE = 500  # rows in one statement, where the database takes as many


def save(entries: Sequence[Entry], known: Known, by: User | None) -> None:
    """Write what differs from what is known; call it in a transaction."""
    newcomers = _newcomers(entries, known.keys)
    for entry in entries:
        entry.participation.person = newcomers.get(same_address(entry.person.email), entry.person)
    once = {entry.person.pk: entry.person for entry in entries}
    met = [each for each in once.values() if not each._state.adding]
    changed = [each for each in met if _differs(each, known.people[each.pk], _PERSON)]
    new = [entry.participation for entry in entries if entry.participation._state.adding]
    other = [
        entry.participation
        for entry in entries
        if not entry.participation._state.adding
        and _differs(
            entry.participation,
            known.listed[entry.person.pk, entry.participation.workshop_id],
            _PARTICIPATION,
        )
    ]
    options = {"batch_size": AT_ONCE, "default_user": by}
    stored = Person.objects.rewrite(False)  # so that a text is written in all its columns
    bulk_create_with_history(list(newcomers.values()), Person, **options)
    bulk_update_with_history(changed, Person, _PERSON, manager=stored, **options)
    bulk_create_with_history(new, Participation, **options)
    bulk_update_with_history(other, Participation, _PARTICIPATION, **options)


def _newcomers(entries: Iterable[Entry], taken: set[str]) -> dict[str, Person]:
    """Those to be added, once each, by address; with the keys that saving one by one makes."""
    found: dict[str, Person] = {}
    for entry in entries:
        if entry.person._state.adding:
            found.setdefault(same_address(entry.person.email), entry.person)
    taken, tries = set(taken), dict[str, "count[int]"]()
    for person in found.values():
        wanted = key = people.wanted_key(english_name(person))
        while key in taken:
            key = f"{wanted}-{next(tries.setdefault(wanted, count(2)))}"
        person.key = key
        taken.add(key)
    return found


def _differs(one: object, other: object, names: Iterable[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in names)
