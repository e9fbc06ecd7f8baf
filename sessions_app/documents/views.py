"""Views of documents, and of all of an event's documents for organisers."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from participants.access.groups import READ
from participants.access.levels import Viewer
from participants.access.viewer import organiser_viewer
from sessions_app.agenda.visibility import moderates
from sessions_app.documents import catalogue, storage
from sessions_app.documents.responses import pdf_response, reuse_pending_job
from sessions_app.documents.storage import StorageFailed
from sessions_app.public.requests import (
    build_context,
    explain_bad_parameters,
    reader_view,
    upper_case_redirect,
)
from sessions_app.publishing import queries
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.html import pages
from sessions_app.renderers.pdf.documents import Document
from sessions_app.renderers.pdf.engine import RenderFailed
from sessions_app.staff_permission import staff_permission_required


@reader_view
@reuse_pending_job
def programme(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/agenda.pdf`: the programme; `?short=1` leaves the questions out."""
    context = _context(request, slug, viewer)
    short = request.GET.get("short") == "1"
    return _pdf(request, context, viewer, catalogue.programme(context, short=short))


@reader_view
@reuse_pending_job
def briefing(request: HttpRequest, slug: str, viewer: Viewer, key: str) -> HttpResponse:
    """`/<event>/people/<key>/briefing.pdf`: for that person and organisers; others get a 404."""
    context = _context(request, slug, viewer)
    for person in context.agenda.people:
        if person.key == key and (viewer.is_organiser or person.uid in viewer.people):
            return _pdf(request, context, viewer, catalogue.briefing(context, person))
    raise Http404


@reader_view
@reuse_pending_job
def _country_brief(request: HttpRequest, slug: str, viewer: Viewer, code: str) -> HttpResponse:
    context = _context(request, slug, viewer)
    if code not in context.agenda.countries():
        raise Http404
    return _pdf(request, context, viewer, catalogue.country_brief(context, code))


def country_brief(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """`/<event>/countries/<ISO2>.pdf`: a country's delegation, sessions and questions."""
    return upper_case_redirect(request, slug, code, "country-brief") or _country_brief(
        request, slug, code
    )


@reader_view
@reuse_pending_job
def run_sheet(request: HttpRequest, slug: str, viewer: Viewer, key: str) -> HttpResponse:
    """`/<event>/workshops/<key>/script.pdf`: for organisers and the workshop's moderators."""
    context = _context(request, slug, viewer)
    for workshop in context.agenda.workshops:
        if workshop.key == key and (viewer.is_organiser or moderates(workshop, viewer.people)):
            return _pdf(request, context, viewer, catalogue.run_sheet(context, workshop))
    raise Http404


@require_safe
@staff_permission_required(READ)
@explain_bad_parameters
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """`/desk/<event>/documents/`: list of all documents."""
    context = _context(request, slug, organiser_viewer(slug))
    archive = reverse("documents-zip", args=[slug])
    return HttpResponse(pages.documents_page(context, tuple(catalogue.items(context)), archive))


@require_safe
@staff_permission_required(READ)
@explain_bad_parameters
@reuse_pending_job
def document(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """`/desk/<event>/documents/<path>`: one document, exactly as in the ZIP."""
    context = _context(request, slug, organiser_viewer(slug))
    for item in catalogue.items(context):
        if item.path == path:
            return pdf_response(request, item.render())
    raise Http404


@require_safe
@staff_permission_required(READ)
@explain_bad_parameters
def archive(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`/desk/<event>/documents.zip`: all documents; those that failed are listed in a text file."""
    context = _context(request, slug, organiser_viewer(slug))
    response = StreamingHttpResponse(_stream_zip(context), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}-documents.zip"'
    return response


def _stream_zip(context: RenderContext) -> Iterator[bytes]:
    """A ZIP, sent document by document so that a browser sees progress."""
    buffer, failed, sent = BytesIO(), [], 0
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for item in catalogue.items(context):
            try:
                archive.writestr(_zip_entry(item.path), storage.render_blocking(item.render()))
            except (RenderFailed, StorageFailed) as error:
                failed.append(f"{item.path}: {error}")
            yield buffer.getvalue()[sent:]
            sent = len(buffer.getvalue())
        if failed:
            archive.writestr(_zip_entry("not-created.txt"), "\n".join(failed) + "\n")
    yield buffer.getvalue()[sent:]


def _zip_entry(path: str) -> zipfile.ZipInfo:
    """A ZIP entry with a fixed date: equal documents give an equal ZIP."""
    return zipfile.ZipInfo(path, date_time=(2000, 1, 1, 0, 0, 0))


def _pdf(
    request: HttpRequest, context: RenderContext, viewer: Viewer, document: Document
) -> HttpResponse:
    """The PDF response; a variant if the reader chose zones, a language or another host.

    Variants are unbounded in number: they wait behind plain documents, and are limited.
    """
    is_chosen = context.requested_zones or context.language != "en" or context.site != settings.SITE
    return pdf_response(request, document, is_variant=bool(is_chosen) and not viewer.is_organiser)


def _context(request: HttpRequest, slug: str, viewer: Viewer) -> RenderContext:
    return build_context(request, queries.get_published(slug, viewer), viewer)
