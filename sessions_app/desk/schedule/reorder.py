"""Put a row in another place of its day: chosen, or dropped on the board, and then previewed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app import models
from sessions_app.agenda.timezones import clock
from sessions_app.agenda.types import Agenda
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.schedule.apply import applied, gone
from sessions_app.desk.schedule.forms import ReorderForm
from sessions_app.desk.schedule.preview import preview
from sessions_app.publishing.queries import get_draft, get_session
from sessions_app.renderers import labels
from sessions_app.scheduling import apply
from sessions_app.scheduling.shift import Plan
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def reorder(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/sessions/<key>/reorder/?before=<key or end>`: by GET a preview, by POST it."""
    row = get_session(event, key)
    if row is None:
        raise Http404
    if row.dropped_at is not None:
        return gone(request, event, row)
    sent = request.POST if request.method == "POST" else request.GET or None
    draft = get_draft(event)
    form = ReorderForm(sent, draft=draft, session=row.uid, zone=own_zone(event))
    if request.method == "POST":
        return _put(request, event, row, form)
    return _page(request, event, draft, form)


def _put(
    request: HttpRequest, event: Event, row: models.Session, form: ReorderForm
) -> HttpResponse:
    """To the board if the rows moved as previewed, else to a fresh preview of what was chosen."""
    again = redirect(f"{request.path}?{form.query()}")
    if not form.is_valid():
        return again
    before = form.cleaned_data["before"]
    return applied(request, event, lambda: apply.put_before(session=row, before=before), again)


def _page(request: HttpRequest, event: Event, draft: Agenda, form: ReorderForm) -> HttpResponse:
    found: Plan | None = form.plan() if form.is_valid() else None
    return page(
        request,
        "reorder.html",
        event,
        section="board",
        heading=_("Reorder: %(row)s") % {"row": labels.session_title(form.session)},
        clock=clock(form.zone, (form.session.starts_at, form.session.ends_at)),
        form=form,
        preview=None if found is None else preview(found, form.session, form.zone, draft.zones),
    )
