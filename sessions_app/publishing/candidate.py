"""Candidate: the draft, the newest release, and what publishing would release of both."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from sessions_app.agenda.selection import with_appearing_people
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.checks.findings import SplitMove
from sessions_app.checks.registry import Finding, Level, check
from sessions_app.models import Release
from sessions_app.publishing.queries import full_agenda, get_draft
from workshop.models import Event


@dataclass(frozen=True)  # without slots, for the cached properties
class Candidate:
    """What publishing the workshops with the UIDs `chosen` would release; None for all.

    `would_release` has the other workshops as in `released`, the newest release if there is one.
    """

    draft: Agenda
    released: Agenda | None
    would_release: Agenda
    chosen: Collection[UUID] | None

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings in what would be released."""
        return check(self.would_release)

    @cached_property
    def errors(self) -> tuple[Finding | SplitMove, ...]:
        """Errors against publishing: those in chosen workshops, and their halves of moves."""
        return (*_split_moves(self), *_errors_in_chosen(self))

    def includes(self, workshop: Workshop) -> bool:
        """Whether this workshop would be published as in the draft."""
        return self.chosen is None or workshop.uid in self.chosen


def get_candidate(event: Event, chosen: Collection[UUID] | None = None) -> Candidate:
    """The candidate of an event, from the current rows. Fourteen queries."""
    newest = Release.objects.newest(event.slug)
    released = None if newest is None else full_agenda(newest)
    draft = get_draft(event)
    return Candidate(draft, released, _with_unchosen_as_released(draft, released, chosen), chosen)


def _split_moves(candidate: Candidate) -> tuple[SplitMove, ...]:
    """Sessions moved between two workshops of which only one is to be published."""
    if candidate.released is None or candidate.chosen is None:
        return ()
    released_in = {
        session.uid: workshop for workshop, session in candidate.released.workshop_sessions()
    }
    return tuple(
        SplitMove(session, former, workshop)
        for workshop, session in candidate.draft.workshop_sessions()
        if (former := released_in.get(session.uid))
        and former.uid != workshop.uid
        and candidate.includes(former) != candidate.includes(workshop)
    )


def _errors_in_chosen(candidate: Candidate) -> tuple[Finding, ...]:
    chosen = [row for row in candidate.would_release.workshops if candidate.includes(row)]
    keys = {workshop.key for workshop in chosen}
    session_keys = {session.key for workshop in chosen for session in workshop.sessions}
    return tuple(
        finding
        for finding in candidate.findings
        if finding.level is Level.ERROR
        and (
            not finding.workshop
            or finding.workshop in keys
            or session_keys.intersection(finding.sessions)
        )
    )


def _with_unchosen_as_released(
    draft: Agenda, released: Agenda | None, chosen: Collection[UUID] | None
) -> Agenda:
    """The draft, with workshops that were not chosen, and their people, as last released."""
    if chosen is None:
        return draft
    new = with_appearing_people(
        replace(draft, workshops=tuple(row for row in draft.workshops if row.uid in chosen))
    )
    old = replace(draft, workshops=()) if released is None else released
    workshops = {row.uid: row for row in (*old.workshops, *new.workshops)}
    people = {row.uid: row for row in (*draft.people, *old.people, *new.people)}
    return with_appearing_people(
        replace(
            draft,
            workshops=tuple(sorted(workshops.values(), key=lambda row: (row.starts_at, row.key))),
            people=tuple(sorted(people.values(), key=lambda row: (row.sort_name, row.key))),
        )
    )
