"""Counts of replies by workshop, and by role, country, language and place of attendance."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.desk.queries import ListedParticipant
from participants.models import Participation
from participants.personal.reply import AttendsBy, State
from sessions_app.renderers import labels

# Column headings, one word each.
STATES = (
    (State.LISTED, gettext_lazy("Listed")),
    (State.INVITED, gettext_lazy("Invited")),
    (State.ACCEPTED, gettext_lazy("Accepted")),
    (State.TENTATIVE, gettext_lazy("Tentative")),
    (State.DECLINED, gettext_lazy("Declined")),
    (State.WITHDRAWN, gettext_lazy("Taken off")),
)


@dataclass(frozen=True, slots=True)
class CountRow:
    """Counts of one group of people by state, in the order of STATES."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class CountGroup:
    """Count rows of one breakdown: by role, by country."""

    name: str
    rows: tuple[CountRow, ...]


@dataclass(frozen=True, slots=True)
class WorkshopCounts:
    """Counts of one workshop, in all and by group."""

    workshop: UUID
    title: str
    everybody: CountRow
    groups: tuple[CountGroup, ...]


def count_replies(participants: Iterable[ListedParticipant]) -> tuple[WorkshopCounts, ...]:
    """Counts of each workshop that has participants, in the order of the participants."""
    by_workshop: dict[UUID, list[ListedParticipant]] = {}
    for participant in participants:
        by_workshop.setdefault(participant.workshop, []).append(participant)
    return tuple(
        WorkshopCounts(
            workshop=workshop,
            title=rows[0].workshop_title,
            everybody=_count_row(_("Everybody"), rows),
            groups=tuple(_group(str(name), rows, value_of) for name, value_of in _BREAKDOWNS),
        )
        for workshop, rows in by_workshop.items()
    )


def _group(
    name: str, rows: list[ListedParticipant], value_of: Callable[[ListedParticipant], str]
) -> CountGroup:
    by_value: dict[str, list[ListedParticipant]] = {}
    for row in rows:
        by_value.setdefault(value_of(row), []).append(row)
    # Participants without a value come last.
    ordered = sorted(by_value, key=lambda value: (value == "", value.casefold()))
    return CountGroup(
        name, tuple(_count_row(value or _("not stated"), by_value[value]) for value in ordered)
    )


def _count_row(name: str, rows: list[ListedParticipant]) -> CountRow:
    counts = Counter(row.reply.state for row in rows)
    return CountRow(name, tuple(counts[state] for state, _word in STATES))


def _role(row: ListedParticipant) -> str:
    return str(Participation.Role(row.role).label).capitalize()


def _country(row: ListedParticipant) -> str:
    return labels.country(row.country) if row.country else ""


def _language(row: ListedParticipant) -> str:
    return str(Participation.Language(row.reply.language).label) if row.reply.language else ""


def _place(row: ListedParticipant) -> str:
    """`Online`, `In the conference room`, `From an own office: MOHA Saravane`."""
    if not row.reply.attends_by:
        return ""
    label = str(AttendsBy(row.reply.attends_by).label).capitalize()
    return f"{label}: {row.reply.office}" if row.reply.office else label


_BREAKDOWNS: tuple[tuple[object, Callable[[ListedParticipant], str]], ...] = (
    (gettext_lazy("By role"), _role),
    (gettext_lazy("By country"), _country),
    (gettext_lazy("By language needed"), _language),
    (gettext_lazy("By place"), _place),
)
