"""Releases at the desk: the list of them, and what each did."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.desk.releases.release_effects import effects
from sessions_app.models import Release
from sessions_app.public.requests import refusing, release_number
from sessions_app.publishing import queries
from sessions_app.renderers import labels
from workshop.models import Event
from workshop.zones import Zone

RELEASES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """A release in the list; `former` is the one before it, None for the first."""

    number: int
    when: str
    by: str
    note: str
    former: int | None
    is_newest: bool


@require_safe
@at_desk
@refusing
def releases(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/releases/`: all of them, newest first."""
    before = release_number(request.GET, "before")
    found = queries.list_release_rows(event.slug, before=before, most=RELEASES_A_PAGE + 1)
    newest = queries.list_release_rows(event.slug, most=1)
    shown, more = found[:RELEASES_A_PAGE], len(found) > RELEASES_A_PAGE
    zone = own_zone(event)
    return page(
        request,
        "releases.html",
        event,
        section="releases",
        heading=_("Releases"),
        zone=zone,
        releases=[_row(each, newest[0], zone) for each in shown],
        newest=newest[0].number if newest else None,
        older=shown[-1].number if more else None,
        newer=before is not None,
    )


@require_safe
@at_desk
def released(request: HttpRequest, event: Event, number: int) -> HttpResponse:
    """`/desk/<event>/releases/<n>/`: what a release changed, where it shows, whom it concerns."""
    release = queries.get_release_row(event.slug, number)
    if release is None:
        raise Http404
    former = queries.get_release_row(event.slug, number - 1)
    (newest,) = queries.list_release_rows(event.slug, most=1)
    zone = own_zone(event)
    old = None if former is None else queries.stored(former)
    return page(
        request,
        "released.html",
        event,
        section="releases",
        heading=_heading(release, newest),
        zone=zone,
        release=_row(release, newest, zone),
        newest=newest.number,
        restorable=release.number if release.number != newest.number else former and former.number,
        effects=effects(old, queries.stored(release), zone),
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
        former=release.number - 1 if release.number > 1 else None,
        is_newest=release.number == newest.number,
    )
