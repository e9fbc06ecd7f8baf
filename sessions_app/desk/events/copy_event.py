"""Copy an event to a new date: a preview of its days and times, then the copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sessions_app.agenda.intervals import moments
from sessions_app.agenda.types import AboutSection, Agenda, Session, Workshop
from sessions_app.checks.date_mentions import texts_mentioning
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.desk.events.forms import CopyNamesForm, FirstDayForm
from sessions_app.desk.schedule.problem_sentences import time_problem
from sessions_app.desk.schedule.time_changes import (
    TimeChangeLine,
    TimeColumn,
    ZoneLine,
    line_for_new_times,
    zone_lines,
)
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from sessions_app.scheduling.copy_event import (
    CannotCopy,
    copied_agenda,
    copy_event,
    plan_copied_times,
    suggested_address,
)
from sessions_app.scheduling.shift_dates import TimeChangePlan, first_day
from workshop.models import Event
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class CopiedWorkshop:
    """A workshop of the copy: announced hours in every zone, old and new times of its sessions."""

    workshop: Workshop
    zones: tuple[ZoneLine, ...]
    sessions: tuple[TimeChangeLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a copy, in sentences: its date, shifted clock times, what is not copied.

    `date_mentions` names the copied texts in which an old date is written.
    """

    new_date: str
    days_later: str
    problems: tuple[str, ...]
    workshops: tuple[CopiedWorkshop, ...]
    shifted_zones: tuple[str, ...]
    not_copied: tuple[str, ...]
    date_mentions: str


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission="workshop.add_event")
def copy(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/copy/`: GET previews the copy, POST makes it."""
    draft, posted = get_draft(event), request.POST if request.method == "POST" else None
    day_form = FirstDayForm(posted or request.GET or None)
    if not day_form.is_valid():
        return _render_page(request, event, draft, day_form)
    starts_on: date = day_form.cleaned_data["starts_on"]
    slug = suggested_address(event.slug, starts_on)
    names_form = CopyNamesForm(posted, draft=draft, slug=slug)
    if names_form.is_valid():
        try:
            new_event = copy_event(
                event=event,
                slug=names_form.cleaned_data["slug"],
                starts_on=starts_on,
                title=names_form.title(),
            )
        except CannotCopy as refusal:
            zone = event_zone(event)
            times = (time_problem(problem, zone) for problem in refusal.times)
            reasons = filter(None, (refusal.address, *times))
            names_form.add_error(None, list(reasons) or [_no_workshop()])
        else:
            return _redirect_to_copy(request, new_event, starts_on)
    return _render_page(request, event, draft, day_form, names_form)


def _redirect_to_copy(request: HttpRequest, new_event: Event, starts_on: date) -> HttpResponse:
    message = _(
        "This is the copy, on %(day)s. Readers see it once you publish. "
        "Add the new join links to its workshops."
    )
    messages.success(request, message % {"day": labels.long_date(starts_on)})
    return redirect("board", new_event.slug)


def _render_page(
    request: HttpRequest,
    event: Event,
    draft: Agenda,
    day_form: FirstDayForm,
    names_form: CopyNamesForm | None = None,
) -> HttpResponse:
    zone = event_zone(event)
    on = first_day(draft)
    return render_desk_page(
        request,
        "copy_event.html",
        event,
        section="board",
        heading=_("Copy to a new date"),
        zone=zone,
        current_date=labels.long_date(on) if on else "",
        form=day_form,
        names_form=names_form,
        preview=_preview(draft, zone, day_form.cleaned_data["starts_on"]) if names_form else None,
    )


def _preview(draft: Agenda, zone: Zone, starts_on: date) -> Preview:
    copied = copied_agenda(draft)
    plan = plan_copied_times(copied, starts_on)
    on = first_day(draft) or starts_on
    columns = TimeColumn(zone, on), TimeColumn(zone, starts_on)
    workshops = () if plan.problems else tuple(_workshops(plan, draft, columns))
    shifted = (line for workshop in workshops for line in workshop.zones if line.change)
    old_dates = _event_dates(draft, zone) if starts_on != on else ()
    return Preview(
        new_date=labels.long_date(starts_on),
        days_later=_days_later(on, starts_on),
        problems=tuple(_problems(plan, draft, zone)),
        workshops=workshops,
        shifted_zones=tuple(dict.fromkeys(f"{line.label}: {line.change}" for line in shifted)),
        not_copied=tuple(_list_not_copied(draft)),
        date_mentions=labels.join_list(
            list(dict.fromkeys(map(_item_name, texts_mentioning(copied, old_dates))))
        ),
    )


def _no_workshop() -> str:
    return _("This event has no workshop yet: there is nothing to copy.")


def _problems(plan: TimeChangePlan, draft: Agenda, zone: Zone) -> Iterator[str]:
    if not draft.workshops:
        yield _no_workshop()
    yield from (time_problem(problem, zone) for problem in plan.problems)


def _item_name(item: Agenda | AboutSection | Workshop | Session) -> str:
    if isinstance(item, Agenda):
        return _("the title")
    return labels.quoted_session_name(item) if isinstance(item, Session) else f"“{item.title}”"


def _workshops(
    plan: TimeChangePlan, draft: Agenda, columns: tuple[TimeColumn, TimeColumn]
) -> Iterator[CopiedWorkshop]:
    own_key = columns[0].zone.key
    others = tuple(zone for zone in unique(draft.zones) if zone.key != own_key)
    for workshop, rows in groupby(plan.new_times, key=lambda row: row.workshop):
        window, *sessions = rows
        yield CopiedWorkshop(
            workshop=workshop,
            zones=zone_lines(
                (workshop.starts_at, workshop.ends_at),
                (window.starts_at, window.ends_at),
                columns=columns,
                others=others,
            ),
            sessions=tuple(
                line_for_new_times(row, columns=columns, others=others) for row in sessions
            ),
        )


def _days_later(old: date, new: date) -> str:
    """Return the distance of two days: `98 days (14 weeks) later than Wednesday 4 August 2021`."""
    count = abs((new - old).days)
    if not count:
        return _("The same day as this event")
    days = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    if count % 7 == 0:
        weeks = ngettext("%(count)s week", "%(count)s weeks", count // 7) % {"count": count // 7}
        days = _("%(days)s (%(weeks)s)") % {"days": days, "weeks": weeks}
    text = _("%(days)s later than %(day)s") if new > old else _("%(days)s earlier than %(day)s")
    return text % {"days": days, "day": labels.long_date(old)}


def _list_not_copied(draft: Agenda) -> Iterator[str]:
    """Yield a sentence for each kind of thing that is not copied, where there is any."""
    sessions = list(draft.sessions())
    cancelled = [labels.session_title(row) for row in sessions if row.status == "cancelled"]
    if cancelled:
        text = ngettext(
            "The cancelled session: %(names)s.",
            "The %(count)s cancelled sessions: %(names)s.",
            len(cancelled),
        )
        yield text % {"count": len(cancelled), "names": labels.join_list(cancelled)}
    stated = [window.source for workshop in draft.workshops for window in workshop.stated_windows]
    if stated:
        sources = labels.join_list([f"“{source}”" for source in dict.fromkeys(stated)])
        yield _("The old hours as stated in other documents: %(sources)s.") % {"sources": sources}
    yield _("Join links and passcodes. They belong to the old meeting.")
    yield _("Participants and their replies. Export the old list and import it here.")
    yield _("Releases. Readers see the copy once you publish it.")


def _event_dates(draft: Agenda, zone: Zone) -> set[date]:
    return {zone.local(at).date() for at in moments(draft)}
