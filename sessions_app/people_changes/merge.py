"""Merge of duplicates: one person is kept and takes over everything of the duplicate."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import cast
from uuid import UUID

from django.db import transaction

from participants import names
from participants.models import Person
from participants.privacy.merge_rows import merge_related_rows
from sessions_app.models import Appearance, Session
from workshop.editing.plans import Plan, PlanChanged
from workshop.models import Event

TRANSLATED = ("honorific", "full_name", "position", "organisation")
FIELDS = (
    *(f"{name}_{language}" for name in TRANSLATED for language in ("en", "lo")),
    *("sort_name", "country", "zone", "email", "assistant_email", "own_clock"),
)


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A column in which both rows differ; `merged` is its value after the merge."""

    column: str
    kept: str
    duplicate: str

    @property
    def merged(self) -> str:
        return self.kept or self.duplicate


@dataclass(frozen=True, slots=True)
class MovedAppearance:
    """An appearance of the duplicate; deleted if the kept person has the same role there."""

    uid: UUID
    event: str
    place: str
    role: str
    is_repeated: bool
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class MergePlan(Plan):
    """Merge of two rows of one person, over all events."""

    kept_person: UUID
    duplicate: UUID
    differences: tuple[FieldDifference, ...]
    appearances: tuple[MovedAppearance, ...]


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """UIDs of two rows that are possibly one person, and the reasons."""

    first: UUID
    second: UUID
    by_name: bool
    by_email: bool


def likely_duplicates(people: Collection[UUID]) -> tuple[DuplicatePair, ...]:
    """Pairs of rows with the same name or e-mail address, at least one of `people`. One query.

    Case, accents, forms of address and the order of words are ignored in names.
    """
    by_name: defaultdict[object, list[UUID]] = defaultdict(list)
    by_email: defaultdict[object, list[UUID]] = defaultdict(list)
    rows = Person.objects.values_list("uid", "full_name_en", "full_name_lo", "email")
    for uid, english, lao, email in rows:
        for name in {names.comparison_key(english or ""), names.comparison_key(lao or "")} - {()}:
            by_name[name].append(uid)
        if email:
            by_email[email.casefold()].append(uid)
    same_name, same_email = (_uid_pairs(groups.values()) for groups in (by_name, by_email))
    return tuple(
        DuplicatePair(first, second, (first, second) in same_name, (first, second) in same_email)
        for first, second in dict.fromkeys((*same_name, *same_email))
        if first in people or second in people
    )


def plan(*, kept_person: UUID, duplicate: UUID) -> MergePlan:
    """Plan a merge from the current rows; raises PlanChanged if one of them no longer exists."""
    rows = Person.objects.in_bulk([kept_person, duplicate])
    if len(rows) < 2:
        raise PlanChanged
    columns = (
        FieldDifference(
            column,
            kept=_column_text(rows[kept_person], column),
            duplicate=_column_text(rows[duplicate], column),
        )
        for column in FIELDS
    )
    own = {(row.holder, row.role) for row in Appearance.objects.filter(person=kept_person)}
    return MergePlan(
        kept_person=kept_person,
        duplicate=duplicate,
        differences=tuple(column for column in columns if column.kept != column.duplicate),
        appearances=tuple(
            _moved_appearance(row, (row.holder, row.role) in own) for row in _appearances(duplicate)
        ),
    )


@transaction.atomic
def apply(*, kept_person: UUID, duplicate: UUID, fingerprint: str) -> MergePlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged.

    Empty fields of the kept person are filled from the duplicate, which is deleted; its addresses
    lead to the kept person.
    """
    _lock(kept_person, duplicate)
    merge_plan = plan(kept_person=kept_person, duplicate=duplicate)
    merge_plan.confirm(fingerprint)
    kept, removed = Person.objects.get(pk=kept_person), Person.objects.get(pk=duplicate)
    for appearance in merge_plan.appearances:
        row = Appearance.objects.get(pk=appearance.uid)
        if appearance.is_repeated:
            row.delete()
        else:
            row.person = kept
            row.save()
    for difference in merge_plan.differences:
        setattr(kept, difference.column, difference.merged)
    keys = (*kept.former_keys.split(), removed.key, *removed.former_keys.split())
    kept.former_keys = "\n".join(keys)
    kept.save()
    merge_related_rows(kept=kept, duplicate=removed)
    removed.delete()
    return merge_plan


def _lock(*uids: UUID) -> None:
    """Lock both rows, and all events in which one of them appears."""
    list(Person.objects.select_for_update().filter(pk__in=uids).order_by("pk"))
    holders = _appearances(*uids)
    slugs = {_event(row).pk for row in holders}
    list(Event.objects.select_for_update().filter(pk__in=slugs).order_by("pk"))


def _appearances(*uids: UUID) -> Iterable[Appearance]:
    return (
        Appearance.objects.filter(person__in=uids)
        .select_related("workshop__event", "session__event", "presentation__session__event")
        .order_by("uid")
    )


def _session(row: Appearance) -> Session | None:
    return row.presentation.session if row.presentation else row.session


def _event(row: Appearance) -> Event:
    return (row.workshop or cast(Session, _session(row))).event


def _moved_appearance(row: Appearance, is_repeated: bool) -> MovedAppearance:
    session = _session(row)
    return MovedAppearance(
        uid=row.uid,
        event=str(_event(row)),
        place=str(row.presentation or session or row.workshop),
        role=row.role,
        is_repeated=is_repeated,
        is_dropped=session is not None and session.dropped_at is not None,
    )


def _column_text(row: Person, column: str) -> str:
    content = row.country.code if column == "country" else getattr(row, column)
    return str(content or "")


def _uid_pairs(groups: Iterable[list[UUID]]) -> tuple[tuple[UUID, UUID], ...]:
    return tuple(pair for group in groups for pair in combinations(group, 2))
