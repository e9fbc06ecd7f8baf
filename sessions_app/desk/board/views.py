"""Board of an event: its draft with the issues and changes of each session."""

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
from sessions_app.desk.board import filters, rows
from sessions_app.desk.board.annotations import Annotations
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.desk.schedule.apply import undo_label
from sessions_app.publishing import queries, services
from sessions_app.publishing.candidate import get_candidate
from sessions_app.publishing.queries import Edit, get_last_edits
from sessions_app.renderers.finding_sentences import with_sentences
from workshop.models import Event


@require_safe
@desk_view
def board(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/`: the draft; `?show=findings` or `?show=changes` filters its sessions."""
    zone, show = event_zone(event), filters.requested_filter(request.GET.get("show", ""))
    candidate = get_candidate(event)
    draft, released = candidate.draft, candidate.released
    changed = () if released is None else changes(released, draft)
    edits = {} if released is None else _edits_since_release(changed, released)
    findings = with_sentences(candidate.findings, draft)
    annotations = Annotations(findings, changed, edits, zone, timezone.now())
    event_annotations = annotations.for_event()
    workshops = rows.board_workshops(draft, annotations)
    return render_desk_page(
        request,
        "board.html",
        event,
        section="board",
        heading=_("Board"),
        zone=zone,
        workshops=filters.apply_filter(workshops, show),
        annotations=event_annotations,
        level_counts=filters.level_counts(findings, event_annotations, workshops, show),
        filter_links=filters.filter_links(workshops, show),
        show=show,
        release=None if released is None else released.release,
        change_count=len(changed),
        undo=undo_label(request, event),
    )


@require_POST
@desk_view(permission=CHANGE)
def cancel(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """Cancel a session, or undo its cancellation."""
    session = _get_session(event, key)
    is_active = session.status != models.Session.Status.CANCELLED
    session.status = (
        models.Session.Status.CANCELLED if is_active else models.Session.Status.CONFIRMED
    )
    session.save()
    text = _("%(name)s is cancelled.") if is_active else _("%(name)s is no longer cancelled.")
    messages.success(request, text % {"name": session})
    return _redirect_to_row(event, session)


@require_POST
@desk_view(permission=CHANGE)
def duplicate(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """Copy a session with its people and questions; the copy follows it directly."""
    copy = services.duplicate(session=_get_session(event, key))
    messages.success(
        request,
        _("%(name)s was copied. Its key is %(key)s.")
        % {
            "name": copy,
            "key": copy.key,
        },
    )
    return _redirect_to_row(event, copy)


def _edits_since_release(changed: tuple[Change, ...], released: Agenda) -> dict[UUID, Edit]:
    """Return the last edit of each changed session, if it was made after the release."""
    uids = {change.subject.uid for change in changed if isinstance(change.subject, Session)}
    since = {state.uid: state.changed_at for state in released.calendar_states}
    return {
        uid: edit
        for uid, edit in get_last_edits(uids).items()
        if uid not in since or edit.at > since[uid]
    }


def _redirect_to_row(event: Event, session: models.Session) -> HttpResponse:
    """Redirect to a session's row on the board."""
    return redirect(f"{reverse('board', args=[event.slug])}#{session.key}")


def _get_session(event: Event, key: str) -> models.Session:
    session = queries.get_session(event, key)
    if session is None or session.dropped_at is not None:
        raise Http404
    return session
