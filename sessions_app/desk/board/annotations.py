"""Annotations of the board: findings by level, changes since a release, and the last edits."""

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

GAP_CODE = "gap"  # findings with this code are rows of their own on the board


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one level, under a heading that counts them."""

    level: Level
    heading: str
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """A change that publishing would make, with the last edit where it is known."""

    sentence: str
    last_edit: str = ""


@dataclass(frozen=True, slots=True)
class RowAnnotations:
    """Findings and changes of one session, one workshop or the event."""

    findings: tuple[FindingGroup, ...] = ()
    changes: tuple[ChangeNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Annotations:
    """Findings with sentences, changes and last edits, by event, workshop and session."""

    findings: tuple[tuple[Finding, str], ...]
    changes: tuple[Change, ...]
    edits: Mapping[UUID, Edit]
    zone: Zone
    now: datetime

    def for_event(self) -> RowAnnotations:
        """Return what belongs to no workshop."""
        return RowAnnotations(
            _finding_groups(row for row in self.findings if not row[0].workshop),
            self._notes(change for change in self.changes if isinstance(change.subject, Agenda)),
        )

    def for_workshop(self, workshop: Workshop) -> RowAnnotations:
        """Return what belongs to none of its sessions, and its removed sessions."""
        return RowAnnotations(
            _finding_groups(
                (finding, sentence)
                for finding, sentence in self.findings
                if finding.workshop == workshop.key
                and not finding.sessions
                and (finding.code != GAP_CODE or not workshop.sessions)
            ),
            self._notes(change for change in self.changes if _is_of(change, workshop)),
        )

    def for_session(self, session: Session) -> RowAnnotations:
        """Return the findings and changes of one session."""
        changes = (change for change in self.changes if change.subject.uid == session.uid)
        return RowAnnotations(
            _finding_groups(
                (finding, sentence)
                for finding, sentence in self.findings
                if session.key in finding.sessions and finding.code != GAP_CODE
            ),
            self._notes(changes),
        )

    def gap_level(self) -> Level:
        """Return the level of gaps in this draft."""
        gaps = (finding.level for finding, _sentence in self.findings if finding.code == GAP_CODE)
        return next(gaps, Level.NOTE)

    def _notes(self, changes: Iterable[Change]) -> tuple[ChangeNote, ...]:
        """Return a note for each change; only the last of a subject names its last edit."""
        ordered = tuple(changes)
        last = {change.subject.uid: change for change in ordered}
        return tuple(
            ChangeNote(
                change_sentences.sentence(change, self.zone),
                self._last_edit(change.subject.uid) if change is last[change.subject.uid] else "",
            )
            for change in ordered
        )

    def _last_edit(self, uid: UUID) -> str:
        """`last edited by Ann Lee, 14:05`, with the date where it is not today's."""
        edit = self.edits.get(uid)
        if edit is None:
            return ""
        at, today = self.zone.local(edit.at), self.zone.local(self.now).date()
        when = labels.clock_time(at)
        when = when if at.date() == today else f"{labels.short_date(at)} {when}"
        text = _("last edited by %(by)s, %(when)s") if edit.author else _("last edited %(when)s")
        return text % {"by": edit.author, "when": when}


def _is_of(change: Change, workshop: Workshop) -> bool:
    if isinstance(change.subject, Workshop):
        return change.subject.uid == workshop.uid
    former = change.former_workshop
    return change.after is None and former is not None and former.uid == workshop.uid


def _finding_groups(findings: Iterable[tuple[Finding, str]]) -> tuple[FindingGroup, ...]:
    listed = tuple(findings)
    groups = (
        (level, [sentence for finding, sentence in listed if finding.level is level])
        for level in Level
    )
    return tuple(
        FindingGroup(level, level_count(level, len(messages)), tuple(messages))
        for level, messages in groups
        if messages
    )


def level_count(level: Level, count: int) -> str:
    """Return a level with its count: `1 error`, `2 warnings`."""
    texts = {
        Level.ERROR: ngettext("%(count)s error", "%(count)s errors", count),
        Level.WARNING: ngettext("%(count)s warning", "%(count)s warnings", count),
        Level.NOTE: ngettext("%(count)s note", "%(count)s notes", count),
    }
    return texts[level] % {"count": count}
