"""Merge a person that was entered twice: choice of the entry to keep, preview, merge."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from participants import models as people
from participants.access.groups import CHANGE
from sessions_app.agenda.types import Person
from sessions_app.desk.desk_view import apply_previewed, desk_view, render_desk_page
from sessions_app.desk.people.change_preview import list_label
from sessions_app.desk.people.change_responses import (
    no_longer_there,
    redirect_to_people,
    submitted_data,
)
from sessions_app.desk.people.forms import MergeForm
from sessions_app.people_changes import merge as people_changes_merge
from sessions_app.people_changes.merge import FieldDifference, MergePlan, MovedAppearance
from sessions_app.publishing.queries import list_people
from sessions_app.renderers import labels
from workshop.models import Event

PERMISSIONS = (
    *("participants.change_person", "participants.delete_person"),
    *("sessions_app.change_appearance", "sessions_app.delete_appearance"),
)


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """A field with different values: of the kept entry, of the duplicate, after the merge."""

    label: str
    kept: str
    duplicate: str
    merged: str


@dataclass(frozen=True, slots=True)
class MovedAppearanceLine:
    """An appearance that moves to the kept entry, with a note if it does not."""

    event: str
    place: str
    role: str
    note: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def merge(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/people/<key>/merge/`: merges with another entry of the same person."""
    everybody = {person.key: person for person in list_people()}
    this = everybody.pop(key, None)
    if this is None:
        return no_longer_there(request, event)
    form = MergeForm(submitted_data(request), this=this, others=everybody.values())

    def apply(fingerprint: str) -> MergePlan:
        kept, duplicate = form.pair()
        return people_changes_merge.apply(
            kept_person=kept.uid, duplicate=duplicate.uid, fingerprint=fingerprint
        )

    merged = apply_previewed(request, apply, form)
    if merged is not None:
        return redirect_to_people(request, event, _success_message(*form.pair(), merged))
    kept, duplicate = form.pair() if form.is_valid() else (None, None)
    plan = None
    if kept and duplicate:
        plan = people_changes_merge.plan(kept_person=kept.uid, duplicate=duplicate.uid)
    return render_desk_page(
        request,
        "merge.html",
        event,
        section="people",
        heading=_("Merge %(name)s with another entry") % {"name": this.name},
        form=form,
        kept=kept,
        duplicate=duplicate,
        plan=plan,
        differences=[_difference_line(field) for field in plan.differences] if plan else [],
        appearances=[_appearance_line(appearance) for appearance in plan.appearances]
        if plan
        else [],
        events=_events(plan) if plan else [],
    )


def _difference_line(difference: FieldDifference) -> DifferenceLine:
    column = difference.column
    name, _underscore, language = column.rpartition("_")
    is_text = name in people_changes_merge.TRANSLATED
    field = people.Person._meta.get_field(name if is_text else column)
    label = str(getattr(field, "verbose_name", ""))
    values = [difference.kept, difference.duplicate, difference.merged]
    if column == "country":
        values = [labels.country(code) if code else "" for code in values]
    return DifferenceLine(
        _("%(field)s in Lao") % {"field": label} if is_text and language == "lo" else label,
        *values,
    )


def _appearance_line(appearance: MovedAppearance) -> MovedAppearanceLine:
    note = ""
    if appearance.is_repeated:
        note = _("removed, because the kept entry has it already")
    elif appearance.is_dropped:
        note = _("in a session that was deleted")
    return MovedAppearanceLine(
        appearance.event, appearance.place, labels.role(appearance.role, 1), note
    )


def _events(plan: MergePlan) -> list[str]:
    """Return the events that the merge changes, each once."""
    return list(dict.fromkeys(appearance.event for appearance in plan.appearances))


def _success_message(kept: Person, duplicate: Person, plan: MergePlan) -> str:
    count = len(plan.appearances)
    message = ngettext(
        "%(duplicate)s was merged into %(kept)s, with %(count)s role.",
        "%(duplicate)s was merged into %(kept)s, with %(count)s roles.",
        count,
    ) % {"duplicate": list_label(duplicate), "kept": list_label(kept), "count": count}
    events = _events(plan)
    if len(events) < 2:
        return message
    others = _("Publish each of these events: %(events)s.") % {"events": labels.join_list(events)}
    return f"{message} {others}"
