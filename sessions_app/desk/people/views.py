"""Everybody who appears in an event, by country, and what can be done when people change."""

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
from sessions_app.desk.desk_view import at_desk, page
from sessions_app.desk.people import change_preview as lines
from sessions_app.people_changes import merge, replace
from sessions_app.people_changes.assignments import Part, parts
from sessions_app.people_changes.merge import Twins
from sessions_app.publishing.queries import get_draft, list_people
from sessions_app.renderers import labels
from workshop.models import Event


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody with what they do in the event, a line a role: `Panelist: Session 1, Session 2`."""

    key: str
    name: Text
    affiliation: str
    roles: tuple[tuple[str, str], ...]
    edit: str


@dataclass(frozen=True, slots=True)
class CountryRows:
    """A country's people, and the sessions in which it is asked; `code` is empty for no country."""

    code: str
    name: str
    asked: str
    people: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A place whose name is to be confirmed."""

    uid: UUID
    role: str
    where: str
    printed: str


@dataclass(frozen=True, slots=True)
class TwinRow:
    """Two rows that look like one person, the one with more parts first."""

    one: Person
    two: Person
    why: str


@require_safe
@at_desk
def people(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/people/`: everybody in the draft, and the places without a name."""
    draft = get_draft(event)
    present = Counter(part.who.person for part in parts(draft) if part.who.person)
    everybody = {person.uid: person for person in list_people()}
    return page(
        request,
        "people.html",
        event,
        section="people",
        heading=_("People"),
        count=len(draft.people),
        countries=_countries(draft),
        seats=[_seat(part, uid) for part, uid in replace.seats(draft)],
        twins=[_twins(each, everybody, present) for each in merge.likely_twins(present)],
    )


def _countries(draft: Agenda) -> tuple[CountryRows, ...]:
    """Every country by name, with those who come from none of them last."""
    own: defaultdict[UUID, list[Part]] = defaultdict(list)
    for part in parts(draft):
        if part.who.person is not None:
            own[part.who.person].append(part)
    rows: defaultdict[str, list[PersonRow]] = defaultdict(list)
    for person in draft.people:
        rows[person.country].append(_person(person, own[person.uid]))
    named = sorted((labels.country(code), code) for code in draft.countries())
    if rows[""]:
        named.append((_("No country"), ""))
    return tuple(
        CountryRows(code, name, _asked(draft, code), tuple(rows[code])) for name, code in named
    )


def _person(person: Person, own: Iterable[Part]) -> PersonRow:
    roles: dict[str, list[str]] = {}
    for part in own:
        roles.setdefault(labels.role(part.who.role, 1), []).append(lines.where(part))
    return PersonRow(
        key=person.key,
        name=person.name,
        affiliation=", ".join(filter(None, map(str, (person.position, person.organisation)))),
        roles=tuple((role, ", ".join(where)) for role, where in roles.items()),
        edit=reverse("admin:participants_person_change", args=[person.uid]),
    )


def _asked(draft: Agenda, code: str) -> str:
    return ", ".join(
        labels.session_name(session)
        for session in draft.sessions()
        if any(code in block.countries for block in session.question_blocks)
    )


def _seat(part: Part, uid: UUID) -> SeatRow:
    return SeatRow(uid, lines.role(part), lines.where(part), lines.affiliation(part.who))


def _twins(each: Twins, everybody: dict[UUID, Person], present: Counter[UUID]) -> TwinRow:
    one, two = sorted((each.one, each.two), key=lambda uid: -present[uid])
    reasons = ((each.by_name, _("same name")), (each.by_email, _("same e-mail address")))
    why = labels.listed([reason for holds, reason in reasons if holds])
    return TwinRow(everybody[one], everybody[two], why)
