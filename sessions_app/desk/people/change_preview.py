"""Preview of a change of people as text: assignments, question blocks, new issues."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Appearance, Person, QuestionBlock, Session, Workshop
from sessions_app.checks.registry import Finding
from sessions_app.people_changes.assignments import (
    Assignment,
    BlockChange,
    Reassignment,
    list_assignments,
    without_speakers,
)
from sessions_app.people_changes.change_plan import PeoplePlan
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.finding_sentences import with_sentences
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """A session or a whole workshop to choose, with its assignments that would change."""

    name: str
    when: str
    status: str
    assignments: tuple[str, ...]


ItemChoices = tuple[tuple[str, ItemChoice], ...]


@dataclass(frozen=True, slots=True)
class ReassignmentLine:
    """An assignment and its new person; `new_name` is empty if it is removed."""

    item: str
    role: str
    new_name: str
    new_affiliation: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockChangeLine:
    """A question block without a country, with the questions that are deleted."""

    session: str
    text: str
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a plan; the fingerprint ties the change to this preview."""

    reassignments: tuple[ReassignmentLine, ...]
    block_changes: tuple[BlockChangeLine, ...]
    without_speakers: tuple[str, ...]
    findings: tuple[tuple[Finding, str], ...]
    fingerprint: str


def preview(plan: PeoplePlan) -> Preview:
    """Return a plan as text: changes, items left without speakers, new issues."""
    return Preview(
        reassignments=tuple(_reassignment_line(change, plan) for change in plan.reassignments),
        block_changes=tuple(map(_block_change_line, plan.block_changes)),
        without_speakers=tuple(
            labels.session_title(item) if isinstance(item, Session) else f"“{item.title}”"
            for item in without_speakers(plan.draft, plan.after)
        ),
        findings=with_sentences(plan.findings, plan.after),
        fingerprint=plan.fingerprint,
    )


def item_label(assignment: Assignment) -> str:
    """Return an assignment's item: `Session 3`, `Session 3, “A talk”`, `all of “The morning”`."""
    if assignment.session is None:
        return _("all of “%(title)s”") % {"title": assignment.workshop.title}
    name = labels.session_name(assignment.session)
    if assignment.talk is None or assignment.talk.title == assignment.session.title:
        return name
    return f"{name}, “{assignment.talk.title}”"


def role_label(assignment: Assignment) -> str:
    """Return the role of an assignment, worded for one person."""
    return labels.role(assignment.appearance.role, 1, overall=assignment.session is None)


def list_label(person: Person) -> str:
    """Return a person's line in a list: `Kim, Juny (Ms.), Anti-Corruption Commission`."""
    honorific = f" ({person.honorific})" if person.honorific else ""
    employer = person.organisation or person.position
    return f"{person.sort_name}{honorific}" + (f", {employer}" if employer else "")


def affiliation(appearance: Appearance) -> str:
    """Return position and organisation as printed after a name."""
    return ", ".join(filter(None, map(str, (appearance.position, appearance.organisation))))


def items_of_person(draft: Agenda, assignments: Iterable[Assignment], zone: Zone) -> ItemChoices:
    """Return the items where a person appears, with their roles."""
    texts: dict[UUID, list[str]] = {}
    for assignment in assignments:
        texts.setdefault(assignment.item_uid, []).append(
            _role_in_item(assignment, role_label(assignment))
        )
    return _item_choices(draft, texts, zone)


def items_of_country(draft: Agenda, country: str, zone: Zone) -> ItemChoices:
    """Return the items where people of a country appear or questions are asked to it."""
    texts: dict[UUID, list[str]] = {}
    for assignment in list_assignments(draft):
        if assignment.appearance.country == country:
            role = _role_in_item(assignment, role_label(assignment).lower())
            texts.setdefault(assignment.item_uid, []).append(
                f"{labels.name(assignment.appearance)}, {role}"
            )
    for session in draft.sessions():
        if any(country in block.countries for block in session.question_blocks):
            texts.setdefault(session.uid, []).append(_("questions"))
    return _item_choices(draft, texts, zone)


def _item_choices(draft: Agenda, texts: Mapping[UUID, list[str]], zone: Zone) -> ItemChoices:
    return tuple(
        (str(item.uid), _item_choice(item, tuple(texts[item.uid]), zone))
        for workshop in draft.workshops
        for item in _workshop_items(workshop)
        if item.uid in texts
    )


def _workshop_items(workshop: Workshop) -> tuple[Workshop | Session, ...]:
    return (workshop, *workshop.sessions)


def _item_choice(item: Workshop | Session, texts: tuple[str, ...], zone: Zone) -> ItemChoice:
    when = time_ranges.span(item.starts_at, item.ends_at, zone)
    if isinstance(item, Session):
        return ItemChoice(labels.session_title(item), when, labels.status(item), texts)
    return ItemChoice(_("All of “%(title)s”") % {"title": item.title}, when, "", texts)


def _role_in_item(assignment: Assignment, role: str) -> str:
    """Return the role, with the title of the talk if it belongs to one."""
    if (
        assignment.talk is None
        or assignment.session is None
        or assignment.talk.title == assignment.session.title
    ):
        return role
    return _("%(role)s of “%(talk)s”") % {"role": role, "talk": assignment.talk.title}


def _reassignment_line(change: Reassignment, plan: PeoplePlan) -> ReassignmentLine:
    return ReassignmentLine(
        item=item_label(change.assignment),
        role=role_label(change.assignment),
        new_name="" if change.after is None else labels.name(change.after),
        new_affiliation="" if change.after is None else affiliation(change.after),
        notes=tuple(_notes(change, plan)),
    )


def _notes(change: Reassignment, plan: PeoplePlan) -> Iterator[str]:
    if change.after is None and plan.newcomer is not None:
        text = _("%(name)s already appears there as %(role)s, so this entry is removed.")
        yield text % {"name": plan.newcomer.name, "role": role_label(change.assignment).lower()}
    if change.after is None:
        return
    appearance = change.assignment.appearance
    former = next((row for row in plan.draft.people if row.uid == appearance.person), None)
    default = (former.position, former.organisation) if former else (Text(), Text())
    printed = affiliation(appearance)
    is_printed_here_only = (appearance.position, appearance.organisation) != default
    if is_printed_here_only and printed != affiliation(change.after):
        yield _("“%(text)s”, which is printed only here, is removed.") % {"text": printed}


def _block_change_line(change: BlockChange) -> BlockChangeLine:
    countries = labels.join_list([labels.country(code) for code in _removed_countries(change)])
    return BlockChangeLine(
        session=labels.session_title(change.session),
        text=_removed_block(change, countries)
        if change.after is None
        else _reduced_block(change, change.after, countries),
        questions=()
        if change.after
        else tuple(question.text for question in change.block.questions),
    )


def _removed_block(change: BlockChange, country: str) -> str:
    count = len(change.block.questions)
    text = ngettext(
        "The question block for %(country)s is deleted with its %(count)s question.",
        "The question block for %(country)s is deleted with its %(count)s questions.",
        count,
    ) % {"country": country, "count": count}
    return f"{text} {_freed_time(change)}".strip()


def _reduced_block(change: BlockChange, after: QuestionBlock, country: str) -> str:
    text = _("%(country)s is no longer asked. The questions stay for %(others)s.") % {
        "country": country,
        "others": labels.join_list([labels.country(code) for code in after.countries]),
    }
    if after.minutes is not None and after.minutes_are == "in_total":
        unchanged = _("The speaking time stays %(minutes)s.")
        return f"{text} {unchanged % {'minutes': labels.block_minutes(after)}}"
    return f"{text} {_freed_time(change)}".strip()


def _freed_time(change: BlockChange) -> str:
    if not change.freed_minutes:
        return ""
    return _("%(minutes)s of speaking time become free.") % {
        "minutes": labels.minutes(change.freed_minutes)
    }


def _removed_countries(change: BlockChange) -> list[str]:
    remaining = change.after.countries if change.after else ()
    return [code for code in change.block.countries if code not in remaining]
