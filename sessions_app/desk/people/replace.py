"""Replace a person, or confirm the name for a placeholder: choice, preview, change."""

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
from sessions_app.desk.desk_view import apply_previewed, desk_view, event_zone, render_desk_page
from sessions_app.desk.people import change_preview as lines
from sessions_app.desk.people.change_responses import (
    no_longer_there,
    redirect_to_people,
    submitted_data,
)
from sessions_app.desk.people.forms import (
    EmailForm,
    NameConfirmationForm,
    NewcomerForm,
    ReplaceForm,
)
from sessions_app.people_changes import replace as people_changes_replace
from sessions_app.people_changes.assignments import Assignment, list_assignments
from sessions_app.people_changes.change_plan import PeoplePlan
from sessions_app.people_changes.replace import NameConfirmation, NewPerson, Replacement
from sessions_app.publishing.queries import get_draft, list_people
from sessions_app.renderers import labels
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def replace(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/people/<key>/replace/`: another person, or a name to be confirmed."""
    draft = get_draft(event)
    former = next((person for person in draft.people if person.key == key), None)
    if former is None:
        return no_longer_there(request, event)
    assignments = tuple(
        assignment
        for assignment in list_assignments(draft)
        if assignment.appearance.person == former.uid
    )
    choices = lines.items_of_person(draft, assignments, event_zone(event))
    form = ReplaceForm(
        submitted_data(request), former=former, choices=choices, **_people(request, draft)
    )

    def replacement(email_form: EmailForm) -> Replacement:
        return Replacement(former.uid, _newcomer(form, email_form), form.chosen_items())

    return _respond(
        request,
        event,
        form,
        replacement,
        message=lambda plan: _replaced_message(former, plan),
        heading=_("Replace %(name)s") % {"name": former.name},
        about=labels.affiliation(former),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def confirm_name(request: HttpRequest, event: Event, placeholder: UUID) -> HttpResponse:
    """`/desk/<event>/to-confirm/<placeholder>/`: sets the person of a placeholder."""
    draft = get_draft(event)
    listed = people_changes_replace.list_placeholders(draft)
    assignment = next((assignment for assignment, uid in listed if uid == placeholder), None)
    if assignment is None:
        return no_longer_there(request, event)
    form = NameConfirmationForm(submitted_data(request), **_people(request, draft))
    return _respond(
        request,
        event,
        form,
        lambda email_form: NameConfirmation(
            placeholder, _newcomer(form, email_form), form.cleaned_data["keep_text"]
        ),
        message=lambda plan: _confirmed_message(assignment, plan),
        heading=_("Enter the name: %(role)s, %(where)s")
        % {"role": lines.role_label(assignment).lower(), "where": lines.item_label(assignment)},
        printed=lines.affiliation(assignment.appearance),
    )


def _respond(
    request: HttpRequest,
    event: Event,
    form: NewcomerForm,
    requested: Callable[[EmailForm], Replacement | NameConfirmation],
    *,
    message: Callable[[PeoplePlan], str],
    **context: Any,
) -> HttpResponse:
    """Apply and redirect to the people; if not confirmed or refused, render the page."""
    email_form = EmailForm(request.POST if request.method == "POST" else None, label_suffix="")
    if email_form.errors:
        messages.error(request, _("Nothing was changed. Correct the e-mail address below."))
    else:
        plan = apply_previewed(
            request,
            lambda fingerprint: people_changes_replace.apply(
                event, requested(email_form), fingerprint=fingerprint
            ),
            form,
        )
        if plan is not None:
            return redirect_to_people(request, event, message(plan))
    planned = people_changes_replace.plan(event, requested(email_form)) if form.is_valid() else None
    return render_desk_page(
        request,
        "replace.html",
        event,
        section="people",
        form=form,
        email_form=email_form,
        newcomer=planned and planned.newcomer,
        is_new=planned is not None and form.cleaned_data["by"] == "new",
        namesakes=form.namesakes() if planned else (),
        preview=planned and lines.preview(planned),
        **context,
    )


def _people(request: HttpRequest, draft: Agenda) -> dict[str, Any]:
    """Return the form's arguments: people to choose from, and if a new one may be added."""
    return {
        "people": list_people(),
        "present": frozenset(person.uid for person in draft.people),
        "may_add": request.user.has_perm("participants.add_person"),
    }


def _newcomer(form: NewcomerForm, email_form: EmailForm) -> Any:
    newcomer = form.newcomer()
    if isinstance(newcomer, NewPerson) and email_form.is_bound and email_form.is_valid():
        return copied(newcomer, email=email_form.cleaned_data["email"])
    return newcomer


def _replaced_message(former: Person, plan: PeoplePlan) -> str:
    count = len(plan.reassignments)
    names = {"former": former.name, "count": count}
    if plan.newcomer is None:
        return (
            ngettext(
                "%(former)s was replaced by a name to be confirmed, in %(count)s role.",
                "%(former)s was replaced by a name to be confirmed, in %(count)s roles.",
                count,
            )
            % names
        )
    return ngettext(
        "%(name)s replaces %(former)s in %(count)s role.",
        "%(name)s replaces %(former)s in %(count)s roles.",
        count,
    ) % {**names, "name": plan.newcomer.name}


def _confirmed_message(assignment: Assignment, plan: PeoplePlan) -> str:
    return _("%(role)s of %(where)s is %(name)s.") % {
        "role": lines.role_label(assignment),
        "where": lines.item_label(assignment),
        "name": plan.newcomer and plan.newcomer.name,
    }
