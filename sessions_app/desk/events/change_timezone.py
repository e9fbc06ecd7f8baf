"""Change an event's own clock: what becomes of every time, then the change itself."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions_app.agenda.timezones import clock as clock_of
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.events.forms import ClockForm
from sessions_app.desk.schedule.time_changes import NewTimesLine, Side, line_of
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels as renderers_labels
from sessions_app.scheduling.change_timezone import CannotRezone, change_zone
from sessions_app.scheduling.shift_dates import Keep, Retiming, on_another_clock, retime
from workshop.models import Event
from workshop.zones import Zone, common_keys, unique


@dataclass(frozen=True, slots=True)
class RezonedWorkshop:
    """A workshop with its old and new times, its announced hours first."""

    workshop: Workshop
    on: str
    rows: tuple[NewTimesLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What another clock would do, and a mark by which the same change is known again.

    `shown` says which clocks readers see.
    """

    now: str
    then: str
    workshops: tuple[RezonedWorkshop, ...]
    problems: tuple[str, ...]
    shown: str
    fingerprint: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs="workshop.change_event")
def clock(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/clock/`: by GET a preview of another clock, by POST the change."""
    draft, sent = get_draft(event), request.method == "POST"
    form = ClockForm(
        request.POST if sent else request.GET or None, draft=draft, now=own_zone(event)
    )
    if sent and form.is_valid():
        return _changed(request, event, form)
    return page(
        request,
        "clock.html",
        event,
        section="board",
        heading=_("Change the clock"),
        form=form,
        zones=common_keys(),
        preview=_preview(draft, form) if form.is_valid() else None,
    )


def _changed(request: HttpRequest, event: Event, form: ClockForm) -> HttpResponse:
    """To the board if everything changed as previewed, else to a fresh preview."""
    zone: Zone = form.cleaned_data["zone"]
    try:
        _apply(event, zone, form.keeps(), request.POST.get("fingerprint", ""))
    except CannotRezone:
        messages.error(
            request,
            _("The rows have changed since this preview. Nothing was changed; look once more."),
        )
        return redirect(f"{request.path}?{form.query()}")
    said = _("The event has the clock of %(place)s now. Readers see it once you publish.")
    messages.success(request, said % {"place": zone.city or zone.key})
    return redirect("board", event.slug)


@transaction.atomic
def _apply(event: Event, zone: Zone, keep: Keep, fingerprint: str) -> None:
    """Change the clock as the preview with this mark showed it; else raises CannotRezone."""
    found = change_zone(event=event, zone=zone.key, keep=keep)
    if _fingerprint(found, zone, keep) != fingerprint:
        raise CannotRezone(())


def _fingerprint(found: Retiming, zone: Zone, keep: Keep) -> str:
    rows = [
        [
            *map(str, (row.workshop.uid, getattr(row.of, "uid", ""))),
            *map(str, (row.of.starts_at, row.of.ends_at, row.starts_at, row.ends_at)),
        ]
        for row in found.rows
    ]
    return sha256(json.dumps([zone.key, keep, rows]).encode()).hexdigest()


def _preview(draft: Agenda, form: ClockForm) -> Preview:
    now, then, keep = form.now, form.cleaned_data["zone"], form.keeps()
    found = retime(draft, on_another_clock(draft, then, keep), then)
    return Preview(
        now=_headed(now, [row.of.starts_at for row in found.rows]),
        then=_headed(then, [row.starts_at for row in found.rows]),
        workshops=() if found.problems else _workshops(found, draft, now, then),
        problems=found.problems,
        shown=_shown(draft, then),
        fingerprint=_fingerprint(found, then, keep),
    )


def _shown(draft: Agenda, then: Zone) -> str:
    """Which clocks readers go on seeing, and whether the new one is among them."""
    labels = renderers_labels.listed([zone.label for zone in draft.zones]) or _("none")
    said = _("The clocks that readers see stay: %(labels)s.") % {"labels": labels}
    if any(zone.key == then.key for zone in draft.zones):
        return said
    missing = _("%(zone)s is not among them.") % {"zone": then.label}
    return f"{said} {missing}"


def _headed(zone: Zone, moments: list[datetime]) -> str:
    """`KST, Seoul, UTC+9`."""
    named = clock_of(zone, moments)
    return ", ".join(filter(None, (zone.label, named.city, *named.names)))


def _workshops(
    found: Retiming, draft: Agenda, now: Zone, then: Zone
) -> tuple[RezonedWorkshop, ...]:
    others = tuple(zone for zone in unique(draft.zones) if zone.key != then.key)
    return tuple(
        RezonedWorkshop(
            workshop=workshop,
            on=renderers_labels.long_date(on),
            rows=tuple(
                line_of(row, sides=(Side(now, on), Side(then, on)), others=others) for row in rows
            ),
        )
        for workshop, rows in groupby(found.rows, key=lambda row: row.workshop)
        for on in (now.local(workshop.starts_at).date(),)
    )
