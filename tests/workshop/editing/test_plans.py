"""Plans: confirmed by their fingerprint, or refused."""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from tests import make
from workshop.editing.plans import Plan, PlanChanged


@dataclass(frozen=True, slots=True)
class TimePlan(Plan):
    starts_at: datetime
    workshops: frozenset[str]
    title: str = ""

    @property
    def facts(self) -> object:
        return self.starts_at, self.workshops

    @property
    def is_applicable(self) -> bool:
        return bool(self.workshops)


PLAN = TimePlan(make.at(9), frozenset({"international", "national", "closing"}))


def test_fingerprint_is_the_same_in_every_process() -> None:
    """The order of a frozenset is not."""
    assert PLAN.fingerprint == "c60135ac1500ddbc4f9f1b2909f98e9a8a7d40e7f677d16abfd36ffb766fa2c2"


def test_equal_facts_are_confirmed() -> None:
    same = replace(PLAN, title="Other words")
    same.confirm(PLAN.fingerprint)  # raises nothing
    assert (same == PLAN, same.fingerprint == PLAN.fingerprint) == (False, True)


@pytest.mark.parametrize(
    "changed",
    [
        replace(PLAN, starts_at=make.at(10)),
        replace(PLAN, workshops=frozenset({"national"})),
        replace(PLAN, workshops=frozenset()),
    ],
)
def test_other_facts_are_refused(changed: TimePlan) -> None:
    with pytest.raises(PlanChanged):
        changed.confirm(PLAN.fingerprint)


def test_plan_that_cannot_be_applied_is_refused() -> None:
    empty = replace(PLAN, workshops=frozenset())
    with pytest.raises(PlanChanged):
        empty.confirm(empty.fingerprint)
