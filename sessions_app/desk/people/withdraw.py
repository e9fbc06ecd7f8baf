"""Withdrawal of a country: choice of sessions, preview, change."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app.desk.desk_view import apply_previewed, desk_view, event_zone, render_desk_page
from sessions_app.desk.people import change_preview as lines
from sessions_app.desk.people.change_responses import (
    no_longer_there,
    redirect_to_people,
    submitted_data,
)
from sessions_app.desk.people.forms import ItemsForm
from sessions_app.people_changes import withdraw as people_changes_withdraw
from sessions_app.people_changes.change_plan import PeoplePlan
from sessions_app.people_changes.withdraw import Withdrawal
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from workshop.models import Event

PERMISSIONS = (
    *("sessions_app.delete_appearance", "sessions_app.change_questionblock"),
    *("sessions_app.delete_questionblock", "sessions_app.delete_question"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def withdraw(request: HttpRequest, event: Event, code: str) -> HttpResponse:
    """`/desk/<event>/countries/<ISO2>/withdraw/`: withdraws it from all or chosen sessions."""
    draft = get_draft(event)
    choices = lines.items_of_country(draft, code, event_zone(event))
    if not choices:
        return no_longer_there(request, event)
    form = ItemsForm(_preselect_all(submitted_data(request), choices), choices=choices)

    def apply(fingerprint: str) -> PeoplePlan:
        wanted = Withdrawal(code, form.chosen_items())
        return people_changes_withdraw.apply(event, wanted, fingerprint=fingerprint)

    plan = apply_previewed(request, apply, form)
    if plan is not None:
        return redirect_to_people(request, event, _success_message(code, plan))
    planned = (
        people_changes_withdraw.plan(event, Withdrawal(code, form.chosen_items()))
        if form.is_valid()
        else None
    )
    name = labels.country(code)
    return render_desk_page(
        request,
        "withdraw.html",
        event,
        section="people",
        heading=_("%(country)s withdraws") % {"country": name},
        country=name,
        form=form,
        preview=planned and lines.preview(planned),
        leaving=_leaving(planned) if planned else [],
        summary=planned and summary(planned),
    )


def _preselect_all(data: QueryDict, choices: lines.ItemChoices) -> QueryDict:
    """Return the data, or that of a preview of the whole withdrawal if nothing was submitted."""
    if "preview" not in data:
        data = QueryDict("preview=1", mutable=True)
        data.setlist("places", [uid for uid, _choice in choices])
    return data


def summary(plan: PeoplePlan) -> str:
    """Summarize a plan: `2 people lose 5 roles; 3 questions are deleted; 15 min … become free.`"""
    roles = len(plan.reassignments)
    freed = sum(change.freed_minutes for change in plan.block_changes)
    people = len({change.assignment.appearance.person for change in plan.reassignments})
    deleted = [change.block for change in plan.block_changes if change.after is None]
    questions = sum(len(block.questions) for block in deleted)
    clauses = []
    if roles:
        subject = ngettext("%(count)s person loses", "%(count)s people lose", people)
        lost = ngettext("%(count)s role", "%(count)s roles", roles)
        clauses.append(f"{subject % {'count': people}} {lost % {'count': roles}}")
    if questions:
        text = ngettext(
            "%(count)s question is deleted", "%(count)s questions are deleted", questions
        )
        clauses.append(text % {"count": questions})
    clauses.append(
        _("%(minutes)s of speaking time become free") % {"minutes": labels.minutes(freed)}
    )
    return f"{'; '.join(clauses)}."


def _leaving(plan: PeoplePlan) -> list[tuple[str, str]]:
    """Return the people who leave, each with their sessions and roles."""
    items: dict[str, list[str]] = {}
    for change in plan.reassignments:
        assignment = change.assignment
        text = f"{lines.item_label(assignment)} ({lines.role_label(assignment).lower()})"
        items.setdefault(labels.name(assignment.appearance), []).append(text)
    return [(name, ", ".join(texts)) for name, texts in items.items()]


def _success_message(code: str, plan: PeoplePlan) -> str:
    message = _("%(country)s has withdrawn: %(summary)s")
    return message % {"country": labels.country(code), "summary": summary(plan)}
