"""The desk's first page: every event, and what to do first where there is none."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participants.access.groups import READ
from sessions_app.agenda.text import Text
from sessions_app.publishing import queries
from sessions_app.publishing.queries import EventState
from sessions_app.renderers import labels
from sessions_app.staff_permission import ask_an_organiser, permitted
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class EventLine:
    slug: str
    title: Text
    dates: str
    release: str


@require_safe
@permitted(READ)
def desk(request: HttpRequest) -> HttpResponse:
    """`/desk/`: the board of the only event; with several, or with `?all`, the list of them."""
    events = queries.list_events()
    if len(events) == 1 and "all" not in request.GET:
        return redirect("board", events[0].slug)
    may_add = request.user.has_perm("workshop.add_event")
    context = {
        "heading": _("Events"),
        "events": tuple(map(_line, events)),
        "may_add": may_add,
        "ask": "" if may_add or events else ask_an_organiser(),
        "language": "en",
    }
    return render(request, "desk/events.html", context)


def _line(event: EventState) -> EventLine:
    zone = Zone("", event.zone)
    released = event.released_at and labels.long_date(zone.local(event.released_at))
    said = _("Release %(number)s, published %(date)s")
    return EventLine(
        slug=event.slug,
        title=event.title,
        dates=labels.dates(zone.local(each).date() for each in event.starts) or _("No dates yet"),
        release=said % {"number": event.release, "date": released}
        if event.release
        else _("Not published yet"),
    )
