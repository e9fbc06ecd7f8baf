"""What stands beside a row of the board: findings by level, what changed and who edited it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.agenda.diff import Change
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.registry import Finding, Level
from sessions_app.publishing.queries import Edit
from sessions_app.renderers import labels
from sessions_app.renderers.diff import change_sentences
from workshop.zones import Zone

AT_GAPS = "gap"  # the code of findings that the board tells between rows, not beside them


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one level, under a heading that counts them."""

    level: Level
    heading: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What publishing would change, and where it is known who edited it last and when."""

    sentence: str
    edited: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What is said of one thing."""

    findings: tuple[Group, ...] = ()
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a draft: its findings, its changes since a release, who edited what."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    edits: Mapping[UUID, Edit]
    zone: Zone
    now: datetime

    def of_event(self) -> Notes:
        """What concerns no workshop in particular."""
        return Notes(
            _groups(each for each in self.findings if not each.workshop),
            self._changed(each for each in self.changes if isinstance(each.subject, Agenda)),
        )

    def of_workshop(self, workshop: Workshop) -> Notes:
        """What concerns none of its rows; rows that are gone are told here."""
        own = (each for each in self.findings if each.workshop == workshop.key)
        return Notes(
            _groups(
                each
                for each in own
                if not each.sessions and (each.code != AT_GAPS or not workshop.sessions)
            ),
            self._changed(each for each in self.changes if _is_of(each, workshop)),
        )

    def of_session(self, session: Session) -> Notes:
        own = (each for each in self.findings if session.key in each.sessions)
        changes = (each for each in self.changes if each.subject.uid == session.uid)
        return Notes(
            _groups(each for each in own if each.code != AT_GAPS),
            self._changed(changes),
        )

    def level_of_gaps(self) -> Level:
        """How serious a gap is, where there is any."""
        return next((each.level for each in self.findings if each.code == AT_GAPS), Level.NOTE)

    def _changed(self, changes: Iterable[Change]) -> tuple[Changed, ...]:
        """Who edited a thing last is said once, with the last of its changes."""
        found = tuple(changes)
        last = {each.subject.uid: each for each in found}
        return tuple(
            Changed(
                change_sentences.sentence(each, self.zone),
                self._edited(each.subject.uid) if each is last[each.subject.uid] else "",
            )
            for each in found
        )

    def _edited(self, uid: UUID) -> str:
        """`last edited by Ann Lee, 14:05`, with the date where it is not today's."""
        edit = self.edits.get(uid)
        if edit is None:
            return ""
        at, today = self.zone.local(edit.at), self.zone.local(self.now).date()
        when = labels.clock_time(at)
        when = when if at.date() == today else f"{labels.short_date(at)} {when}"
        said = _("last edited by %(by)s, %(when)s") if edit.by else _("last edited %(when)s")
        return said % {"by": edit.by, "when": when}


def _is_of(change: Change, workshop: Workshop) -> bool:
    if isinstance(change.subject, Workshop):
        return change.subject.uid == workshop.uid
    was = change.former_workshop
    return change.after is None and was is not None and was.uid == workshop.uid


def _groups(findings: Iterable[Finding]) -> tuple[Group, ...]:
    found = tuple(findings)
    groups = ((level, [each.message for each in found if each.level is level]) for level in Level)
    return tuple(
        Group(level, counted(level, len(messages)), tuple(messages))
        for level, messages in groups
        if messages
    )


def counted(level: Level, count: int) -> str:
    """`1 error`, `2 warnings`."""
    said = {
        Level.ERROR: ngettext("%(count)s error", "%(count)s errors", count),
        Level.WARNING: ngettext("%(count)s warning", "%(count)s warnings", count),
        Level.NOTE: ngettext("%(count)s note", "%(count)s notes", count),
    }
    return said[level] % {"count": count}
