"""Somebody else comes, or a name becomes known: chosen, previewed, then done in one step."""

from collections.abc import Callable
from dataclasses import replace as copied
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app.agenda.types import Agenda, Person
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.people import change_preview as lines
from sessions_app.desk.people.confirm import done, gone, sent, to_people
from sessions_app.desk.people.forms import AddressForm, NamingForm, NewcomerForm, ReplaceForm
from sessions_app.people_changes import replace as people_changes_replace
from sessions_app.people_changes.assignments import Part, parts
from sessions_app.people_changes.change_plan import Plan
from sessions_app.people_changes.replace import Naming, NewPerson, Replacement
from sessions_app.publishing.queries import get_draft, list_people
from sessions_app.renderers import labels
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def replace(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/people/<key>/replace/`: another person, or a name to be confirmed."""
    draft = get_draft(event)
    former = next((each for each in draft.people if each.key == key), None)
    if former is None:
        return gone(request, event)
    own = tuple(part for part in parts(draft) if part.who.person == former.uid)
    places = lines.places_of_person(draft, own, own_zone(event))
    form = ReplaceForm(sent(request), former=former, places=places, **_people(request, draft))

    def wanted(address: AddressForm) -> Replacement:
        return Replacement(former.uid, _by(form, address), form.chosen())

    return _answer(
        request,
        event,
        form,
        wanted,
        said=lambda plan: _replaced(former, plan),
        heading=_("Replace %(name)s") % {"name": former.name},
        about=labels.affiliation(former),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def say_who(request: HttpRequest, event: Event, seat: UUID) -> HttpResponse:
    """`/desk/<event>/to-confirm/<seat>/`: who takes a place whose name was to be confirmed."""
    draft = get_draft(event)
    part = next((part for part, uid in people_changes_replace.seats(draft) if uid == seat), None)
    if part is None:
        return gone(request, event)
    form = NamingForm(sent(request), **_people(request, draft))
    return _answer(
        request,
        event,
        form,
        lambda address: Naming(seat, _by(form, address), form.cleaned_data["keep_text"]),
        said=lambda plan: _named(part, plan),
        heading=_("Say who it is: %(role)s, %(where)s")
        % {"role": lines.role(part).lower(), "where": lines.where(part)},
        printed=lines.affiliation(part.who),
    )


def _answer(
    request: HttpRequest,
    event: Event,
    form: NewcomerForm,
    wanted: Callable[[AddressForm], Replacement | Naming],
    *,
    said: Callable[[Plan], str],
    **context: Any,
) -> HttpResponse:
    """To the people if it was done as previewed, else the page with a fresh preview."""
    address = AddressForm(request.POST if request.method == "POST" else None, label_suffix="")
    if address.errors:
        messages.error(request, _("Nothing was changed: correct the e-mail address below."))
    else:
        plan = done(
            request,
            form,
            lambda mark: people_changes_replace.replace(
                event=event, wanted=wanted(address), fingerprint=mark
            ),
        )
        if plan is not None:
            return to_people(request, event, said(plan))
    found = people_changes_replace.plan(event, wanted(address)) if form.is_valid() else None
    return page(
        request,
        "replace.html",
        event,
        section="people",
        form=form,
        address=address,
        newcomer=found and found.newcomer,
        is_new=found is not None and form.cleaned_data["by"] == "new",
        namesakes=form.namesakes() if found else (),
        preview=found and lines.preview(found),
        **context,
    )


def _people(request: HttpRequest, draft: Agenda) -> dict[str, Any]:
    """From whom to choose, those of the event first, and whether somebody new may be added."""
    return {
        "people": list_people(),
        "present": frozenset(person.uid for person in draft.people),
        "may_add": request.user.has_perm("participants.add_person"),
    }


def _by(form: NewcomerForm, address: AddressForm) -> Any:
    by = form.newcomer()
    if isinstance(by, NewPerson) and address.is_bound and address.is_valid():
        return copied(by, email=address.cleaned_data["email"])
    return by


def _replaced(former: Person, plan: Plan) -> str:
    count = len(plan.swaps)
    names = {"former": former.name, "count": count}
    if plan.newcomer is None:
        return (
            ngettext(
                "Who comes instead of %(former)s is to be confirmed, in %(count)s place.",
                "Who comes instead of %(former)s is to be confirmed, in %(count)s places.",
                count,
            )
            % names
        )
    return ngettext(
        "%(name)s comes instead of %(former)s, in %(count)s place.",
        "%(name)s comes instead of %(former)s, in %(count)s places.",
        count,
    ) % {**names, "name": plan.newcomer.name}


def _named(part: Part, plan: Plan) -> str:
    return _("%(role)s of %(where)s is %(name)s.") % {
        "role": lines.role(part),
        "where": lines.where(part),
        "name": plan.newcomer and plan.newcomer.name,
    }
