"""Plan of a change of people: computed, previewed, then written to the rows as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from participants import models as people
from sessions_app import models
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person
from sessions_app.checks.registry import Finding, check
from sessions_app.people_changes.assignments import BlockChange, Reassignment, apply_changes
from sessions_app.publishing.queries import appearances_by_holder
from sessions_app.publishing.to_rows import printed_affiliation, text_columns
from sessions_app.renderers.labels import country
from workshop.models import Event, UidModel

# Codes of findings whose messages hold details that can change without a new fault.
CODES_WITH_DETAILS = ("no_moderator", "no_minutes")


class RowsChanged(Exception):
    """The rows have changed since the preview; nothing was written."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Planned changes of a draft; `findings` are those that the draft does not have yet."""

    draft: Agenda
    after: Agenda
    reassignments: tuple[Reassignment, ...]
    block_changes: tuple[BlockChange, ...]
    newcomer: Person | None
    findings: tuple[Finding, ...]

    @property
    def is_empty(self) -> bool:
        return not self.reassignments and not self.block_changes

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the plan: equal for the same changes of the same rows."""
        # A new person has another UID in each plan, until it is saved.
        nobody = UUID(int=0)
        content = (
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
        return sha256(repr(content).encode()).hexdigest()


def make_plan(
    draft: Agenda,
    reassignments: tuple[Reassignment, ...],
    block_changes: tuple[BlockChange, ...] = (),
    newcomer: Person | None = None,
) -> Plan:
    """Plan these changes of a draft, with the new findings of the checks."""
    after = apply_changes(draft, reassignments, block_changes, newcomer)
    return Plan(
        draft=draft,
        after=after,
        reassignments=reassignments,
        block_changes=block_changes,
        newcomer=newcomer,
        findings=_new_findings(check(draft, country), check(after, country)),
    )


def lock(event: Event) -> None:
    """Lock the event against other writes until the end of the transaction."""
    Event.objects.select_for_update().get(pk=event.pk)


def apply(plan: Plan, fingerprint: str, *, new_person: people.Person | None = None) -> None:
    """Write a plan made from the locked rows, if it has the fingerprint of the preview.

    `new_person` is the unsaved row of a new person. Raises RowsChanged, writing nothing, for
    another fingerprint or an empty plan.
    """
    if plan.is_empty or plan.fingerprint != fingerprint:
        raise RowsChanged
    if new_person is not None:
        new_person.save()
    _write_reassignments(plan.reassignments)
    for change in plan.block_changes:
        _write_block_change(change)


def _new_findings(before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[Finding, ...]:
    known = set(map(_comparable, before))
    return tuple(finding for finding in after if _comparable(finding) not in known)


def _comparable(finding: Finding) -> Finding:
    return replace(finding, message="") if finding.code in CODES_WITH_DETAILS else finding


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
