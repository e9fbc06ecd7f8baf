"""How many replied what: counted by workshop and role, country, language and place."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.desk.queries import Listed
from participants.models import Participation
from participants.personal.reply import AttendsBy, State
from sessions_app.renderers import labels

# The heads of the columns: a word each.
STATES = (
    (State.LISTED, gettext_lazy("Listed")),
    (State.INVITED, gettext_lazy("Invited")),
    (State.ACCEPTED, gettext_lazy("Accepted")),
    (State.TENTATIVE, gettext_lazy("Tentative")),
    (State.DECLINED, gettext_lazy("Declined")),
    (State.WITHDRAWN, gettext_lazy("Taken off")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """How many of one kind are in each state, in the order of STATES, and in all."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one question: by role, by country."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class WorkshopCounts:
    workshop: UUID
    title: str
    everybody: Line
    groups: tuple[Group, ...]


def count(listed: Iterable[Listed]) -> tuple[WorkshopCounts, ...]:
    """The counts of each workshop that has a list, in the order of the rows."""
    by_workshop: dict[UUID, list[Listed]] = {}
    for each in listed:
        by_workshop.setdefault(each.workshop, []).append(each)
    return tuple(
        WorkshopCounts(
            workshop=workshop,
            title=rows[0].workshop_title,
            everybody=_line(_("Everybody"), rows),
            groups=tuple(_group(str(name), rows, of) for name, of in _QUESTIONS),
        )
        for workshop, rows in by_workshop.items()
    )


def _group(name: str, rows: list[Listed], of: Callable[[Listed], str]) -> Group:
    kinds: dict[str, list[Listed]] = {}
    for row in rows:
        kinds.setdefault(of(row), []).append(row)
    # What was not said comes last.
    ordered = sorted(kinds, key=lambda kind: (kind == "", kind.casefold()))
    return Group(name, tuple(_line(kind or _("not said"), kinds[kind]) for kind in ordered))


def _line(name: str, rows: list[Listed]) -> Line:
    found = Counter(row.reply.state for row in rows)
    return Line(name, tuple(found[state] for state, _word in STATES))


def _role(row: Listed) -> str:
    return str(Participation.Role(row.role).label).capitalize()


def _country(row: Listed) -> str:
    return labels.country(row.country) if row.country else ""


def _language(row: Listed) -> str:
    return str(Participation.Language(row.reply.language).label) if row.reply.language else ""


def _place(row: Listed) -> str:
    """`Online`, `In the conference room`, `From an own office: MOHA Saravane`."""
    if not row.reply.attends_by:
        return ""
    label = str(AttendsBy(row.reply.attends_by).label).capitalize()
    return f"{label}: {row.reply.office}" if row.reply.office else label


_QUESTIONS: tuple[tuple[object, Callable[[Listed], str]], ...] = (
    (gettext_lazy("By role"), _role),
    (gettext_lazy("By country"), _country),
    (gettext_lazy("By language needed"), _language),
    (gettext_lazy("By place"), _place),
)
