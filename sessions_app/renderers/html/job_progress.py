"""The page that stands in a paper's place while it is made, and says how far it is."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CHARACTERS_A_PAGE = 5500  # of HTML, about


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a paper is: `pages` laid out so far of one whose HTML has `length` characters.

    `seconds` since it was begun, or asked for where it still waits behind `before` others.
    """

    file: str
    length: int
    seconds: int
    before: int | None = None
    pages: int = 0
    is_laid_out: bool = False
    has_worker: bool = True

    @property
    def about(self) -> int:
        """How many pages it will have, as far as can be told."""
        if self.is_laid_out:
            return self.pages
        return max(self.pages + 1, self.length // CHARACTERS_A_PAGE)

    @property
    def step(self) -> str:
        """What is happening to it, as a sentence."""
        if not self.has_worker:
            return _(
                "Nothing on this site makes long papers at the moment. Please tell the organisers."
            )
        if self.before == 0:
            return _("It is the next to be made.")
        if self.before:
            said = ngettext(
                "%(count)s other is made before it.",
                "%(count)s others are made before it.",
                self.before,
            )
            return said % {"count": self.before}
        if self.is_laid_out:
            return _("All %(pages)s pages are laid out; the file is being written.") % {
                "pages": self.pages
            }
        if self.pages:
            said = ngettext(
                "%(pages)s page of about %(about)s is laid out.",
                "%(pages)s pages of about %(about)s are laid out.",
                self.pages,
            )
            return said % {"pages": self.pages, "about": self.about}
        return _("It is being read; then its pages are laid out, about %(about)s of them.") % {
            "about": self.about
        }


def page(progress: Progress, *, here: str, back: str, again: int) -> str:
    """The page; `here` is where the paper will be, looked at again after so many seconds."""
    return render_to_string(
        "waiting.html",
        {"progress": progress, "here": here, "back": back, "again": again, "language": "en"},
    )
