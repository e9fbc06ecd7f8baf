"""The progress page of a PDF job."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CHARACTERS_A_PAGE = 5500  # of HTML, about


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a PDF job: `pages` laid out of a document with `length` characters of HTML.

    `seconds` since it was started, or requested if it waits behind `jobs_ahead` others.
    """

    file: str
    length: int
    seconds: int
    jobs_ahead: int | None = None
    pages: int = 0
    is_laid_out: bool = False
    has_worker: bool = True

    @property
    def expected_pages(self) -> int:
        """Estimated number of pages."""
        if self.is_laid_out:
            return self.pages
        return max(self.pages + 1, self.length // CHARACTERS_A_PAGE)

    @property
    def message(self) -> str:
        """The current step, as a sentence."""
        if not self.has_worker:
            return _("Long documents cannot be created at the moment. Please tell the organisers.")
        if self.jobs_ahead == 0:
            return _("It is next in the queue.")
        if self.jobs_ahead:
            text = ngettext(
                "%(count)s other document is created before it.",
                "%(count)s other documents are created before it.",
                self.jobs_ahead,
            )
            return text % {"count": self.jobs_ahead}
        if self.is_laid_out:
            return _("All %(pages)s pages are laid out; the file is being written.") % {
                "pages": self.pages
            }
        if self.pages:
            text = ngettext(
                "%(pages)s page of about %(about)s is laid out.",
                "%(pages)s pages of about %(about)s are laid out.",
                self.pages,
            )
            return text % {"pages": self.pages, "about": self.expected_pages}
        return _("Preparing the document. Estimated number of pages: %(about)s.") % {
            "about": self.expected_pages
        }


def progress_page(progress: Progress, *, address: str, back: str, refresh_seconds: int) -> str:
    """The page, which reloads `address` every `refresh_seconds` seconds."""
    return render_to_string(
        "job_progress.html",
        {
            "progress": progress,
            "address": address,
            "back": back,
            "refresh_seconds": refresh_seconds,
            "language": "en",
        },
    )
