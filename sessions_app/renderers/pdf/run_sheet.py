"""Content of a run sheet: a workshop's running order to the minute, as lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sessions_app.agenda.running_order import Step, steps
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Appearance, Session, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.pdf.handouts import (
    HandoutBlock,
    handout_block,
    names_line,
    other_zone_times,
    without_empty,
)
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step of a session, with its times in each zone; `kind` is that of the running order."""

    kind: str
    times: tuple[str, ...]
    minutes: str
    text: str


@dataclass(frozen=True, slots=True)
class RunSheetRow:
    """A session of the run sheet, or free time between sessions."""

    is_gap: bool
    when: str
    other_times: str
    name: str
    minutes: str
    facts: tuple[tuple[str, str], ...]
    note: Text
    steps: tuple[StepRow, ...]
    blocks: tuple[HandoutBlock, ...]
    needs_notes: bool


def rows(workshop: Workshop, zones: tuple[Zone, ...]) -> tuple[RunSheetRow, ...]:
    """A workshop's running order, with the minute at which each person starts and ends."""
    sessions = [session for session in workshop.sessions if session.status != "cancelled"]
    rows, now = [], workshop.starts_at
    for session in sessions:
        rows += _gap(now, session.starts_at, zones)
        rows.append(_row(session, zones))
        now = max(now, session.ends_at)
    return (*rows, *_gap(now, workshop.ends_at, zones))


def _row(session: Session, zones: tuple[Zone, ...]) -> RunSheetRow:
    return RunSheetRow(
        is_gap=False,
        when=time_ranges.span(session.starts_at, session.ends_at, zones[0]),
        other_times=other_zone_times(session.starts_at, session.ends_at, zones),
        name=labels.session_title(session),
        minutes=labels.minutes(session.minutes),
        facts=tuple(without_empty(_people_by_role(session))),
        note=session.note,
        steps=tuple(_step(step, zones) for step in steps(session)),
        blocks=tuple(map(handout_block, session.question_blocks)),
        needs_notes=not session.behaviour.is_break,
    )


def _gap(starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...]) -> list[RunSheetRow]:
    """The row for time without a session; empty if there is none."""
    if starts_at >= ends_at:
        return []
    return [
        RunSheetRow(
            is_gap=True,
            when=time_ranges.span(starts_at, ends_at, zones[0]),
            other_times=other_zone_times(starts_at, ends_at, zones),
            name=_("No session planned"),
            minutes=labels.minutes(round((ends_at - starts_at).total_seconds() / 60)),
            facts=(),
            note=Text(),
            steps=(),
            blocks=(),
            needs_notes=False,
        )
    ]


def _people_by_role(session: Session) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[Appearance]] = {}
    for appearance in session.people:
        groups.setdefault(appearance.role, []).append(appearance)
    for role, people in groups.items():
        yield labels.role(role, len(people)), names_line(people, full=False)


def _step(step: Step, zones: tuple[Zone, ...]) -> StepRow:
    return StepRow(
        kind=step.kind,
        times=tuple(_step_time(step, zone) for zone in zones),
        minutes=labels.minutes(step.minutes) if step.minutes else _("not stated"),
        text=_step_text(step),
    )


def _step_time(step: Step, zone: Zone) -> str:
    start = labels.clock_time(zone.local(step.starts_at))
    end = labels.clock_time(zone.local(step.ends_at)) if step.ends_at else ""
    return f"{start}–{end}" if end else start


def _step_text(step: Step) -> str:
    if step.kind == "unallotted":
        return _("not assigned")
    if step.kind == "over":
        return _("longer than the session")
    if step.talk is not None:
        speakers = labels.join_list([labels.name(appearance) for appearance in step.talk.people])
        return ": ".join(filter(None, (speakers, str(step.talk.title))))
    return labels.join_list([labels.country(code) for code in step.countries])
