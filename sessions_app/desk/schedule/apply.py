"""Apply a previewed move of sessions, and undo it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from participants.access.groups import CHANGE
from sessions_app import models
from sessions_app.desk.desk_view import apply_previewed, desk_view, event_zone
from sessions_app.desk.schedule.forms import MoveForm, ReorderForm
from sessions_app.desk.schedule.problem_sentences import move_problem
from sessions_app.scheduling import moves
from sessions_app.scheduling.moves import CannotUndo, UndoMove
from workshop.models import Event

UNDO_KEY = "undo"  # key of the last move in the web session


def deleted_response(request: HttpRequest, event: Event, row: models.Session) -> HttpResponse:
    """Redirect a POST to the board with a message that the session was deleted; else 404."""
    if request.method != "POST":
        raise Http404
    message = _("%(session)s has been deleted. Nothing was moved.")
    messages.error(request, message % {"session": row})
    return redirect("board", event.slug)


def apply_move(
    request: HttpRequest, event: Event, row: models.Session, form: MoveForm | ReorderForm
) -> HttpResponse:
    """Apply the move and redirect to the board; if the plan has changed, to a new preview."""
    plan = apply_previewed(
        request,
        lambda fingerprint: moves.apply(row, form.plan, fingerprint=fingerprint),
        form,
    )
    if plan is None:
        return redirect(f"{request.path}?{form.query()}")
    move = UndoMove.from_plan(plan)
    request.session[UNDO_KEY] = {"event": str(event.pk), "rows": move.to_data()}
    count = len(move.sessions)
    message = ngettext(
        "%(count)s session moved. Readers see it once you publish.",
        "%(count)s sessions moved. Readers see it once you publish.",
        count,
    )
    messages.success(request, message % {"count": count})
    return redirect("board", event.slug)


@require_POST
@desk_view(permission=CHANGE)
def undo_move(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/undo-move/`: undoes the last move of this web session, all or nothing."""
    move = _last_move(request, event)
    if move is None:
        messages.warning(request, _("There is no move to undo."))
        return redirect("board", event.slug)
    try:
        moves.undo_move(move)
    except CannotUndo as refusal:
        zone = event_zone(event)
        reasons = (move_problem(problem, zone) for problem in refusal.problems)
        messages.error(request, " ".join((_("The move was not undone."), *reasons)))
    else:
        del request.session[UNDO_KEY]
        count = len(move.sessions)
        message = ngettext(
            "%(count)s session is back at its old time.",
            "%(count)s sessions are back at their old times.",
            count,
        )
        messages.success(request, message % {"count": count})
    return redirect("board", event.slug)


def undo_label(request: HttpRequest, event: Event) -> str:
    """Return the label of the undo button, `15 sessions moved: undo`; empty without a move."""
    move = _last_move(request, event)
    if move is None:
        return ""
    count = len(move.sessions)
    text = ngettext("%(count)s session moved: undo", "%(count)s sessions moved: undo", count)
    return text % {"count": count}


def _last_move(request: HttpRequest, event: Event) -> UndoMove | None:
    stored = request.session.get(UNDO_KEY)
    if not stored or stored["event"] != str(event.pk):
        return None
    return UndoMove.from_data(stored["rows"])
