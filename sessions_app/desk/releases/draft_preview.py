"""Preview of the draft as readers would see it, as page and as PDF."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participants.access.levels import Viewer
from participants.access.viewer import organiser_viewer, recipient_viewer
from sessions_app.agenda.types import Agenda
from sessions_app.agenda.visibility import for_viewer
from sessions_app.desk.desk_view import desk_view
from sessions_app.documents import catalogue
from sessions_app.documents.responses import pdf_response, requested_job_response
from sessions_app.public.requests import BadParameter, build_context, explain_bad_parameters
from sessions_app.publishing import queries
from sessions_app.renderers.context import Draft, RenderContext
from sessions_app.renderers.html import pages
from workshop.models import Event

EVERYBODY = "public"


@require_safe
@desk_view
@explain_bad_parameters
def draft(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/draft/`: the readers' page of the draft; `?as=` sets the viewer."""
    return HttpResponse(pages.agenda_page(_context(request, event)))


@require_safe
@desk_view
@explain_bad_parameters
def draft_pdf(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/draft.pdf`: the same as PDF; `?short=1` omits the questions."""
    short = request.GET.get("short") == "1"
    response = requested_job_response(request)
    if response is not None:
        return response
    return pdf_response(request, catalogue.programme(_context(request, event), short=short))


def _context(request: HttpRequest, event: Event) -> RenderContext:
    """Return the draft as the requested viewer may see it. Raises BadParameter."""
    agenda = queries.get_draft(event)
    viewed_as = request.GET.get("as", "")
    viewer = _viewer(agenda, viewed_as)
    newest = queries.list_releases(event.slug, limit=1)
    return replace(
        build_context(request, for_viewer(agenda, viewer), viewer),
        base=reverse("draft", args=[event.slug]),
        draft=Draft(
            made_at=timezone.now(),
            published_release=newest[0].number if newest else 0,
            viewed_as=viewed_as,
            viewer_choices=_viewer_choices(agenda),
        ),
    )


def _viewer(agenda: Agenda, viewed_as: str) -> Viewer:
    if not viewed_as:
        return organiser_viewer(agenda.slug)
    if viewed_as == EVERYBODY:
        return recipient_viewer(agenda.slug)
    for person in agenda.people:
        if person.key == viewed_as:
            return recipient_viewer(agenda.slug, frozenset({person.uid}))
    raise BadParameter(
        _("Nobody who appears in the draft has the key “%(key)s”.") % {"key": viewed_as[:60]}, "as"
    )


def _viewer_choices(agenda: Agenda) -> tuple[tuple[str, str], ...]:
    """Return the viewers to choose from: organisers, everybody, each person in the draft."""
    return (
        ("", _("organisers (everything)")),
        (EVERYBODY, _("everybody")),
        *((person.key, str(person.name)) for person in agenda.people),
    )
