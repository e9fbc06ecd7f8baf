"""Checks of minutes: of talks and questions against the slot and what is stated. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from sessions_app.agenda.types import Agenda, QuestionBlock, Session
from sessions_app.checks.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class Budget:
    """Minutes of a session: of its slot, talks and question blocks; `stated` for all questions."""

    slot: int
    talks: int
    blocks: int
    stated: int

    @property
    def needed(self) -> int:
        return self.talks + max(self.stated, self.blocks)

    @property
    def over_stated(self) -> int:
        """Minutes of the blocks beyond the stated ones; 0 if none are stated."""
        return max(0, self.blocks - self.stated) if self.stated else 0

    @property
    def over_slot(self) -> int:
        return max(0, self.needed - self.slot)


def budget_of(session: Session) -> Budget:
    """Minutes of a session; those that are not known count as 0."""
    return Budget(
        slot=session.minutes,
        talks=sum(talk.minutes or 0 for talk in session.presentations),
        blocks=sum(block.total_minutes or 0 for block in session.question_blocks),
        stated=session.questions_minutes or 0,
    )


def over_budget(agenda: Agenda) -> Iterator[Finding]:
    """One finding per session; its minutes are the largest excess."""
    for workshop, session in agenda.workshop_sessions():
        budget = budget_of(session)
        if excess := max(budget.over_stated, budget.over_slot):
            at = (workshop.key, (session.key,))
            yield Finding("over_budget", Level.WARNING, *at, minutes=excess)


def under_budget(agenda: Agenda) -> Iterator[Finding]:
    """Only for sessions where all blocks have minutes."""
    for workshop, session in agenda.workshop_sessions():
        budget = budget_of(session)
        is_known = session.question_blocks and all(map(_has_total, session.question_blocks))
        if is_known and budget.blocks < budget.stated:
            at = (workshop.key, (session.key,))
            free = budget.stated - budget.blocks
            yield Finding("under_budget", Level.NOTE, *at, minutes=free)


def no_minutes(agenda: Agenda) -> Iterator[Finding]:
    for workshop, session in agenda.workshop_sessions():
        if any(block.minutes is None for block in session.question_blocks):
            yield Finding("no_minutes", Level.NOTE, workshop.key, (session.key,))


def _has_total(block: QuestionBlock) -> bool:
    """Say whether a block has total minutes; minutes per country need countries."""
    return block.minutes is not None and bool(block.minutes_are == "in_total" or block.countries)
