"""Move a session and those after it: typed new times, a preview, then the move."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.access.groups import CHANGE
from sessions_app import models
from sessions_app.agenda.timezones import zone_heading
from sessions_app.agenda.types import Agenda
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.desk.schedule.apply import apply_move, deleted_response
from sessions_app.desk.schedule.forms import MoveForm
from sessions_app.desk.schedule.preview import preview
from sessions_app.publishing.queries import get_draft, get_session
from sessions_app.renderers import labels
from workshop.models import Event
from workshop.zones import Zone


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=CHANGE)
def move(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/sessions/<key>/move/`: GET previews the move, POST makes it."""
    row = get_session(event, key)
    if row is None:
        raise Http404
    if row.dropped_at is not None:
        return deleted_response(request, event, row)
    draft, is_post = get_draft(event), request.method == "POST"
    form = _form(draft, row, event_zone(event), request.POST if is_post else request.GET or None)
    if is_post:
        return apply_move(request, event, row, form)
    return _render_page(request, event, draft, form)


def _form(draft: Agenda, row: models.Session, zone: Zone, data: Any) -> MoveForm:
    workshop = next(item for item in draft.workshops if item.uid == row.workshop_id)
    session = next(item for item in workshop.sessions if item.uid == row.uid)
    return MoveForm(data, session=session, workshop=workshop, zone=zone)


def _render_page(request: HttpRequest, event: Event, draft: Agenda, form: MoveForm) -> HttpResponse:
    name = labels.session_title(form.session)
    planned = form.plan(form.workshop) if form.is_valid() else None
    return render_desk_page(
        request,
        "move.html",
        event,
        section="board",
        heading=_("Move %(session)s and the sessions after it") % {"session": name},
        zone=zone_heading(form.zone, (form.session.starts_at, form.session.ends_at)),
        form=form,
        preview=None if planned is None else preview(planned, form.session, form.zone, draft.zones),
    )
