"""Papers at their addresses, and all of them at once for organisers."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from participants.access import permissions
from participants.access.groups import READ
from participants.access.viewer import Viewer
from sessions_app.agenda.visibility import moderates
from sessions_app.documents import catalogue, storage
from sessions_app.documents.responses import as_pdf, once_made
from sessions_app.documents.storage import NotKept
from sessions_app.public.requests import for_reader, read, refusing, upper_case
from sessions_app.publishing import queries
from sessions_app.renderers.context import Reading
from sessions_app.renderers.html import pages
from sessions_app.renderers.pdf.documents import Paper
from sessions_app.renderers.pdf.engine import PaperFailed
from sessions_app.staff_permission import permitted


@for_reader
@once_made
def programme(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/agenda.pdf`: the programme; `?short=1` leaves the questions out."""
    reading = _reading(request, slug, viewer)
    short = request.GET.get("short") == "1"
    return _answer(request, reading, viewer, catalogue.programme(reading, short=short))


@for_reader
@once_made
def briefing(request: HttpRequest, slug: str, viewer: Viewer, key: str) -> HttpResponse:
    """`/<event>/people/<key>/briefing.pdf`: for that person and organisers; others get a 404."""
    reading = _reading(request, slug, viewer)
    for person in reading.agenda.people:
        if person.key == key and (viewer.is_organiser or person.uid in viewer.people):
            return _answer(request, reading, viewer, catalogue.briefing(reading, person))
    raise Http404


@for_reader
@once_made
def _delegation(request: HttpRequest, slug: str, viewer: Viewer, code: str) -> HttpResponse:
    reading = _reading(request, slug, viewer)
    if code not in reading.agenda.countries():
        raise Http404
    return _answer(request, reading, viewer, catalogue.delegation(reading, code))


def delegation(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """`/<event>/countries/<ISO2>.pdf`: a country's delegation, parts and questions."""
    return upper_case(request, slug, code, "delegation") or _delegation(request, slug, code)


@for_reader
@once_made
def script(request: HttpRequest, slug: str, viewer: Viewer, key: str) -> HttpResponse:
    """`/<event>/workshops/<key>/script.pdf`: for organisers and the workshop's moderators."""
    reading = _reading(request, slug, viewer)
    for workshop in reading.agenda.workshops:
        if workshop.key == key and (viewer.is_organiser or moderates(workshop, viewer.people)):
            return _answer(request, reading, viewer, catalogue.script(reading, workshop))
    raise Http404


@require_safe
@permitted(READ)
@refusing
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """`/desk/<event>/papers/`: every paper, with progress while they are made."""
    reading = _reading(request, slug, permissions.organiser(slug))
    archive = reverse("papers-zip", args=[slug])
    return HttpResponse(pages.papers_page(reading, tuple(catalogue.items(reading)), archive))


@require_safe
@permitted(READ)
@refusing
@once_made
def one(request: HttpRequest, slug: str, path: str) -> HttpResponse:
    """`/desk/<event>/papers/<path>`: one of them, the very one that the ZIP holds."""
    reading = _reading(request, slug, permissions.organiser(slug))
    for item in catalogue.items(reading):
        if item.path == path:
            return as_pdf(request, item.draw())
    raise Http404


@require_safe
@permitted(READ)
@refusing
def archive(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """`/desk/<event>/papers.zip`: all of them; what could not be made is named in a text."""
    reading = _reading(request, slug, permissions.organiser(slug))
    answer = StreamingHttpResponse(_zipped(reading), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-papers.zip"'
    return answer


def _zipped(reading: Reading) -> Iterator[bytes]:
    """A ZIP, handed out paper by paper so that a browser sees it grow."""
    made, failed, sent = BytesIO(), [], 0
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for item in catalogue.items(reading):
            try:
                archive.writestr(_entry(item.path), storage.written(item.draw()))
            except (PaperFailed, NotKept) as problem:
                failed.append(f"{item.path}: {problem}")
            yield made.getvalue()[sent:]
            sent = len(made.getvalue())
        if failed:
            archive.writestr(_entry("not-made.txt"), "\n".join(failed) + "\n")
    yield made.getvalue()[sent:]


def _entry(path: str) -> zipfile.ZipInfo:
    """A name with a fixed date: the same papers give the same ZIP."""
    return zipfile.ZipInfo(path, date_time=(2000, 1, 1, 0, 0, 0))


def _answer(request: HttpRequest, reading: Reading, viewer: Viewer, paper: Paper) -> HttpResponse:
    """In zones, a language or under a host of a reader's choice it is one of very many.

    They wait behind the others, and only so many are made.
    """
    is_chosen = reading.asked or reading.language != "en" or reading.site != settings.SITE
    return as_pdf(request, paper, is_variant=bool(is_chosen) and not viewer.is_organiser)


def _reading(request: HttpRequest, slug: str, viewer: Viewer) -> Reading:
    return read(request, queries.get_published(slug, viewer), viewer)
