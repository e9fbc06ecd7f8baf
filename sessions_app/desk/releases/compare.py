"""Any two releases beside each other, or a release beside the draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.publishing import queries
from sessions_app.renderers import labels
from sessions_app.renderers.diff import side_by_side
from workshop.models import Event
from workshop.zones import Zone

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Version:
    """What can be compared, a release or the draft; `value` is what the address calls it.

    `number` is that of a release which can be restored, None where there is nothing to restore.
    """

    value: str
    name: str
    in_sentence: str
    when: str
    number: int | None = None


@require_safe
@at_desk
def compare(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/compare/?old=1&new=3`: what differs; by default what the last one changed."""
    zone = own_zone(event)
    versions = _versions(event, zone)
    known = {each.value: each for each in versions}
    old, new = _asked(request.GET, list(known))
    missing = [each for each in (old, new) if each not in known]
    found = {} if missing else _compared(event, known[old], known[new], request.GET, zone)
    answer = page(
        request,
        "compare.html",
        event,
        section="releases",
        heading=_("Compare releases"),
        zone=zone,
        versions=versions,
        old=old,
        new=new,
        refused=_refused(missing[0], versions) if missing else "",
        **found,
    )
    answer.status_code = 404 if missing else 200
    return answer


def _versions(event: Event, zone: Zone) -> tuple[Version, ...]:
    """The draft, then the releases, newest first."""
    releases = queries.list_release_rows(event.slug)
    return (
        Version(DRAFT, _("Draft"), _("the draft"), _("as the rows stand now")),
        *(
            Version(
                value=str(release.number),
                name=_("Release %(number)s") % {"number": release.number},
                in_sentence=_("release %(number)s") % {"number": release.number},
                when=labels.moment(zone.local(release.made_at)),
                number=release.number if release is not releases[0] else None,
            )
            for release in releases
        ),
    )


def _asked(sent: QueryDict, known: Sequence[str]) -> tuple[str, str]:
    """What the address compares with what; a side that it leaves open is the one next to it."""
    old, new = sent.get("old", ""), sent.get("new", "")
    if not new:
        new = known[1] if len(known) > 2 and old != known[1] else DRAFT
    if not old:
        older = known[known.index(new) + 1 :] if new in known else ()
        old = older[0] if older else new
    return old, new


def _compared(
    event: Event, old: Version, new: Version, sent: QueryDict, zone: Zone
) -> dict[str, object]:
    before, after = (_agenda(event, each) for each in (old, new))
    workshops = {each.key: each for each in (*before.workshops, *after.workshops)}
    chosen = workshops.get(sent.get("workshop", ""))
    found = side_by_side.sections(before, after, zone, workshop=chosen.key if chosen else "")
    kept = {"workshop": chosen.key} if chosen else {}
    return {
        "before_name": old.name,
        "after_name": new.name,
        "workshops": workshops.values(),
        "chosen": chosen,
        "sections": found,
        "said": _said(old, new, side_by_side.count(found), chosen),
        "swapped": urlencode({"old": new.value, "new": old.value, **kept}),
        "restorable": sorted({each.number for each in (old, new) if each.number}),
    }


def _agenda(event: Event, version: Version) -> Agenda:
    release = None
    if version.value != DRAFT:
        release = queries.get_release_row(event.slug, int(version.value))
    return queries.get_draft(event) if release is None else queries.stored(release)


def _said(old: Version, new: Version, count: int, chosen: Workshop | None) -> str:
    names = {"old": old.in_sentence, "new": new.in_sentence, "count": count}
    if old == new:
        return _("This compares %(old)s with itself: choose another.") % names
    names["where"] = _(" in %(workshop)s") % {"workshop": chosen.title} if chosen else ""
    if not count:
        return _("Nothing differs between %(old)s and %(new)s%(where)s.") % names
    said = ngettext(
        "From %(old)s to %(new)s: %(count)s change%(where)s",
        "From %(old)s to %(new)s: %(count)s changes%(where)s",
        count,
    )
    return said % names


def _refused(missing: str, versions: Sequence[Version]) -> str:
    """A sentence that names what there is not and what there is."""
    has = _("Nothing has been published yet.")
    if len(versions) > 1:
        has = _("The newest is %(name)s.") % {"name": versions[1].in_sentence}
    return _("There is no release “%(name)s”. %(has)s") % {"name": missing[:60], "has": has}
