"""Releases at the desk: the list, and the effects of each one."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.desk.releases.release_effects import release_effects
from sessions_app.models import Release
from sessions_app.public.requests import explain_bad_parameters, release_number
from sessions_app.publishing import queries
from sessions_app.renderers import labels
from workshop.models import Event
from workshop.zones import Zone

RELEASES_PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in the list; `previous` is the number of the one before, None for the first."""

    number: int
    when: str
    by: str
    note: str
    previous: int | None
    is_newest: bool


@require_safe
@desk_view
@explain_bad_parameters
def releases(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/releases/`: all releases, newest first."""
    before = release_number(request.GET, "before")
    rows = queries.list_releases(event.slug, before=before, limit=RELEASES_PER_PAGE + 1)
    newest = queries.list_releases(event.slug, limit=1)
    shown, has_more = rows[:RELEASES_PER_PAGE], len(rows) > RELEASES_PER_PAGE
    zone = event_zone(event)
    return render_desk_page(
        request,
        "releases.html",
        event,
        section="releases",
        heading=_("Releases"),
        zone=zone,
        releases=[_row(release, newest[0], zone) for release in shown],
        newest=newest[0].number if newest else None,
        older=shown[-1].number if has_more else None,
        has_newer=before is not None,
    )


@require_safe
@desk_view
def released(request: HttpRequest, event: Event, number: int) -> HttpResponse:
    """`/desk/<event>/releases/<n>/`: what a release changed, and who is affected."""
    release = queries.get_release_row(event.slug, number)
    if release is None:
        raise Http404
    previous = queries.get_release_row(event.slug, number - 1)
    (newest,) = queries.list_releases(event.slug, limit=1)
    zone = event_zone(event)
    old = None if previous is None else queries.full_agenda(previous)
    return render_desk_page(
        request,
        "released.html",
        event,
        section="releases",
        heading=_heading(release, newest),
        zone=zone,
        release=_row(release, newest, zone),
        newest=newest.number,
        restorable=release.number
        if release.number != newest.number
        else previous and previous.number,
        effects=release_effects(old, queries.full_agenda(release), zone),
    )


def _heading(release: Release, newest: Release) -> str:
    numbers = {"number": release.number, "newest": newest.number}
    if release.number == newest.number:
        return _("Release %(number)s is published") % numbers
    return _("Release %(number)s, replaced by release %(newest)s") % numbers


def _row(release: Release, newest: Release, zone: Zone) -> ReleaseRow:
    return ReleaseRow(
        number=release.number,
        when=labels.moment(zone.local(release.made_at)),
        by=str(release.made_by or ""),
        note=release.note,
        previous=release.number - 1 if release.number > 1 else None,
        is_newest=release.number == newest.number,
    )
