"""Rows moved from the desk: exactly as previewed or not at all, and taken back."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from participants.access.groups import CHANGE
from sessions_app import models
from sessions_app.desk.desk_view import at_desk
from sessions_app.desk.schedule.preview import fingerprint
from sessions_app.scheduling import apply
from sessions_app.scheduling.apply import CannotMove, Undo
from workshop.models import Event

KEPT = "undo"  # its place in the web session


def gone(request: HttpRequest, event: Event, row: models.Session) -> HttpResponse:
    """Somebody who was about to move a row is told that it was deleted; others find nothing."""
    if request.method != "POST":
        raise Http404
    said = _("%(row)s was deleted meanwhile. Nothing was moved.")
    messages.error(request, said % {"row": row})
    return redirect("board", event.slug)


def applied(
    request: HttpRequest, event: Event, write: Callable[[], Undo], preview: HttpResponse
) -> HttpResponse:
    """To the board if `write` moves the rows as previewed; else nothing moves, to a new preview."""
    try:
        done = _as_previewed(write, request.POST.get("fingerprint", ""))
    except CannotMove:
        messages.error(
            request,
            _("The rows have changed since this preview. Nothing was moved; look once more."),
        )
        return preview
    request.session[KEPT] = {"event": str(event.pk), "rows": done.to_data()}
    said = ngettext(
        "%(count)s row moved. Readers see it once you publish.",
        "%(count)s rows moved. Readers see it once you publish.",
        len(done.rows),
    )
    messages.success(request, said % {"count": len(done.rows)})
    return redirect("board", event.slug)


@require_POST
@at_desk(needs=CHANGE)
def undo_move(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/undo-move/`: the last move of this sign-in, taken back whole or not at all."""
    done = _last_move(request, event)
    if done is None:
        messages.warning(request, _("There is no move to undo."))
        return redirect("board", event.slug)
    try:
        apply.undo(done)
    except CannotMove as refusal:
        messages.error(request, " ".join((_("Nothing was put back."), *refusal.problems)))
    else:
        del request.session[KEPT]
        said = ngettext(
            "%(count)s row is back at its old time.",
            "%(count)s rows are back at their old times.",
            len(done.rows),
        )
        messages.success(request, said % {"count": len(done.rows)})
    return redirect("board", event.slug)


def undo_of(request: HttpRequest, event: Event) -> str:
    """What takes the last move back, `15 rows moved: undo`; empty where there is none."""
    done = _last_move(request, event)
    if done is None:
        return ""
    count = len(done.rows)
    said = ngettext("%(count)s row moved: undo", "%(count)s rows moved: undo", count)
    return said % {"count": count}


@transaction.atomic
def _as_previewed(write: Callable[[], Undo], mark: str) -> Undo:
    done = write()
    if not done.rows or fingerprint(done) != mark:
        raise CannotMove(())
    return done


def _last_move(request: HttpRequest, event: Event) -> Undo | None:
    kept = request.session.get(KEPT)
    if not kept or kept["event"] != str(event.pk):
        return None
    return Undo.from_data(kept["rows"])
