"""Plan of a change of people: computed, previewed, then written to the rows as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from participants import models as people
from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person
from sessions_app.checks.registry import Finding, check
from sessions_app.people_changes.assignments import BlockChange, Reassignment, apply_changes
from sessions_app.publishing.queries import appearances_by_holder
from sessions_app.publishing.to_rows import printed_affiliation, text_columns
from workshop.editing.plans import Plan
from workshop.models import Event, UidModel


@dataclass(frozen=True, slots=True)
class PeoplePlan(Plan):
    """Planned changes of a draft; `findings` are those that the draft does not have yet."""

    draft: Agenda
    after: Agenda
    reassignments: tuple[Reassignment, ...]
    block_changes: tuple[BlockChange, ...]
    newcomer: Person | None
    findings: tuple[Finding, ...]

    @property
    def is_applicable(self) -> bool:
        return bool(self.reassignments or self.block_changes)

    @property
    def facts(self) -> object:
        # A new person has another UID in each plan, until it is saved.
        nobody = UUID(int=0)
        return (
            [
                (change.assignment.holder.uid, change.assignment.index)
                + (change.assignment.appearance,)
                + ((replace(change.after, person=nobody),) if change.after else ())
                for change in self.reassignments
            ],
            [(change.block, change.after) for change in self.block_changes],
            self.newcomer and replace(self.newcomer, uid=nobody),
            self.findings,
        )


def make_plan(
    draft: Agenda,
    reassignments: tuple[Reassignment, ...],
    block_changes: tuple[BlockChange, ...] = (),
    newcomer: Person | None = None,
) -> PeoplePlan:
    """Plan these changes of a draft, with the new findings of the checks."""
    after = apply_changes(draft, reassignments, block_changes, newcomer)
    known = set(check(draft))
    return PeoplePlan(
        draft=draft,
        after=after,
        reassignments=reassignments,
        block_changes=block_changes,
        newcomer=newcomer,
        findings=tuple(finding for finding in check(after) if finding not in known),
    )


def lock(event: Event) -> None:
    """Lock the event against other writes until the end of the transaction."""
    Event.objects.select_for_update().get(pk=event.pk)


def write(plan: PeoplePlan, *, new_person: people.Person | None = None) -> None:
    """Write a plan made from the locked rows; `new_person` is the unsaved row of a new person."""
    if new_person is not None:
        new_person.save()
    _write_reassignments(plan.reassignments)
    for change in plan.block_changes:
        _write_block_change(change)


def _write_reassignments(changes: tuple[Reassignment, ...]) -> None:
    rows = appearances_by_holder({change.assignment.holder.uid for change in changes}, locked=True)
    known = people.Person.objects.in_bulk(
        {change.after.person for change in changes if change.after and change.after.person}
    )
    for change in changes:
        row = rows[change.assignment.holder.uid][change.assignment.index]
        if change.after is None:
            row.delete()
        else:
            person = known[change.after.person] if change.after.person else None
            _write_appearance(row, change.after, person)


def _write_appearance(
    row: models.Appearance, appearance: Appearance, person: people.Person | None
) -> None:
    row.person, row.stands_for = person, appearance.stands_for
    _set_columns(
        row,
        text_columns(
            name=Text() if person else appearance.name, **printed_affiliation(appearance, person)
        ),
    )
    row.save()


def _write_block_change(change: BlockChange) -> None:
    row = models.QuestionBlock.objects.get(pk=change.block.uid)
    if change.after is None:
        row.delete()
    else:
        _set_columns(row, {"countries": list(change.after.countries)})
        row.save()


def _set_columns(row: UidModel, columns: Mapping[str, object]) -> None:
    for name, content in columns.items():
        setattr(row, name, content)
