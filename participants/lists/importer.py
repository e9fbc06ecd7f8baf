"""Brings a list in: first as a preview that changes nothing, then exactly as it was previewed."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

import tablib
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from participants.lists import bulk_save
from participants.lists.import_fields import Difference, Entry, english_name
from participants.lists.matching import Somebody, get_known
from participants.lists.parsing import headings
from participants.lists.parsing.columns import Column
from participants.lists.parsing.headings import Headings
from participants.lists.parsing.parsed_rows import Row, rows
from participants.lists.parsing.tables import Table
from participants.lists.resource import NUMBER, ParticipantList, Told
from workshop.models import Event, Workshop
from workshop.zones import Zone


class CannotBringIn(Exception):
    """What the list would do is no longer what was previewed; nothing was changed."""


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "unchanged"
    REFUSED = "refused"


_KINDS = {
    Told.IMPORT_TYPE_NEW: Kind.NEW,
    Told.IMPORT_TYPE_UPDATE: Kind.CHANGED,
    Told.IMPORT_TYPE_SKIP: Kind.SAME,
    Told.IMPORT_TYPE_INVALID: Kind.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A list, where it is to go, and what an organiser said of it.

    `role` is for those who are new and whose row names none. `same` are the numbers of rows whose
    person is the only one of this name who has no e-mail here, by an organiser's word.
    """

    table: Table
    workshop: UUID
    role: str
    same: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row; `asks` where only an organiser can tell whether they are known."""

    number: int
    kind: Kind
    name: str
    email: str
    workshop: str
    role: str
    is_known: bool
    differences: tuple[Difference, ...]
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]
    namesakes: tuple[Somebody, ...]
    asks: bool

    @property
    def told(self) -> tuple[Difference, ...]:
        """What the row does, without what names somebody who is not known yet."""
        silent = () if self.is_known else (Column.NAME, Column.EMAIL)
        return tuple(each for each in self.differences if each.name not in silent)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would do, and a mark by which the same is known again."""

    outcomes: tuple[Outcome, ...]
    headings: Headings
    notes: tuple[str, ...]
    fingerprint: str

    def of(self, kind: Kind) -> tuple[Outcome, ...]:
        return tuple(each for each in self.outcomes if each.kind is kind)

    @property
    def counts(self) -> dict[Kind, int]:
        found = Counter(each.kind for each in self.outcomes)
        return {kind: found[kind] for kind in Kind}


def preview(*, event: Event, asked: Asked) -> Preview:
    """What bringing the list in would do; raises Unreadable where it has no headings."""
    return _run(event, asked)


def bring_in(*, event: Event, asked: Asked, fingerprint: str, by: User) -> Preview:
    """Do exactly what the preview with this mark showed, or nothing.

    Refused rows stay out. Raises CannotBringIn where the outcome is another one by now.
    """
    try:
        with transaction.atomic():
            list(Event.objects.select_for_update().filter(pk=event.pk))
            done = _run(event, asked, by=by, writes=True)
            if done.fingerprint != fingerprint:
                raise CannotBringIn
    except IntegrityError as collision:  # somebody else added the same people this very moment
        raise CannotBringIn from collision
    return done


def _run(event: Event, asked: Asked, *, by: User | None = None, writes: bool = False) -> Preview:
    found = headings.find(asked.table)
    workshops = list(Workshop.objects.filter(event=event))
    chosen = next(each for each in workshops if each.pk == asked.workshop)
    wanted = rows(asked.table, found, workshops, chosen)
    known = get_known(
        event,
        {row.address for row in wanted},
        [row.name.printed for row in wanted] if asked.same else [],
        locked=writes,
    )
    participants = ParticipantList(
        zones=tuple(Zone(each.label, each.key) for each in event.display_zones.all()),
        known=known,
        rows={row.number: row for row in wanted},
        role=asked.role,
        same=asked.same,
        save=lambda entries: bulk_save.save(entries, known, by),
    )
    # Not `import_data`, which would hold the database's lock for a preview too.
    result = participants.import_data_inner(_dataset(wanted), not writes, False, False, False)
    for wrong in result.base_errors:
        raise wrong.error
    outcomes = tuple(_outcome(row, told) for row, told in zip(wanted, result.rows, strict=True))
    return Preview(outcomes, found, asked.table.notes, _fingerprint(outcomes))


def _dataset(wanted: Iterable[Row]) -> tablib.Dataset:
    """The rows as the library takes them: a cell that is empty changes nothing."""
    columns = [each for each in Column if each is not Column.WORKSHOP]
    dataset = tablib.Dataset(headers=[NUMBER, *columns])
    for row in wanted:
        cells = {**row.cells, Column.NAME: row.name.printed}
        dataset.append([row.number, *(cells.get(column, "") for column in columns)])
    return dataset


def _outcome(row: Row, told: Told) -> Outcome:
    if told.errors:
        raise told.errors[0].error
    entry: Entry | None = told.instance
    refused = told.validation_error
    name = "" if entry is None else english_name(entry.person)
    return Outcome(
        number=row.number,
        kind=_KINDS[told.import_type],
        name=name or row.name.printed,
        email=row.address if entry is None else str(entry.person.email),
        workshop="" if row.workshop is None else str(row.workshop.title),
        role="" if entry is None else str(entry.participation.get_role_display()),
        is_known=told.is_known,
        differences=tuple(told.diff or ()),
        refusals=tuple(refused.messages) if refused else (),
        remarks=told.remarks,
        namesakes=told.namesakes,
        asks=told.asks,
    )


def _fingerprint(outcomes: Iterable[Outcome]) -> str:
    told: list[Any] = [
        [
            *(each.number, each.kind, each.name, each.email, each.workshop, each.role),
            *(each.is_known, each.refusals),
            [[one.name, one.old, one.new] for one in each.differences],
        ]
        for each in outcomes
    ]
    return sha256(json.dumps(told).encode()).hexdigest()
