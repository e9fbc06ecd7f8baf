"""A change of people as a plan to look at, then written to the rows: whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from participants import models as people
from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person
from sessions_app.checks.registry import Finding, check
from sessions_app.people_changes.assignments import Cut, Swap, changed
from sessions_app.publishing.queries import appearances_by_holder
from sessions_app.publishing.to_rows import printed_here, texts
from sessions_app.renderers.labels import country
from workshop.models import Event, Row

# What these findings add to the fact, such as who moderates instead, changes without a new fault.
WORDY = ("no_moderator", "no_minutes")


class RowsChanged(Exception):
    """Nothing was written: the rows are no longer what the preview showed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change in a draft; `findings` are those that it does not have already."""

    draft: Agenda
    then: Agenda
    swaps: tuple[Swap, ...]
    cuts: tuple[Cut, ...]
    newcomer: Person | None
    findings: tuple[Finding, ...]

    @property
    def is_empty(self) -> bool:
        return not self.swaps and not self.cuts

    @property
    def fingerprint(self) -> str:
        """A mark by which the same change of the same rows is known again."""
        # Somebody who has no row yet gets a UID only when it is written.
        nobody = UUID(int=0)
        told = (
            [
                (swap.part.holder.uid, swap.part.index, swap.part.who)
                + ((replace(swap.then, person=nobody),) if swap.then else ())
                for swap in self.swaps
            ],
            [(cut.block, cut.then) for cut in self.cuts],
            self.newcomer and replace(self.newcomer, uid=nobody),
            self.findings,
        )
        return sha256(repr(told).encode()).hexdigest()


def planned(
    draft: Agenda,
    swaps: tuple[Swap, ...],
    cuts: tuple[Cut, ...] = (),
    newcomer: Person | None = None,
) -> Plan:
    """What these swaps and cuts make of a draft, and what its checks would say then."""
    then = changed(draft, swaps, cuts, newcomer)
    return Plan(
        draft=draft,
        then=then,
        swaps=swaps,
        cuts=cuts,
        newcomer=newcomer,
        findings=_new(check(draft, country), check(then, country)),
    )


def lock(event: Event) -> None:
    """Let nobody else publish, move or recast the event until the transaction is over."""
    Event.objects.select_for_update().get(pk=event.pk)


def carry_out(plan: Plan, fingerprint: str, *, first: people.Person | None = None) -> None:
    """Write a plan that was made of the locked rows, if it is the one previewed.

    `first` is the row of a newcomer who has none yet. Raises RowsChanged, writing nothing.
    """
    if plan.is_empty or plan.fingerprint != fingerprint:
        raise RowsChanged
    if first is not None:
        first.save()
    _write_swaps(plan.swaps)
    for cut in plan.cuts:
        _write_cut(cut)


def _new(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = set(map(_fact, before))
    return tuple(finding for finding in after if _fact(finding) not in known)


def _fact(finding: Finding) -> Finding:
    return replace(finding, message="") if finding.code in WORDY else finding


def _write_swaps(swaps: tuple[Swap, ...]) -> None:
    rows = appearances_by_holder({swap.part.holder.uid for swap in swaps}, locked=True)
    known = people.Person.objects.in_bulk(
        {swap.then.person for swap in swaps if swap.then and swap.then.person}
    )
    for swap in swaps:
        row = rows[swap.part.holder.uid][swap.part.index]
        if swap.then is None:
            row.delete()
        else:
            person = known[swap.then.person] if swap.then.person else None
            _write_appearance(row, swap.then, person)


def _write_appearance(
    row: models.Appearance, who: Appearance, person: people.Person | None
) -> None:
    row.person, row.stands_for = person, who.stands_for
    _set(row, texts(name=Text() if person else who.name, **printed_here(who, person)))
    row.save()


def _write_cut(cut: Cut) -> None:
    row = models.QuestionBlock.objects.get(pk=cut.block.uid)
    if cut.then is None:
        row.delete()
    else:
        _set(row, {"countries": list(cut.then.countries)})
        row.save()


def _set(row: Row, columns: Mapping[str, object]) -> None:
    for name, content in columns.items():
        setattr(row, name, content)
