"""Copy an event to a new date: what its days and clocks would be, then the copy itself."""

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
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.checks import date_mentions
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.events.forms import DayForm, NamesForm
from sessions_app.desk.schedule.time_changes import (
    ClockLine,
    NewTimesLine,
    Side,
    clock_lines,
    line_of,
)
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers import labels
from sessions_app.scheduling.copy_event import (
    CannotCopy,
    copied_times,
    copy_event,
    suggested_address,
    to_be_copied,
)
from sessions_app.scheduling.shift_dates import Retiming, first_day
from workshop.models import Event
from workshop.zones import Zone, unique


@dataclass(frozen=True, slots=True)
class CopiedWorkshop:
    """A workshop of the copy: its announced hours on every clock, its sessions on the own one."""

    workshop: Workshop
    clocks: tuple[ClockLine, ...]
    sessions: tuple[NewTimesLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the copy would be; `later` says how far from the first day, `shifted` on which clocks.

    `left_out` and `dated` are sentences on what is not copied, and on what to read once more.
    """

    then_on: str
    later: str
    problems: tuple[str, ...]
    workshops: tuple[CopiedWorkshop, ...]
    shifted: tuple[str, ...]
    left_out: tuple[str, ...]
    dated: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs="workshop.add_event")
def copy(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/copy/`: by GET a preview of the copy, by POST the copy."""
    draft, sent = get_draft(event), request.POST if request.method == "POST" else None
    day = DayForm(sent or request.GET or None)
    if not day.is_valid():
        return _page(request, event, draft, day)
    starts_on: date = day.cleaned_data["starts_on"]
    slug = suggested_address(event.slug, starts_on)
    names = NamesForm(sent, draft=draft, slug=slug)
    if names.is_valid():
        try:
            made = copy_event(
                event=event,
                slug=names.cleaned_data["slug"],
                starts_on=starts_on,
                title=names.title(),
            )
        except CannotCopy as refusal:
            names.add_error(None, list(refusal.problems))
        else:
            return _made(request, made, starts_on)
    return _page(request, event, draft, day, names)


def _made(request: HttpRequest, made: Event, starts_on: date) -> HttpResponse:
    said = _(
        "This is the copy, on %(day)s. Readers see nothing of it until you publish it. "
        "Give its workshops their new join links."
    )
    messages.success(request, said % {"day": labels.long_date(starts_on)})
    return redirect("board", made.slug)


def _page(
    request: HttpRequest,
    event: Event,
    draft: Agenda,
    day: DayForm,
    names: NamesForm | None = None,
) -> HttpResponse:
    own = own_zone(event)
    on = first_day(draft)
    return page(
        request,
        "copy.html",
        event,
        section="board",
        heading=_("Copy to a new date"),
        zone=own,
        on=labels.long_date(on) if on else "",
        form=day,
        names=names,
        preview=_preview(draft, own, day.cleaned_data["starts_on"]) if names else None,
    )


def _preview(draft: Agenda, own: Zone, starts_on: date) -> Preview:
    copied = to_be_copied(draft)
    found = copied_times(copied, starts_on)
    on = first_day(draft) or starts_on
    sides = Side(own, on), Side(own, starts_on)
    workshops = () if found.problems else tuple(_workshops(found, draft, sides))
    shifted = (line for each in workshops for line in each.clocks if line.change)
    old_days = _days(draft, own) if starts_on != on else ()
    return Preview(
        then_on=labels.long_date(starts_on),
        later=_later(on, starts_on),
        problems=found.problems,
        workshops=workshops,
        shifted=tuple(dict.fromkeys(f"{each.label}: {each.change}" for each in shifted)),
        left_out=tuple(_left_out(draft)),
        dated=labels.listed(date_mentions.naming(copied, old_days)),
    )


def _workshops(
    found: Retiming, draft: Agenda, sides: tuple[Side, Side]
) -> Iterator[CopiedWorkshop]:
    own = sides[0].zone
    others = tuple(zone for zone in unique(draft.zones) if zone.key != own.key)
    for workshop, rows in groupby(found.rows, key=lambda row: row.workshop):
        window, *sessions = rows
        yield CopiedWorkshop(
            workshop=workshop,
            clocks=clock_lines(
                (workshop.starts_at, workshop.ends_at),
                (window.starts_at, window.ends_at),
                sides=sides,
                others=others,
            ),
            sessions=tuple(line_of(each, sides=sides, others=others) for each in sessions),
        )


def _later(on: date, then_on: date) -> str:
    """`98 days (14 weeks) later than Wednesday 4 August 2021`."""
    count = abs((then_on - on).days)
    if not count:
        return _("The same day as now")
    days = ngettext("%(count)s day", "%(count)s days", count) % {"count": count}
    if count % 7 == 0:
        weeks = ngettext("%(count)s week", "%(count)s weeks", count // 7) % {"count": count // 7}
        days = _("%(days)s (%(weeks)s)") % {"days": days, "weeks": weeks}
    said = _("%(days)s later than %(day)s") if then_on > on else _("%(days)s earlier than %(day)s")
    return said % {"days": days, "day": labels.long_date(on)}


def _left_out(draft: Agenda) -> Iterator[str]:
    """Sentences on what a copy goes without, for what there is of it."""
    sessions = list(draft.sessions())
    cancelled = [labels.session_title(each) for each in sessions if each.status == "cancelled"]
    if cancelled:
        said = ngettext(
            "The cancelled session: %(names)s.",
            "The %(count)s cancelled sessions: %(names)s.",
            len(cancelled),
        )
        yield said % {"count": len(cancelled), "names": labels.listed(cancelled)}
    stated = [window.source for workshop in draft.workshops for window in workshop.stated_windows]
    if stated:
        sources = labels.listed([f"“{each}”" for each in dict.fromkeys(stated)])
        yield _("What other documents state of the old hours: %(sources)s.") % {"sources": sources}
    yield _("Join links and passcodes: they belong to the old meeting.")
    yield _("The lists of participants with their replies: take the old list out and bring it in.")
    yield _("Releases: readers see nothing of the copy until you publish it.")


def _days(draft: Agenda, own: Zone) -> set[date]:
    return {own.local(at).date() for at in moments(draft)}
