"""Reorder a session within its day: chosen or dropped on the board, previewed, then applied."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app.agenda.timezones import zone_heading
from sessions_app.agenda.types import Agenda
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.desk.schedule.apply import apply_move, deleted_response
from sessions_app.desk.schedule.forms import ReorderForm
from sessions_app.desk.schedule.preview import preview
from sessions_app.publishing.queries import get_draft, get_session
from sessions_app.renderers import labels
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def reorder(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/sessions/<key>/reorder/?before=<key or end>`: GET previews, POST applies."""
    row = get_session(event, key)
    if row is None:
        raise Http404
    if row.dropped_at is not None:
        return deleted_response(request, event, row)
    data = request.POST if request.method == "POST" else request.GET or None
    draft = get_draft(event)
    form = ReorderForm(data, draft=draft, session=row.uid, zone=event_zone(event))
    if request.method == "POST":
        return apply_move(request, event, row, form)
    return _render_page(request, event, draft, form)


def _render_page(
    request: HttpRequest, event: Event, draft: Agenda, form: ReorderForm
) -> HttpResponse:
    planned = form.plan(form.workshop) if form.is_valid() else None
    return render_desk_page(
        request,
        "reorder.html",
        event,
        section="board",
        heading=_("Reorder: %(session)s") % {"session": labels.session_title(form.session)},
        zone=zone_heading(form.zone, (form.session.starts_at, form.session.ends_at)),
        form=form,
        preview=None if planned is None else preview(planned, form.session, form.zone, draft.zones),
    )
