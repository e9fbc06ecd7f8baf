"""The board of an event: every row in order, with what is wrong and what changed beside it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from participants.access.groups import CHANGE
from sessions_app import models
from sessions_app.agenda.diff import Change, changes
from sessions_app.agenda.types import Agenda, Session
from sessions_app.checks.registry import check
from sessions_app.desk.board import filters, rows
from sessions_app.desk.board.annotations import Beside
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.schedule.apply import undo_of
from sessions_app.publishing import queries, services
from sessions_app.publishing.queries import Edit, get_last_edits
from sessions_app.renderers.labels import country
from workshop.models import Event


@require_safe
@at_desk
def board(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/`: the draft against the last release; `?show=findings` or `changes` alone."""
    zone, show = own_zone(event), filters.asked(request.GET.get("show", ""))
    draft, released = services.to_be_released(event)
    changed = () if released is None else changes(released, draft)
    edits = {} if released is None else _edits(changed, released)
    beside = Beside(check(draft, country), changed, edits, zone, timezone.now())
    notes, workshops = beside.of_event(), rows.workshops(draft, beside)
    return page(
        request,
        "board.html",
        event,
        section="board",
        heading=_("Board"),
        zone=zone,
        workshops=filters.shown(workshops, show),
        notes=notes,
        counts=filters.counts(beside.findings, notes, workshops, show),
        choices=filters.choices(workshops, show),
        show=show,
        release=None if released is None else released.release,
        changed=len(changed),
        undo=undo_of(request, event),
    )


@require_POST
@at_desk(needs=CHANGE)
def cancel(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """Cancel a session, or let it stand again."""
    session = _session(event, key)
    stood = session.status != models.Session.Status.CANCELLED
    session.status = models.Session.Status.CANCELLED if stood else models.Session.Status.CONFIRMED
    session.save()
    said = _("%(name)s is cancelled.") if stood else _("%(name)s stands again.")
    messages.success(request, said % {"name": session})
    return _at(event, session)


@require_POST
@at_desk(needs=CHANGE)
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
    return _at(event, copy)


def _edits(changed: tuple[Change, ...], released: Agenda) -> dict[UUID, Edit]:
    """Who edited the sessions that changed, last and after the release that they differ from."""
    uids = {each.subject.uid for each in changed if isinstance(each.subject, Session)}
    since = {track.uid: track.changed_at for track in released.tracks}
    return {
        uid: edit
        for uid, edit in get_last_edits(uids).items()
        if uid not in since or edit.at > since[uid]
    }


def _at(event: Event, session: models.Session) -> HttpResponse:
    """To a session's row on the board, where one was at work."""
    return redirect(f"{reverse('board', args=[event.slug])}#{session.key}")


def _session(event: Event, key: str) -> models.Session:
    session = queries.get_session(event, key)
    if session is None or session.dropped_at is not None:
        raise Http404
    return session
