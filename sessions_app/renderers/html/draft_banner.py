"""How a drawing of rows that are not published says so."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sessions_app.renderers import labels
from sessions_app.renderers.context import Draft, Reading


@dataclass(frozen=True, slots=True)
class DraftLine:
    """`DRAFT`, `of 21 Nov 2026, 14:05 Lao Time`, `Readers see release 3.`

    `seen_as` says whose eyes it is drawn for, where they are not an organiser's.
    """

    mark: str
    of: str
    meanwhile: str
    seen_as: str

    @property
    def foot(self) -> str:
        """The line for the foot of a paper."""
        return " · ".join(filter(None, (f"{self.mark} {self.of}", self.seen_as)))


def line(reading: Reading) -> DraftLine | None:
    """What stands over a draft, its moment on the first clock shown; None over what is no draft."""
    if reading.draft is None:
        return None
    zone = reading.zones[0]
    when = f"{labels.moment(zone.local(reading.draft.made_at))} {zone.label}"
    return DraftLine(
        mark=_("DRAFT"),
        of=_("of %(when)s") % {"when": when},
        meanwhile=_meanwhile(reading.draft.released),
        seen_as=_seen_as(reading.draft),
    )


def _meanwhile(released: int) -> str:
    if not released:
        return _("Readers see nothing yet.")
    return _("Readers see release %(number)s.") % {"number": released}


def _seen_as(draft: Draft) -> str:
    if not draft.seen_as:
        return ""
    return _("as %(name)s would read it") % {"name": dict(draft.readers)[draft.seen_as]}
