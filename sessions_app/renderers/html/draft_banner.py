"""The notice on renderings of unpublished rows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sessions_app.renderers import labels
from sessions_app.renderers.context import Draft, RenderContext


@dataclass(frozen=True, slots=True)
class DraftBanner:
    """The texts of the notice: `DRAFT`, `of 21 Nov 2026, 14:05 Lao Time`, `Readers see release 3.`

    `viewed_as` names the viewer that the draft is cut for, empty for organisers.
    """

    label: str
    as_of: str
    published_text: str
    viewed_as: str

    @property
    def footer(self) -> str:
        """The text for the page footer."""
        return " · ".join(filter(None, (f"{self.label} {self.as_of}", self.viewed_as)))


def banner(context: RenderContext) -> DraftBanner | None:
    """The notice on a draft, its time in the first zone shown; None if the context is no draft."""
    if context.draft is None:
        return None
    zone = context.zones[0]
    when = f"{labels.moment(zone.local(context.draft.made_at))} {zone.label}"
    return DraftBanner(
        label=_("DRAFT"),
        as_of=_("of %(when)s") % {"when": when},
        published_text=_published_text(context.draft.published_release),
        viewed_as=_viewed_as(context.draft),
    )


def _published_text(published_release: int) -> str:
    if not published_release:
        return _("Readers see nothing yet.")
    return _("Readers see release %(number)s.") % {"number": published_release}


def _viewed_as(draft: Draft) -> str:
    if not draft.viewed_as:
        return ""
    return _("as seen by %(name)s") % {"name": dict(draft.viewer_choices)[draft.viewed_as]}
