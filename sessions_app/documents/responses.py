"""HTTP responses for documents: the PDF, a progress page, or an error page."""

import fcntl
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.log import log_response
from django.utils.translation import gettext as _

from sessions_app.documents import job_queue, storage
from sessions_app.documents.storage import StorageFailed
from sessions_app.documents.variant_limits import over_limit_response
from sessions_app.models.pdf_jobs import PdfJob
from sessions_app.public.requests import error_response, event_path
from sessions_app.renderers.html import job_progress
from sessions_app.renderers.pdf.documents import Document
from sessions_app.renderers.pdf.engine import RenderFailed

P = ParamSpec("P")

logger = logging.getLogger(__name__)

WAIT_SECONDS = 20.0  # time that a request waits for a quick document
REFRESH_SECONDS = 3  # between two reloads of the progress page
UNFINISHED_STATES = (PdfJob.State.WAITING, PdfJob.State.RENDERING)
JOB_PARAMETER = "made"  # the query parameter that names a job requested a moment ago


def pdf_response(
    request: HttpRequest, document: Document, *, is_variant: bool = False
) -> HttpResponse:
    """The PDF if it is stored or renders quickly, else a progress page that turns into it.

    The ETag is the hash of the content, so that an unchanged PDF is not sent again.
    """
    refused = over_limit_response(request, document) if is_variant else None
    find_pdf = partial(storage.request_pdf, document, is_variant=is_variant)
    return refused or _respond(request, document.name, find_pdf)


def reuse_pending_job(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Decorator of a document's view: no new HTML is rendered while the job in the address runs.

    The progress page reveals nothing of the document's content.
    """

    @wraps(view)
    def respond(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        job = _requested_job(request)
        if job is None or job.state not in UNFINISHED_STATES or storage.is_quick(job):
            return view(request, *args, **kwargs)
        return (
            _progress_response(request, job)
            if _belongs_to_address(request, job)
            else view(request, *args, **kwargs)
        )

    return respond


def _belongs_to_address(request: HttpRequest, job: PdfJob) -> bool:
    """True if the job belongs to this address: its file name starts with the address's keys."""
    match = request.resolver_match
    keys = match.kwargs if match else {}
    return job.file.startswith("-".join(keys[name] for name in keys if name != "path"))


def requested_job_response(request: HttpRequest) -> HttpResponse | None:
    """The response for the job that the address names; None if it names none.

    Rendering a draft again instead would give another document, with another minute on it.
    """
    job = _requested_job(request)
    if job is None:
        return None
    return _respond(request, job.file, lambda: (job, storage.stored_pdf(job)))


def _requested_job(request: HttpRequest) -> PdfJob | None:
    name = request.GET.get(JOB_PARAMETER, "")
    return job_queue.find(name) if re.fullmatch("[0-9a-f]{64}", name) else None


def _respond(
    request: HttpRequest, file: str, find_pdf: Callable[[], tuple[PdfJob, bytes | None]]
) -> HttpResponse:
    try:
        job, content = find_pdf()
        if content is None:
            content = _quick_pdf(job)
    except RenderFailed as error:
        logger.error("%s was not created: %s", file, error)
        return _render_failed_response()
    except StorageFailed as error:
        logger.error("%s was not stored: %s", file, error)
        return _storage_failed_response()
    if content is None:
        return _progress_response(request, job)
    response = HttpResponse(content, content_type="application/pdf")
    response["ETag"] = f'"{job.name[:32]}"'
    response["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def _quick_pdf(job: PdfJob) -> bytes | None:
    """The PDF of a quick document; None if it takes longer or another request is waiting for one.

    Only one process of a machine waits at a time: the others go on serving pages.
    """
    if not storage.is_quick(job):
        return None
    with rendering_slot() as is_free:
        return storage.wait_for(job, within=WAIT_SECONDS) if is_free else None


@contextmanager
def rendering_slot() -> Iterator[bool]:
    """Lock for the one request of this machine that may wait for a document; False if taken."""
    with (Path(settings.VAR) / "documents-slot.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _progress_response(request: HttpRequest, job: PdfJob) -> HttpResponse:
    """503 with the progress page, which reloads itself without a script (Refresh header)."""
    now = timezone.now()
    job = job_queue.find(job.pk) or job
    began_at = job.began_at if job.state == PdfJob.State.RENDERING else None
    progress = job_progress.Progress(
        file=job.file,
        length=job.length,
        seconds=int((now - (began_at or job.asked_at)).total_seconds()),
        jobs_ahead=None if began_at else job_queue.count_jobs_ahead(job),
        pages=job.pages if began_at else 0,
        is_laid_out=job.is_laid_out if began_at else False,
        has_worker=storage.is_quick(job) or job_queue.has_worker(now=now),
    )
    query = request.GET.copy()
    query[JOB_PARAMETER] = job.pk
    address = f"{request.path}?{query.urlencode(safe='/')}"
    _root, first, slug, *_rest = request.path.split("/")
    back = reverse("board", args=[slug]) if first == "desk" else event_path(first)
    page = job_progress.progress_page(
        progress, address=address, back=back, refresh_seconds=REFRESH_SECONDS
    )
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(REFRESH_SECONDS)
    log_response("%s is being created", job.file, response=response, request=request, level="info")
    response["Refresh"] = f"{REFRESH_SECONDS}; url={iri_to_uri(address)}"
    return response


def _render_failed_response() -> HttpResponse:
    return error_response(
        500,
        _("This document could not be created"),
        _(
            "Something in it cannot be printed. The error has been logged. "
            "The programme is also available as a web page."
        ),
    )


def _storage_failed_response() -> HttpResponse:
    response = error_response(
        503,
        _("This document could not be stored"),
        _(
            "The document storage of this site is full or does not respond. Please try again in a "
            "few minutes. The programme is also available as a web page."
        ),
    )
    response["Retry-After"] = "60"
    return response
