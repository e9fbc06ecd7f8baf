"""A paper becomes an answer: the PDF, a page that says how far it is, or why there is none."""

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
from sessions_app.documents.rate_limits import turned_away
from sessions_app.documents.storage import NotKept
from sessions_app.models.pdf_jobs import Printing
from sessions_app.public.requests import base, refusal
from sessions_app.renderers.html import job_progress
from sessions_app.renderers.pdf.documents import Paper
from sessions_app.renderers.pdf.engine import PaperFailed

P = ParamSpec("P")

logger = logging.getLogger(__name__)

WITHIN = 20.0  # seconds that a request waits for a quick paper
AGAIN = 3  # seconds until the page that waits looks again
UNFINISHED = (Printing.State.WAITING, Printing.State.SETTING)
MADE = "made"  # the parameter that names a paper which was asked for a moment ago


def as_pdf(request: HttpRequest, paper: Paper, *, is_variant: bool = False) -> HttpResponse:
    """The PDF where it is kept or quickly made, else a page that becomes it.

    Its ETag is what it says, so that it is neither set nor sent again unchanged.
    """
    refused = turned_away(request, paper) if is_variant else None
    ask = partial(storage.ask, paper, is_variant=is_variant)
    return refused or _answered(request, paper.name, ask)


def once_made(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A view of a paper that draws it when it is there, not each time that its page looks again.

    That page says how far it is and nothing of what the paper says.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        row = _named(request)
        if row is None or row.state not in UNFINISHED or storage.is_quick(row):
            return view(request, *args, **kwargs)
        return _waiting(request, row) if _is_of(request, row) else view(request, *args, **kwargs)

    return answer


def _is_of(request: HttpRequest, row: Printing) -> bool:
    """Whether a paper could be the one of this address, by its name: others get no answer here."""
    found = request.resolver_match
    named = found.kwargs if found else {}
    return row.file.startswith("-".join(named[each] for each in named if each != "path"))


def the_very_one(request: HttpRequest) -> HttpResponse | None:
    """The paper that the page of a moment ago waits for; None where there is none.

    A draft drawn again would be another one, of another minute.
    """
    row = _named(request)
    if row is None:
        return None
    return _answered(request, row.file, lambda: (row, storage.kept(row)))


def _named(request: HttpRequest) -> Printing | None:
    name = request.GET.get(MADE, "")
    return job_queue.find(name) if re.fullmatch("[0-9a-f]{64}", name) else None


def _answered(
    request: HttpRequest, file: str, ask: Callable[[], tuple[Printing, bytes | None]]
) -> HttpResponse:
    try:
        row, content = ask()
        if content is None:
            content = _soon(row)
    except PaperFailed as problem:
        logger.error("%s was not made: %s", file, problem)
        return _failed()
    except NotKept as problem:
        logger.error("%s was not kept: %s", file, problem)
        return _not_kept()
    if content is None:
        return _waiting(request, row)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["ETag"] = f'"{row.name[:32]}"'
    answer["Content-Disposition"] = f'inline; filename="{file}"'
    return answer


def _soon(row: Printing) -> bytes | None:
    """The PDF of a quick paper; None where it takes longer, or another request waits for one.

    The other processes of this machine go on serving pages whatever is asked for.
    """
    if not storage.is_quick(row):
        return None
    with slot() as is_free:
        return storage.awaited(row, within=WITHIN) if is_free else None


@contextmanager
def slot() -> Iterator[bool]:
    """Whether no other request of this machine waits for a paper or sets one; now we do."""
    with (Path(settings.VAR) / "papers-slot.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _waiting(request: HttpRequest, row: Printing) -> HttpResponse:
    """503, with how far it is; the page looks again by itself, without scripts."""
    now = timezone.now()
    row = job_queue.find(row.pk) or row
    begun = row.began_at if row.state == Printing.State.SETTING else None
    progress = job_progress.Progress(
        file=row.file,
        length=row.length,
        seconds=int((now - (begun or row.asked_at)).total_seconds()),
        before=None if begun else job_queue.before(row),
        pages=row.pages if begun else 0,
        is_laid_out=row.is_laid_out if begun else False,
        has_worker=storage.is_quick(row) or job_queue.has_worker(now=now),
    )
    asked = request.GET.copy()
    asked[MADE] = row.pk
    here = f"{request.path}?{asked.urlencode(safe='/')}"
    _root, first, slug, *_rest = request.path.split("/")
    back = reverse("board", args=[slug]) if first == "desk" else base(first)
    page = job_progress.page(progress, here=here, back=back, again=AGAIN)
    answer = HttpResponse(page, status=503)
    answer["Retry-After"] = str(AGAIN)
    log_response("%s is being made", row.file, response=answer, request=request, level="info")
    answer["Refresh"] = f"{AGAIN}; url={iri_to_uri(here)}"
    return answer


def _failed() -> HttpResponse:
    return refusal(
        500,
        _("This paper could not be made"),
        _(
            "Something in it cannot be printed. The organisers have been told; "
            "the programme itself is on the page."
        ),
    )


def _not_kept() -> HttpResponse:
    answer = refusal(
        503,
        _("There is no room for this paper"),
        _(
            "The place where this site keeps its papers is full or does not answer. Please try "
            "again in a few minutes; the programme itself is on the page."
        ),
    )
    answer["Retry-After"] = "60"
    return answer
