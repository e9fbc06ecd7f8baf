"""A country withdraws: what goes with it is previewed, then done in one step."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.people import change_preview as lines
from sessions_app.desk.people.confirm import done, gone, sent, to_people
from sessions_app.desk.people.forms import PlacesForm
from sessions_app.people_changes import withdraw as people_changes_withdraw
from sessions_app.people_changes.change_plan import Plan
from sessions_app.people_changes.withdraw import Withdrawal
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from workshop.models import Event

PERMISSIONS = (
    *("sessions_app.delete_appearance", "sessions_app.change_questionblock"),
    *("sessions_app.delete_questionblock", "sessions_app.delete_question"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def withdraw(request: HttpRequest, event: Event, code: str) -> HttpResponse:
    """`/desk/<event>/countries/<ISO2>/withdraw/`: from everywhere, or where it is chosen."""
    draft = get_draft(event)
    places = lines.places_of_country(draft, code, own_zone(event))
    if not places:
        return gone(request, event)
    form = PlacesForm(_all_unless_chosen(sent(request), places), places=places)

    def do(mark: str) -> Plan:
        wanted = Withdrawal(code, form.chosen())
        return people_changes_withdraw.withdraw(event=event, wanted=wanted, fingerprint=mark)

    plan = done(request, form, do)
    if plan is not None:
        return to_people(request, event, _withdrawn(code, plan))
    found = (
        people_changes_withdraw.plan(event, Withdrawal(code, form.chosen()))
        if form.is_valid()
        else None
    )
    name = labels.country(code)
    return page(
        request,
        "withdraw.html",
        event,
        section="people",
        heading=_("%(country)s withdraws") % {"country": name},
        country=name,
        form=form,
        preview=found and lines.preview(found),
        leaving=_leaving(found) if found else [],
        summary=found and summary(found),
    )


def _all_unless_chosen(typed: QueryDict, places: lines.Places) -> QueryDict:
    """The page begins with a preview of the whole withdrawal."""
    if "preview" not in typed:
        typed = QueryDict("preview=1", mutable=True)
        typed.setlist("places", [uid for uid, _line in places])
    return typed


def summary(plan: Plan) -> str:
    """`2 people leave 5 parts; 3 questions go; 15 min become free.`"""
    parts, freed = len(plan.swaps), sum(cut.freed for cut in plan.cuts)
    people = len({swap.part.who.person for swap in plan.swaps})
    questions = sum(len(cut.block.questions) for cut in plan.cuts if cut.then is None)
    said = []
    if parts:
        leave = ngettext("%(count)s person leaves", "%(count)s people leave", people)
        left = ngettext("%(count)s part", "%(count)s parts", parts)
        said.append(f"{leave % {'count': people}} {left % {'count': parts}}")
    if questions:
        go = ngettext("%(count)s question goes", "%(count)s questions go", questions)
        said.append(go % {"count": questions})
    said.append(_("%(minutes)s become free") % {"minutes": labels.minutes(freed)})
    return f"{'; '.join(said)}."


def _leaving(plan: Plan) -> list[tuple[str, str]]:
    """Everybody who leaves, with all that they leave."""
    left: dict[str, list[str]] = {}
    for swap in plan.swaps:
        said = f"{lines.where(swap.part)} ({lines.role(swap.part).lower()})"
        left.setdefault(labels.name(swap.part.who), []).append(said)
    return [(name, ", ".join(where)) for name, where in left.items()]


def _withdrawn(code: str, plan: Plan) -> str:
    said = _("%(country)s has withdrawn: %(summary)s")
    return said % {"country": labels.country(code), "summary": summary(plan)}
