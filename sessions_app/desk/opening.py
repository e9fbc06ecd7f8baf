"""Who may sit at the desk, at which event."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.admin.views.decorators import staff_member_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from workshop.models import Event
from workshop.zones import Zone

P = ParamSpec("P")


def at_desk(
    view: Callable[Concatenate[HttpRequest, Event, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view of one event for organisers; others are asked to sign in. Never kept by a cache."""

    @staff_member_required
    @wraps(view)
    def opened(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        event = get_object_or_404(Event, slug=slug)
        response = view(request, event, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return opened


def let_in(request: HttpRequest, *permissions: str) -> None:
    """Go on only for those who may do all of it, in the admin too; raises PermissionDenied."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def own_zone(event: Event) -> Zone:
    """The event's own clock, under its label where the organisers have one for it."""
    for zone in event.display_zones.all():
        if zone.key == event.zone:
            return Zone(zone.label, zone.key)
    return Zone(Zone("", event.zone).city or event.zone, event.zone)


def page(request: HttpRequest, template: str, event: Event, **context: object) -> HttpResponse:
    """A page of the desk: `section` says which entry of its menu it is."""
    return render(request, f"desk/{template}", {"event": event, "language": "en", **context})
