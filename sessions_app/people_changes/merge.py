"""The same person entered twice: one row stays, and everything of the other goes to it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import cast
from uuid import UUID

from django.db import transaction

from participants import names
from participants.models import Person
from participants.privacy.merge_rows import unite
from sessions_app.models import Appearance, Session
from sessions_app.people_changes.change_plan import RowsChanged
from sessions_app.publishing import from_rows
from workshop.models import Event

TRANSLATED = ("honorific", "full_name", "position", "organisation")
FIELDS = (
    *(f"{name}_{language}" for name in TRANSLATED for language in ("en", "lo")),
    *("sort_name", "country", "zone", "email", "assistant_email", "own_clock"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A column in which the two rows differ; `then` is what the row that stays says after it."""

    column: str
    stays: str
    goes: str

    @property
    def then(self) -> str:
        return self.stays or self.goes


@dataclass(frozen=True, slots=True)
class Moved:
    """An appearance of the row that goes; taken out where the one that stays has it already."""

    row: UUID
    event: str
    place: str
    role: str
    is_double: bool
    is_dropped: bool


@dataclass(frozen=True, slots=True)
class Merger:
    """Two rows of one person, and what becomes of them in every event."""

    stays: UUID
    goes: UUID
    pairs: tuple[Pair, ...]
    moved: tuple[Moved, ...]

    @property
    def fingerprint(self) -> str:
        """A mark by which the same merger of the same rows is known again."""
        return sha256(repr(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Twins:
    """Two rows that look like one person, by UID, and by what."""

    one: UUID
    two: UUID
    by_name: bool
    by_email: bool


def likely_twins(of: Collection[UUID]) -> tuple[Twins, ...]:
    """Pairs of rows, one at least among these, with one e-mail address or one name. One query.

    Case, accents, forms of address and the order of words make no other name.
    """
    by_name: defaultdict[object, list[UUID]] = defaultdict(list)
    by_email: defaultdict[object, list[UUID]] = defaultdict(list)
    for row in Person.objects.all():
        full_name = from_rows.text_of(row, "full_name")
        for name in {names.essence(full_name.en), names.essence(full_name.lo)} - {()}:
            by_name[name].append(row.uid)
        if row.email:
            by_email[row.email.casefold()].append(row.uid)
    same_name, same_email = (_pairs(groups.values()) for groups in (by_name, by_email))
    return tuple(
        Twins(one, two, (one, two) in same_name, (one, two) in same_email)
        for one, two in dict.fromkeys((*same_name, *same_email))
        if one in of or two in of
    )


def plan(*, stays: UUID, goes: UUID) -> Merger:
    """What merging would change in the rows as they stand; RowsChanged if one of them is gone."""
    rows = Person.objects.in_bulk([stays, goes])
    if len(rows) < 2:
        raise RowsChanged
    pairs = (Pair(each, _said(rows[stays], each), _said(rows[goes], each)) for each in FIELDS)
    there = {(row.holder, row.role) for row in Appearance.objects.filter(person=stays)}
    return Merger(
        stays=stays,
        goes=goes,
        pairs=tuple(pair for pair in pairs if pair.stays != pair.goes),
        moved=tuple(_moved(row, (row.holder, row.role) in there) for row in _appearances(goes)),
    )


@transaction.atomic
def merge(*, stays: UUID, goes: UUID, fingerprint: str) -> Merger:
    """Do what `plan` showed under this fingerprint, and answer what was done.

    What is empty in the row that stays is filled from the other, which is deleted; its addresses
    answer for the one that stays. Raises RowsChanged, writing nothing, if the plan is another now.
    """
    _lock(stays, goes)
    found = plan(stays=stays, goes=goes)
    if found.fingerprint != fingerprint:
        raise RowsChanged
    kept, gone = Person.objects.get(pk=stays), Person.objects.get(pk=goes)
    for moved in found.moved:
        row = Appearance.objects.get(pk=moved.row)
        if moved.is_double:
            row.delete()
        else:
            row.person = kept
            row.save()
    for pair in found.pairs:
        setattr(kept, pair.column, pair.then)
    kept.former_keys = "\n".join((*kept.former_keys.split(), gone.key, *gone.former_keys.split()))
    kept.save()
    unite(kept=kept, gone=gone)
    gone.delete()
    return found


def _lock(*uids: UUID) -> None:
    """Both rows, and every event in which one of them appears."""
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


def _moved(row: Appearance, is_double: bool) -> Moved:
    session = _session(row)
    return Moved(
        row=row.uid,
        event=str(_event(row)),
        place=str(row.presentation or session or row.workshop),
        role=row.role,
        is_double=is_double,
        is_dropped=session is not None and session.dropped_at is not None,
    )


def _said(row: Person, column: str) -> str:
    content = row.country.code if column == "country" else getattr(row, column)
    return str(content or "")


def _pairs(groups: Iterable[list[UUID]]) -> tuple[tuple[UUID, UUID], ...]:
    return tuple(pair for group in groups for pair in combinations(group, 2))
