"""What publishing would change, what stands in its way, and the button that does it."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from participants.access.groups import PUBLISH
from sessions_app.checks.registry import check
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.publishing import queries, services
from sessions_app.renderers.diff import side_by_side
from sessions_app.renderers.labels import country
from sessions_app.staff_permission import ask_an_organiser
from workshop.models import Event, Workshop


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(posting=PUBLISH)
def review(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/review/`: publish, having seen what changes."""
    workshops = queries.list_workshops(event)
    sent = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(sent.getlist("workshop"), workshops)
    if request.method == "POST":
        answer = _publish(request, event, chosen)
        if answer is not None:
            return answer
    zone = own_zone(event)
    agenda, released = services.to_be_released(event, chosen)
    return page(
        request,
        "review.html",
        event,
        section="review",
        heading=_("Review and publish"),
        zone=zone,
        workshops=[(each, chosen is None or each.uid in chosen) for each in workshops],
        sections=() if released is None else side_by_side.sections(released, agenda, zone),
        before_name=_("Released"),
        after_name=_("Now"),
        is_first=released is None,
        errors=services.obstacles(event, agenda, released, chosen),
        findings=check(agenda, country),
        note=sent.get("note", ""),
        release=None if released is None else released.release,
        ask="" if request.user.has_perm(PUBLISH) else ask_an_organiser(),
    )


@require_POST
@at_desk(needs=PUBLISH)
def restore(request: HttpRequest, event: Event, number: int) -> HttpResponse:
    """Write an older release back and publish it as a new one."""
    release = queries.get_release_row(event.slug, number)
    if release is None:
        raise Http404
    made, is_new = services.restore(release=release, now=timezone.now(), by=_user(request))
    said = (
        _("Release %(old)s is back, as release %(new)s.")
        if is_new
        else _("All rows are as in release %(new)s, which readers see.")
    )
    messages.success(request, said % {"old": number, "new": made.number})
    return redirect("released", event.slug, made.number)


def _publish(
    request: HttpRequest, event: Event, chosen: Collection[UUID] | None
) -> HttpResponse | None:
    """Publish and lead on, or None with a message where an error stands in the way."""
    try:
        release, is_new = services.publish(
            event=event,
            now=timezone.now(),
            by=_user(request),
            note=request.POST.get("note", ""),
            workshops=chosen,
        )
    except services.CannotPublish as refused:
        count = len(refused.findings)
        messages.error(request, _("Not published: %(count)s to mend first.") % {"count": count})
        return None
    if not is_new:
        messages.info(request, _("Nothing to publish: readers see these rows already."))
        return redirect("review", event.slug)
    return redirect("released", event.slug, release.number)


def _chosen(keys: list[str], workshops: list[Workshop]) -> frozenset[UUID] | None:
    """The UIDs of the workshops chosen; None, which is all of them, where none is named."""
    found = frozenset(each.uid for each in workshops if each.key in keys)
    return found if found and len(found) < len(workshops) else None


def _user(request: HttpRequest) -> User:
    """The organiser who asks; `at_desk` lets nobody else in."""
    return cast(User, request.user)
