"""Bulk save of a whole list: people and participations with their history, in a few queries."""

from collections.abc import Iterable, Sequence
from itertools import count

from django.contrib.auth.models import User
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from participants.lists.list_fields import ListEntry, english_name
from participants.lists.matching import KnownPeople
from participants.lists.parsing.cell_values import normalise_email
from participants.models import Participation, Person, people

_TEXTS = ("honorific", "full_name", "position", "organisation")
_PERSON = (
    *(*_TEXTS, *(f"{text}_en" for text in _TEXTS), "sort_name"),
    *("country", "zone", "email", "assistant_email", "language"),
)
_PARTICIPATION = ("role", "language", "note")
BATCH_SIZE = 500  # rows in one statement, if the database accepts that many


def save_entries(entries: Sequence[ListEntry], known: KnownPeople, by: User | None) -> None:
    """Save new and changed rows; must run in a transaction."""
    new_people = _new_people(entries, known.keys)
    for entry in entries:
        entry.participation.person = new_people.get(
            normalise_email(entry.person.email), entry.person
        )
    people_by_uid = {entry.person.pk: entry.person for entry in entries}
    existing = [person for person in people_by_uid.values() if not person._state.adding]
    changed = [person for person in existing if _differs(person, known.people[person.pk], _PERSON)]
    new = [entry.participation for entry in entries if entry.participation._state.adding]
    changed_participations = [
        entry.participation
        for entry in entries
        if not entry.participation._state.adding
        and _differs(
            entry.participation,
            known.participations[entry.person.pk, entry.participation.workshop_id],
            _PARTICIPATION,
        )
    ]
    options = {"batch_size": BATCH_SIZE, "default_user": by}
    stored = Person.objects.rewrite(False)  # so that a text is written in all its columns
    bulk_create_with_history(list(new_people.values()), Person, **options)
    bulk_update_with_history(changed, Person, _PERSON, manager=stored, **options)
    bulk_create_with_history(new, Participation, **options)
    bulk_update_with_history(changed_participations, Participation, _PARTICIPATION, **options)


def _new_people(entries: Iterable[ListEntry], taken: set[str]) -> dict[str, Person]:
    """New people by normalised e-mail, with the same keys as if they were saved one by one."""
    new_people: dict[str, Person] = {}
    for entry in entries:
        if entry.person._state.adding:
            new_people.setdefault(normalise_email(entry.person.email), entry.person)
    taken, suffixes = set(taken), dict[str, "count[int]"]()
    for person in new_people.values():
        base_key = key = people.key_from_name(english_name(person))
        while key in taken:
            key = f"{base_key}-{next(suffixes.setdefault(base_key, count(2)))}"
        person.key = key
        taken.add(key)
    return new_people


def _differs(one: object, other: object, names: Iterable[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in names)
