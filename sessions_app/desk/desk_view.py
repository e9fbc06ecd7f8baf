"""A page of the desk: of one event, for those who may open it, never kept by a cache."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, overload

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from participants.access.groups import READ
from sessions_app.staff_permission import permitted
from workshop.models import Event
from workshop.zones import Zone

P = ParamSpec("P")
OfEvent = Callable[Concatenate[HttpRequest, Event, P], HttpResponse]
Opened = Callable[..., HttpResponseBase]


@overload
def at_desk(view: OfEvent[P], /) -> Opened: ...
@overload
def at_desk(*, needs: str = READ, posting: str = "") -> Callable[[OfEvent[P]], Opened]: ...
def at_desk(
    view: OfEvent[P] | None = None, /, *, needs: str = READ, posting: str = ""
) -> Opened | Callable[[OfEvent[P]], Opened]:
    """A view of one event for staff who hold the permission `needs`, by default to read it.

    `posting` is asked for besides where the view is posted to. Whoever lacks one is told so,
    before they learn whether there is such an event.
    """

    def opening(view: OfEvent[P]) -> Opened:
        @permitted(needs, posting=posting)
        @wraps(view)
        def opened(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            return view(request, get_object_or_404(Event, slug=slug), *args, **kwargs)

        return opened

    return opening if view is None else opening(view)


def own_zone(event: Event) -> Zone:
    """The event's own clock, under its label where the organisers have one for it."""
    for zone in event.display_zones.all():
        if zone.key == event.zone:
            return Zone(zone.label, zone.key)
    return Zone(Zone("", event.zone).city or event.zone, event.zone)


def page(request: HttpRequest, template: str, event: Event, **context: object) -> HttpResponse:
    """A page of the desk: `section` says which entry of its menu it is."""
    return render(request, f"desk/{template}", {"event": event, "language": "en", **context})
