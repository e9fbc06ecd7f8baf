"""First page of the desk: the list of events, and first steps if there is none."""

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
from sessions_app.staff_permission import organiser_contacts, staff_permission_required
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event in the list, with its dates and its last release."""

    slug: str
    title: Text
    dates: str
    release: str


@require_safe
@staff_permission_required(READ)
def desk(request: HttpRequest) -> HttpResponse:
    """`/desk/`: redirects to the board of the only event; lists them if several or with `?all`."""
    events = queries.list_events()
    if len(events) == 1 and "all" not in request.GET:
        return redirect("board", events[0].slug)
    may_add = request.user.has_perm("workshop.add_event")
    context = {
        "heading": _("Events"),
        "events": tuple(map(_line, events)),
        "may_add": may_add,
        "contacts": "" if may_add or events else organiser_contacts(),
        "language": "en",
    }
    return render(request, "desk/events.html", context)


def _line(event: EventState) -> EventLine:
    zone = Zone("", event.zone)
    published_on = event.released_at and labels.long_date(zone.local(event.released_at))
    text = _("Release %(number)s, published %(date)s")
    return EventLine(
        slug=event.slug,
        title=event.title,
        dates=labels.dates(zone.local(start).date() for start in event.starts) or _("No dates yet"),
        release=text % {"number": event.release, "date": published_on}
        if event.release
        else _("Not published yet"),
    )
