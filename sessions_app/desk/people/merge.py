"""The same person entered twice: which row stays, what it takes over, then done in one step."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from participants import models as people
from participants.access.groups import CHANGE
from sessions_app.agenda.types import Person
from sessions_app.desk.desk_view import at_desk, page
from sessions_app.desk.people.change_preview import in_list
from sessions_app.desk.people.confirm import done, gone, sent, to_people
from sessions_app.desk.people.forms import MergeForm
from sessions_app.people_changes import merge as people_changes_merge
from sessions_app.people_changes.merge import Merger, Moved, Pair
from sessions_app.publishing.queries import list_people
from sessions_app.renderers import labels
from workshop.models import Event

PERMISSIONS = (
    *("participants.change_person", "participants.delete_person"),
    *("sessions_app.change_appearance", "sessions_app.delete_appearance"),
)


@dataclass(frozen=True, slots=True)
class PairLine:
    """A field in which the rows differ: what each says, and what the one that stays says then."""

    label: str
    stays: str
    goes: str
    then: str


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A part that goes to the row that stays, or why it does not."""

    event: str
    place: str
    role: str
    note: str


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=CHANGE)
def merge(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/people/<key>/merge/`: with any other row; one of the two stays."""
    everybody = {each.key: each for each in list_people()}
    this = everybody.pop(key, None)
    if this is None:
        return gone(request, event)
    form = MergeForm(sent(request), this=this, others=everybody.values())

    def do(mark: str) -> Merger:
        stays, goes = form.pair()
        return people_changes_merge.merge(stays=stays.uid, goes=goes.uid, fingerprint=mark)

    merger = done(request, form, do)
    if merger is not None:
        return to_people(request, event, _merged(*form.pair(), merger))
    stays, goes = form.pair() if form.is_valid() else (None, None)
    found = people_changes_merge.plan(stays=stays.uid, goes=goes.uid) if stays and goes else None
    return page(
        request,
        "merge.html",
        event,
        section="people",
        heading=_("Merge %(name)s with another row") % {"name": this.name},
        form=form,
        stays=stays,
        goes=goes,
        merger=found,
        pairs=[_line(pair) for pair in found.pairs] if found else [],
        moved=[_moved(each) for each in found.moved] if found else [],
        events=_events(found) if found else [],
    )


def _line(pair: Pair) -> PairLine:
    name, _underscore, language = pair.column.rpartition("_")
    is_text = name in people_changes_merge.TRANSLATED
    field = people.Person._meta.get_field(name if is_text else pair.column)
    label = str(getattr(field, "verbose_name", ""))
    said = (
        [labels.country(code) if code else "" for code in (pair.stays, pair.goes, pair.then)]
        if pair.column == "country"
        else [pair.stays, pair.goes, pair.then]
    )
    return PairLine(
        _("%(field)s in Lao") % {"field": label} if is_text and language == "lo" else label,
        *said,
    )


def _moved(each: Moved) -> MovedLine:
    note = ""
    if each.is_double:
        note = _("taken out, since the row that stays has it already")
    elif each.is_dropped:
        note = _("in a session that was deleted")
    return MovedLine(each.event, each.place, labels.role(each.role, 1), note)


def _events(found: Merger) -> list[str]:
    """The events in which the merger changes something, each once."""
    return list(dict.fromkeys(each.event for each in found.moved))


def _merged(stays: Person, goes: Person, found: Merger) -> str:
    count = len(found.moved)
    said = ngettext(
        "%(goes)s was merged into %(stays)s, with %(count)s part.",
        "%(goes)s was merged into %(stays)s, with %(count)s parts.",
        count,
    ) % {"goes": in_list(goes), "stays": in_list(stays), "count": count}
    events = _events(found)
    if len(events) < 2:
        return said
    others = _("Publish each of these events: %(events)s.") % {"events": labels.listed(events)}
    return f"{said} {others}"
