"""The board of an event: every row in order, with what is wrong and what changed beside it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sessions_app import selectors, services
from sessions_app.agenda_checks import Level, check
from sessions_app.changes import changes
from sessions_app.desk import lines
from sessions_app.desk.move import undo_of
from sessions_app.desk.opening import at_desk, own_zone, page
from sessions_app.models import Session
from sessions_app.renderers.words import country
from workshop.models import Event


@require_safe
@at_desk
def board(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/`: the draft as it stands, against the last release."""
    zone = own_zone(event)
    draft, released = services.to_be_released(event)
    findings = check(draft, country)
    changed = () if released is None else changes(released, draft)
    return page(
        request,
        "board.html",
        event,
        section="board",
        heading=_("Board"),
        zone=zone,
        workshops=lines.rows(draft, findings, changed, zone),
        findings=lines.of_event(findings),
        counts=[(level, sum(each.level is level for each in findings)) for level in Level],
        release=None if released is None else released.release,
        changed=len(changed),
        undo=undo_of(request, event),
    )


@require_POST
@at_desk
def cancel(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """Cancel a session, or let it stand again."""
    session = _session(event, key)
    stood = session.status != Session.Status.CANCELLED
    session.status = Session.Status.CANCELLED if stood else Session.Status.CONFIRMED
    session.save()
    said = _("%(name)s is cancelled.") if stood else _("%(name)s stands again.")
    messages.success(request, said % {"name": session})
    return redirect("board", event.slug)


@require_POST
@at_desk
def duplicate(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """Copy a session with its people and questions, right after itself."""
    copy = services.duplicate(session=_session(event, key))
    messages.success(
        request,
        _("%(name)s was copied. Its key is %(key)s.")
        % {
            "name": copy,
            "key": copy.key,
        },
    )
    return redirect("board", event.slug)


def _session(event: Event, key: str) -> Session:
    session = selectors.get_session(event, key)
    if session is None or session.dropped_at is not None:
        raise Http404
    return session
