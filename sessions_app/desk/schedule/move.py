"""Move the rest: new times of one row, typed, and what they do to those after it."""

from typing import Any

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
from sessions_app.desk.schedule.forms import MoveForm
from sessions_app.desk.schedule.preview import preview
from sessions_app.publishing.queries import get_draft, get_session
from sessions_app.renderers import labels
from sessions_app.scheduling import apply
from sessions_app.scheduling.shift import Plan, plan
from workshop.models import Event
from workshop.zones import Zone


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def move(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/sessions/<key>/move/`: by GET a preview of the move, by POST the move."""
    row = get_session(event, key)
    if row is None:
        raise Http404
    if row.dropped_at is not None:
        return gone(request, event, row)
    draft, sent = get_draft(event), request.method == "POST"
    form = _form(draft, row, own_zone(event), request.POST if sent else request.GET or None)
    found = _plan(form)
    return _moved(request, event, row, form) if sent else _page(request, event, draft, form, found)


def _form(draft: Agenda, row: models.Session, zone: Zone, data: Any) -> MoveForm:
    workshop = next(each for each in draft.workshops if each.uid == row.workshop_id)
    session = next(each for each in workshop.sessions if each.uid == row.uid)
    return MoveForm(data, session=session, workshop=workshop, zone=zone)


def _plan(form: MoveForm) -> Plan | None:
    """What the form asks for; None while it is empty or has errors."""
    if not form.is_valid():
        return None
    try:
        return plan(form.workshop, session=form.session.uid, zone=form.zone, **form.wanted())
    except ValueError as refusal:
        form.add_error("ends", str(refusal))
        return None


def _moved(request: HttpRequest, event: Event, row: models.Session, form: MoveForm) -> HttpResponse:
    """To the board if the rows moved as previewed, else to a fresh preview of what was typed."""
    again = redirect(f"{request.path}?{form.query()}")
    if not form.is_valid():
        return again
    wanted = form.wanted()
    return applied(request, event, lambda: apply.move_the_rest(session=row, **wanted), again)


def _page(
    request: HttpRequest, event: Event, draft: Agenda, form: MoveForm, found: Plan | None
) -> HttpResponse:
    name = labels.session_title(form.session)
    return page(
        request,
        "move.html",
        event,
        section="board",
        heading=_("Move the rest: %(row)s") % {"row": name},
        clock=clock(form.zone, (form.session.starts_at, form.session.ends_at)),
        form=form,
        preview=None if found is None else preview(found, form.session, form.zone, draft.zones),
    )
