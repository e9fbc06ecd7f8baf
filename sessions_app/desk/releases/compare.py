"""Comparison of two releases, or of a release with the draft, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.publishing import queries
from sessions_app.renderers import labels
from sessions_app.renderers.diff import side_by_side
from workshop.models import Event
from workshop.zones import Zone

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Version:
    """A release or the draft; `value` names it in the address.

    `restorable` is the number of a release that can be restored, None for others.
    """

    value: str
    name: str
    in_sentence: str
    when: str
    restorable: int | None = None


@require_safe
@desk_view
def compare(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/compare/?old=1&new=3`: the differences; by default of the last release."""
    zone = event_zone(event)
    versions = _versions(event, zone)
    known = {version.value: version for version in versions}
    old, new = _requested_versions(request.GET, list(known))
    missing = [value for value in (old, new) if value not in known]
    context = {} if missing else _comparison(event, known[old], known[new], request.GET, zone)
    response = render_desk_page(
        request,
        "compare.html",
        event,
        section="releases",
        heading=_("Compare releases"),
        zone=zone,
        versions=versions,
        old=old,
        new=new,
        error=_not_found_message(missing[0], versions) if missing else "",
        **context,
    )
    response.status_code = 404 if missing else 200
    return response


def _versions(event: Event, zone: Zone) -> tuple[Version, ...]:
    """Return the draft, then the releases, newest first."""
    releases = queries.list_releases(event.slug)
    return (
        Version(DRAFT, _("Draft"), _("the draft"), _("as it is now")),
        *(
            Version(
                value=str(release.number),
                name=_("Release %(number)s") % {"number": release.number},
                in_sentence=_("release %(number)s") % {"number": release.number},
                when=labels.moment(zone.local(release.made_at)),
                restorable=release.number if release is not releases[0] else None,
            )
            for release in releases
        ),
    )


def _requested_versions(query: QueryDict, known: Sequence[str]) -> tuple[str, str]:
    """Read `?old=` and `?new=`; a missing one is the neighbour of the other."""
    old, new = query.get("old", ""), query.get("new", "")
    if not new:
        new = known[1] if len(known) > 2 and old != known[1] else DRAFT
    if not old:
        older = known[known.index(new) + 1 :] if new in known else ()
        old = older[0] if older else new
    return old, new


def _comparison(
    event: Event, old: Version, new: Version, query: QueryDict, zone: Zone
) -> dict[str, object]:
    before, after = (_agenda(event, version) for version in (old, new))
    workshops = {row.key: row for row in (*before.workshops, *after.workshops)}
    chosen = workshops.get(query.get("workshop", ""))
    sections = side_by_side.sections(before, after, zone, workshop=chosen.key if chosen else "")
    workshop_query = {"workshop": chosen.key} if chosen else {}
    return {
        "before_name": old.name,
        "after_name": new.name,
        "workshops": workshops.values(),
        "chosen": chosen,
        "sections": sections,
        "summary": _summary(old, new, side_by_side.count(sections), chosen),
        "swapped": urlencode({"old": new.value, "new": old.value, **workshop_query}),
        "restorable": sorted({version.restorable for version in (old, new) if version.restorable}),
    }


def _agenda(event: Event, version: Version) -> Agenda:
    release = None
    if version.value != DRAFT:
        release = queries.get_release_row(event.slug, int(version.value))
    return queries.get_draft(event) if release is None else queries.full_agenda(release)


def _summary(old: Version, new: Version, count: int, chosen: Workshop | None) -> str:
    names = {"old": old.in_sentence, "new": new.in_sentence, "count": count}
    if old == new:
        return _("This compares %(old)s with itself. Choose another.") % names
    names["where"] = _(" in %(workshop)s") % {"workshop": chosen.title} if chosen else ""
    if not count:
        return _("No differences between %(old)s and %(new)s%(where)s.") % names
    text = ngettext(
        "From %(old)s to %(new)s: %(count)s change%(where)s",
        "From %(old)s to %(new)s: %(count)s changes%(where)s",
        count,
    )
    return text % names


def _not_found_message(missing: str, versions: Sequence[Version]) -> str:
    """Say which release does not exist, and which is the newest."""
    existing = _("Nothing has been published yet.")
    if len(versions) > 1:
        existing = _("The newest is %(name)s.") % {"name": versions[1].in_sentence}
    return _("There is no release “%(name)s”. %(existing)s") % {
        "name": missing[:60],
        "existing": existing,
    }
