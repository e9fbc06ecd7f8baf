"""The draft as readers would see it: the rows as they stand, as page and on paper."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participants.access import permissions
from participants.access.viewer import Viewer
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.visibility import for_viewer
from sessions_app.desk.desk_view import at_desk
from sessions_app.documents import catalogue
from sessions_app.documents.responses import as_pdf, the_very_one
from sessions_app.public.requests import Refused, read, refusing
from sessions_app.publishing import queries
from sessions_app.renderers.context import Draft, Reading
from sessions_app.renderers.html import pages
from workshop.models import Event

EVERYBODY = "public"


@require_safe
@at_desk
@refusing
def draft(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/draft/`: drawn as the readers' page; `?as=` says whose eyes to see it with."""
    return HttpResponse(pages.agenda_page(_reading(request, event)))


@require_safe
@at_desk
@refusing
def draft_pdf(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/draft.pdf`: the same on paper; `?short=1` leaves the questions out."""
    short = request.GET.get("short") == "1"
    very_one = the_very_one(request)
    if very_one is not None:
        return very_one
    return as_pdf(request, catalogue.programme(_reading(request, event), short=short))


def _reading(request: HttpRequest, event: Event) -> Reading:
    """The draft, cut for whom the address names. Raises Refused."""
    agenda = queries.get_draft(event)
    seen_as = request.GET.get("as", "")
    viewer = _viewer(agenda, seen_as)
    newest = queries.list_release_rows(event.slug, most=1)
    return replace(
        read(request, for_viewer(agenda, viewer), viewer),
        base=reverse("draft", args=[event.slug]),
        draft=Draft(
            made_at=timezone.now(),
            released=newest[0].number if newest else 0,
            seen_as=seen_as,
            readers=_readers(agenda),
        ),
    )


def _viewer(agenda: Agenda, seen_as: str) -> Viewer:
    if not seen_as:
        return permissions.organiser(agenda.slug)
    if seen_as == EVERYBODY:
        return permissions.recipient(agenda.slug)
    for person in agenda.people:
        if person.key == seen_as:
            return permissions.recipient(agenda.slug, frozenset({person.uid}))
    raise Refused(
        _("Nobody who appears in the draft has the key “%(key)s”.") % {"key": seen_as[:60]}, "as"
    )


def _readers(agenda: Agenda) -> tuple[tuple[str, str], ...]:
    """Whom the draft can be seen as: organisers, everybody, and each who appears in it."""
    return (
        ("", _("organisers (everything)")),
        (EVERYBODY, _("everybody")),
        *((person.key, str(person.name)) for person in agenda.people),
    )
