"""A paper becomes an answer: the PDF, or a page that says why there is none."""

import logging

from django.http import HttpResponse
from django.utils.translation import gettext as _

from sessions_app import paper_store
from sessions_app.reading import refusal
from sessions_app.renderers.papers import Paper
from sessions_app.renderers.pdf import PaperFailed

logger = logging.getLogger(__name__)


def as_pdf(paper: Paper) -> HttpResponse:
    """A PDF whose ETag is what it says, so that it is neither set nor sent again unchanged."""
    try:
        written = paper_store.written(paper)
    except PaperFailed as problem:
        logger.error("%s was not made: %s", paper.name, problem)
        return refusal(
            500,
            _("This paper could not be made"),
            _(
                "Something in it cannot be printed. The organisers have been told; "
                "the programme itself is on the page."
            ),
        )
    answer = HttpResponse(written, content_type="application/pdf")
    answer["ETag"] = f'"{paper_store.name_of(paper)[:32]}"'
    answer["Content-Disposition"] = f'inline; filename="{paper.name}"'
    return answer
