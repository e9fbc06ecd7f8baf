"""Decorator for the desk's views of one event, and helpers that those views share."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, overload

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from participants.access.groups import READ
from sessions_app.staff_permission import staff_permission_required
from workshop.editing.plans import PlanChanged
from workshop.models import Event
from workshop.zones import Zone

P = ParamSpec("P")
Applied = TypeVar("Applied")
EventView = Callable[Concatenate[HttpRequest, Event, P], HttpResponse]
View = Callable[..., HttpResponseBase]


@overload
def desk_view(view: EventView[P], /) -> View: ...
@overload
def desk_view(
    *, permission: str = READ, post_permission: str = ""
) -> Callable[[EventView[P]], View]: ...
def desk_view(
    view: EventView[P] | None = None, /, *, permission: str = READ, post_permission: str = ""
) -> View | Callable[[EventView[P]], View]:
    """Decorator of a view of one event: only for staff with this permission, and never cached.

    `post_permission` is required in addition for POST. Permissions are checked first, so that a
    refusal does not tell if the event exists.
    """

    def decorate(view: EventView[P]) -> View:
        @staff_permission_required(permission, post_permission=post_permission)
        @wraps(view)
        def checked_view(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            return view(request, get_object_or_404(Event, slug=slug), *args, **kwargs)

        return checked_view

    return decorate if view is None else decorate(view)


def event_zone(event: Event) -> Zone:
    """Return the event's time zone, under the organisers' label if they have one for it."""
    for zone in event.display_zones.all():
        if zone.key == event.zone:
            return Zone(zone.label, zone.key)
    return Zone(Zone("", event.zone).city or event.zone, event.zone)


def render_desk_page(
    request: HttpRequest, template: str, event: Event, **context: object
) -> HttpResponse:
    """Render a page of the desk; `section` in the context marks its entry in the navigation."""
    return render(request, f"desk/{template}", {"event": event, "language": "en", **context})


def apply_previewed(
    request: HttpRequest, apply: Callable[[str], Applied], form: forms.Form | None = None
) -> Applied | None:
    """Call `apply` on POST with the fingerprint of the preview, and return its result.

    None if the plan has changed or `form` is no longer valid, with a message; None for GET.
    """
    if request.method != "POST":
        return None
    try:
        if form is None or form.is_valid():
            return apply(request.POST.get("fingerprint", ""))
    except PlanChanged:
        pass
    text = _("The data were changed since this preview. Nothing was done. Check the new preview.")
    messages.error(request, text)
    return None
