"""People of an event by country, with placeholders and possible duplicates."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Person
from sessions_app.desk.desk_view import desk_view, render_desk_page
from sessions_app.desk.people import change_preview as lines
from sessions_app.people_changes import merge, replace
from sessions_app.people_changes.assignments import Assignment, list_assignments
from sessions_app.people_changes.merge import DuplicatePair
from sessions_app.publishing.queries import get_draft, list_people
from sessions_app.renderers import labels
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with their roles in the event, one line each: `Panelist: Session 1, Session 2`."""

    key: str
    name: Text
    affiliation: str
    roles: tuple[tuple[str, str], ...]
    edit_url: str


@dataclass(frozen=True, slots=True)
class CountryRows:
    """A country's people and the sessions with questions to it; `code` is empty for no country."""

    code: str
    name: str
    question_sessions: str
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class PlaceholderRow:
    """A placeholder: an appearance whose name is to be confirmed."""

    uid: UUID
    role: str
    item: str
    affiliation: str


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Two people who are probably one, the one with more assignments first."""

    first: Person
    second: Person
    reason: str


@require_safe
@desk_view
def people(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/people/`: people in the draft, placeholders and possible duplicates."""
    draft = get_draft(event)
    people_in_draft = (assignment.appearance.person for assignment in list_assignments(draft))
    present = Counter(person for person in people_in_draft if person)
    pairs = merge.likely_duplicates(present)
    in_pairs = {uid for pair in pairs for uid in (pair.first, pair.second)}
    duplicates = {person.uid: person for person in list_people(in_pairs)}
    return render_desk_page(
        request,
        "people.html",
        event,
        section="people",
        heading=_("People"),
        count=len(draft.people),
        countries=_countries(draft),
        placeholders=[
            _placeholder_row(assignment, uid)
            for assignment, uid in replace.list_placeholders(draft)
        ],
        duplicates=[_duplicate_row(pair, duplicates, present) for pair in pairs],
    )


def _countries(draft: Agenda) -> tuple[CountryRows, ...]:
    """Return the countries by name; people without a country come last."""
    assignments: defaultdict[UUID, list[Assignment]] = defaultdict(list)
    for assignment in list_assignments(draft):
        if assignment.appearance.person is not None:
            assignments[assignment.appearance.person].append(assignment)
    rows: defaultdict[str, list[PersonRow]] = defaultdict(list)
    for person in draft.people:
        rows[person.country].append(_person_row(person, assignments[person.uid]))
    named = sorted((labels.country(code), code) for code in draft.countries())
    if rows[""]:
        named.append((_("No country"), ""))
    return tuple(
        CountryRows(code, name, _question_sessions(draft, code), tuple(rows[code]))
        for name, code in named
    )


def _person_row(person: Person, assignments: Iterable[Assignment]) -> PersonRow:
    roles: dict[str, list[str]] = {}
    for assignment in assignments:
        items = roles.setdefault(labels.role(assignment.appearance.role, 1), [])
        items.append(lines.item_label(assignment))
    return PersonRow(
        key=person.key,
        name=person.name,
        affiliation=", ".join(filter(None, map(str, (person.position, person.organisation)))),
        roles=tuple((role, ", ".join(items)) for role, items in roles.items()),
        edit_url=reverse("admin:participants_person_change", args=[person.uid]),
    )


def _question_sessions(draft: Agenda, code: str) -> str:
    return ", ".join(
        labels.session_name(session)
        for session in draft.sessions()
        if any(code in block.countries for block in session.question_blocks)
    )


def _placeholder_row(assignment: Assignment, uid: UUID) -> PlaceholderRow:
    return PlaceholderRow(
        uid,
        lines.role_label(assignment),
        lines.item_label(assignment),
        lines.affiliation(assignment.appearance),
    )


def _duplicate_row(
    pair: DuplicatePair, people: dict[UUID, Person], present: Counter[UUID]
) -> DuplicateRow:
    first, second = sorted((pair.first, pair.second), key=lambda uid: -present[uid])
    reasons = ((pair.by_name, _("same name")), (pair.by_email, _("same e-mail address")))
    reason = labels.join_list([text for applies, text in reasons if applies])
    return DuplicateRow(people[first], people[second], reason)
