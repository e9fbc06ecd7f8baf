"""Move the rest: preview what new times of one row do to those after it, apply it, undo it."""

import json
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sessions_app import models, rescheduling
from sessions_app.agenda import Agenda
from sessions_app.clocks import minutes
from sessions_app.desk.forms import MoveForm
from sessions_app.desk.opening import at_desk, own_zone, page
from sessions_app.moving import Move, Plan, plan
from sessions_app.renderers import lines, words
from sessions_app.rescheduling import CannotMove, MovedRow, Undo
from sessions_app.selectors import get_draft, get_session
from sessions_app.zoned import cells, clock
from workshop.models import Event
from workshop.zones import Zone, unique

KEPT = "undo"  # its place in the web session


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A row of the preview; `length` says how many minutes it has, where that changes."""

    name: str
    status: str
    own_clock: tuple[lines.TimesLine, ...]  # now, then
    length: str
    elsewhere: tuple[lines.TimesLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, and a mark by which the same move is known again."""

    on: str
    rows: tuple[MovedLine, ...]
    problems: tuple[str, ...]
    fingerprint: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def move(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/sessions/<key>/move/`: by GET a preview of the move, by POST the move."""
    _let_in(request)
    row = get_session(event, key)
    if row is None:
        raise Http404
    if row.dropped_at is not None:
        return _gone(request, event, row)
    draft, sent = get_draft(event), request.method == "POST"
    form = _form(draft, row, own_zone(event), request.POST if sent else request.GET or None)
    found = _plan(form)
    return _moved(request, event, row, form) if sent else _page(request, event, draft, form, found)


@require_POST
@at_desk
def undo_move(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/undo-move/`: the last move of this sign-in, taken back whole or not at all."""
    _let_in(request)
    done = _last_move(request, event)
    if done is None:
        messages.warning(request, _("There is no move to undo."))
        return redirect("board", event.slug)
    try:
        rescheduling.undo(done)
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


def _let_in(request: HttpRequest) -> None:
    if not request.user.has_perm("sessions_app.change_session"):
        raise PermissionDenied


def _gone(request: HttpRequest, event: Event, row: models.Session) -> HttpResponse:
    """Somebody who was about to move a row is told that it was deleted; others find nothing."""
    if request.method != "POST":
        raise Http404
    said = _("%(row)s was deleted meanwhile. Nothing was moved.")
    messages.error(request, said % {"row": row})
    return redirect("board", event.slug)


def _last_move(request: HttpRequest, event: Event) -> Undo | None:
    kept = request.session.get(KEPT)
    if not kept or kept["event"] != str(event.pk):
        return None
    return Undo.from_data(kept["rows"])


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
    preview = redirect(f"{request.path}?{form.query()}")
    if not form.is_valid():
        return preview
    try:
        done = _apply(row, form, request.POST.get("fingerprint", ""))
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


@transaction.atomic
def _apply(row: models.Session, form: MoveForm, fingerprint: str) -> Undo:
    """Move the rest as the preview with this mark showed it; raises CannotMove, moving nothing."""
    done = rescheduling.move_the_rest(session=row, **form.wanted())
    if not done.rows or _fingerprint(done) != fingerprint:
        raise CannotMove(())
    return done


def _fingerprint(what: Undo) -> str:
    return sha256(json.dumps(what.to_data()).encode()).hexdigest()


def _page(
    request: HttpRequest, event: Event, draft: Agenda, form: MoveForm, found: Plan | None
) -> HttpResponse:
    name = words.session_title(form.session)
    return page(
        request,
        "move.html",
        event,
        section="board",
        heading=_("Move the rest: %(row)s") % {"row": name},
        clock=clock(form.zone, (form.session.starts_at, form.session.ends_at)),
        form=form,
        preview=None if found is None else _preview(draft, form, found),
    )


def _preview(draft: Agenda, form: MoveForm, found: Plan) -> Preview:
    """The plan in words; the date of the row as it stands is the one that is not repeated."""
    own, on = form.zone, form.zone.local(form.session.starts_at).date()
    others = tuple(zone for zone in unique(draft.zones) if zone.key != own.key)
    return Preview(
        on=words.long_date(on),
        rows=tuple(_line(each, own, others, on) for each in found.moves),
        problems=found.problems,
        fingerprint=_fingerprint(_undo(found)),
    )


def _line(move: Move, own: Zone, others: tuple[Zone, ...], on: date) -> MovedLine:
    session = move.session
    now = cells(session.starts_at, session.ends_at, (own,), on)
    then, *elsewhere = cells(move.starts_at, move.ends_at, (own, *others), on)
    return MovedLine(
        name=words.session_title(session),
        status=words.status(session),
        own_clock=tuple(map(lines.times, (*now, then))),
        length=_length(move),
        elsewhere=tuple(map(lines.times, elsewhere)),
    )


def _length(move: Move) -> str:
    new, old = minutes(move.starts_at, move.ends_at), move.session.minutes
    said = _("%(new)s instead of %(old)s")
    return "" if new == old else said % {"new": words.minutes(new), "old": words.minutes(old)}


def _undo(found: Plan) -> Undo:
    """What `move_the_rest` answers where it finds this plan too."""
    return Undo(
        tuple(
            MovedRow(row.uid, row.starts_at, row.ends_at, move.starts_at, move.ends_at)
            for move in found.moves
            for row in (move.session,)
        )
    )
