"""Review of unpublished changes and checks, publishing, and restoring a release."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from participants.access.groups import PUBLISH
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.publishing import queries, services
from sessions_app.publishing.candidate import get_candidate
from sessions_app.renderers.diff import side_by_side
from sessions_app.renderers.finding_sentences import with_sentences
from sessions_app.staff_permission import organiser_contacts
from workshop.models import Event, Workshop


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(post_permission=PUBLISH)
def review(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/review/`: GET shows what publishing changes, POST publishes."""
    workshops = queries.list_workshops(event)
    data = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(data.getlist("workshop"), workshops)
    if request.method == "POST":
        try:
            return _publish(request, event, chosen)
        except services.CannotPublish as refusal:
            candidate = refusal.candidate
            messages.error(request, _refusal_message(len(refusal.errors)))
    else:
        candidate = get_candidate(event, chosen)
    zone = event_zone(event)
    agenda, released = candidate.would_release, candidate.released
    return render_desk_page(
        request,
        "review.html",
        event,
        section="review",
        heading=_("Review and publish"),
        zone=zone,
        workshops=[(row, chosen is None or row.uid in chosen) for row in workshops],
        sections=() if released is None else side_by_side.sections(released, agenda, zone),
        before_name=_("Released"),
        after_name=_("Now"),
        is_first=released is None,
        errors=with_sentences(candidate.errors, agenda),
        findings=with_sentences(candidate.findings, agenda),
        note=data.get("note", ""),
        release=None if released is None else released.release,
        contacts="" if request.user.has_perm(PUBLISH) else organiser_contacts(),
    )


@require_POST
@desk_view(permission=PUBLISH)
def restore(request: HttpRequest, event: Event, number: int) -> HttpResponse:
    """Restore the rows of an older release and publish them as a new release."""
    release = queries.get_release_row(event.slug, number)
    if release is None:
        raise Http404
    restored, is_new = services.restore(release=release, now=timezone.now(), user=_user(request))
    message = (
        _("Release %(old)s was restored as release %(new)s.")
        if is_new
        else _("The draft is as in release %(new)s, which readers see.")
    )
    messages.success(request, message % {"old": number, "new": restored.number})
    return redirect("released", event.slug, restored.number)


def _publish(request: HttpRequest, event: Event, chosen: Collection[UUID] | None) -> HttpResponse:
    release, is_new = services.publish(
        event=event,
        now=timezone.now(),
        user=_user(request),
        note=request.POST.get("note", ""),
        workshops=chosen,
    )
    if not is_new:
        messages.info(request, _("No unpublished changes."))
        return redirect("review", event.slug)
    return redirect("released", event.slug, release.number)


def _refusal_message(count: int) -> str:
    message = ngettext(
        "Not published. %(count)s error has to be corrected first.",
        "Not published. %(count)s errors have to be corrected first.",
        count,
    )
    return message % {"count": count}


def _chosen(keys: list[str], workshops: list[Workshop]) -> frozenset[UUID] | None:
    """Return the UIDs of the chosen workshops; None, which means all, if none or all are named."""
    chosen = frozenset(row.uid for row in workshops if row.key in keys)
    return chosen if chosen and len(chosen) < len(workshops) else None


def _user(request: HttpRequest) -> User:
    """The signed-in user; `desk_view` admits nobody else."""
    return cast(User, request.user)
