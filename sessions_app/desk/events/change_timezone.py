"""Change an event's time zone: a preview of every new time, then the change."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sessions_app.agenda.timezones import zone_heading
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.desk.desk_view import apply_previewed, desk_view, event_zone, render_desk_page
from sessions_app.desk.events.forms import TimezoneForm
from sessions_app.desk.schedule.problem_sentences import time_problem
from sessions_app.desk.schedule.time_changes import TimeChangeLine, TimeColumn, line_for_new_times
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from sessions_app.scheduling import change_timezone as scheduling_change_timezone
from sessions_app.scheduling.shift_dates import TimeChangePlan
from workshop.models import Event
from workshop.zones import Zone, common_keys, unique


@dataclass(frozen=True, slots=True)
class WorkshopTimeChanges:
    """Old and new times of a workshop, its announced hours first."""

    workshop: Workshop
    date: str
    rows: tuple[TimeChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a change of time zone; the fingerprint ties the change to this preview."""

    current_zone: str
    new_zone: str
    workshops: tuple[WorkshopTimeChanges, ...]
    problems: tuple[str, ...]
    display_zones_note: str
    fingerprint: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission="workshop.change_event")
def change_timezone(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/timezone/`: GET previews another time zone, POST changes it."""
    draft, is_post = get_draft(event), request.method == "POST"
    form = TimezoneForm(
        request.POST if is_post else request.GET or None,
        draft=draft,
        current_zone=event_zone(event),
    )
    if is_post and form.is_valid():
        return _apply_and_redirect(request, event, form)
    return render_desk_page(
        request,
        "change_timezone.html",
        event,
        section="board",
        heading=_("Change time zone"),
        form=form,
        zones=common_keys(),
        preview=_preview(draft, form) if form.is_valid() else None,
    )


def _apply_and_redirect(request: HttpRequest, event: Event, form: TimezoneForm) -> HttpResponse:
    """Change the zone and redirect to the board; if the plan has changed, to a new preview."""
    zone: Zone = form.cleaned_data["zone"]
    plan = apply_previewed(
        request,
        lambda fingerprint: scheduling_change_timezone.apply(
            event, zone.key, form.kept(), fingerprint=fingerprint
        ),
    )
    if plan is None:
        return redirect(f"{request.path}?{form.query()}")
    message = _("The time zone of the event is now %(place)s. Readers see it once you publish.")
    messages.success(request, message % {"place": zone.city or zone.key})
    return redirect("board", event.slug)


def _preview(draft: Agenda, form: TimezoneForm) -> Preview:
    old, new, keep = form.current_zone, form.cleaned_data["zone"], form.kept()
    plan = scheduling_change_timezone.plan(draft, new.key, keep)
    times = plan.times
    return Preview(
        current_zone=_zone_title(old, [row.span.starts_at for row in times.new_times]),
        new_zone=_zone_title(new, [row.starts_at for row in times.new_times]),
        workshops=() if times.problems else _workshops(times, draft, old, new),
        problems=tuple(time_problem(problem, new) for problem in times.problems),
        display_zones_note=_display_zones_note(draft, new),
        fingerprint=plan.fingerprint,
    )


def _display_zones_note(draft: Agenda, new: Zone) -> str:
    """Name the display zones, which do not change, and say if the new zone is not one of them."""
    names = labels.join_list([zone.label for zone in draft.zones]) or _("none")
    note = _("Readers still see these time zones: %(labels)s.") % {"labels": names}
    if any(zone.key == new.key for zone in draft.zones):
        return note
    missing = _("%(zone)s is not one of them.") % {"zone": new.label}
    return f"{note} {missing}"


def _zone_title(zone: Zone, moments: list[datetime]) -> str:
    """Return a zone with its names at these moments: `KST, Seoul, UTC+9`."""
    heading = zone_heading(zone, moments)
    return ", ".join(filter(None, (zone.label, heading.city, *heading.names)))


def _workshops(
    plan: TimeChangePlan, draft: Agenda, old: Zone, new: Zone
) -> tuple[WorkshopTimeChanges, ...]:
    others = tuple(zone for zone in unique(draft.zones) if zone.key != new.key)
    return tuple(
        WorkshopTimeChanges(
            workshop=workshop,
            date=labels.long_date(on),
            rows=tuple(
                line_for_new_times(
                    row, columns=(TimeColumn(old, on), TimeColumn(new, on)), others=others
                )
                for row in rows
            ),
        )
        for workshop, rows in groupby(plan.new_times, key=lambda row: row.workshop)
        for on in (old.local(workshop.starts_at).date(),)
    )
