"""A workshop minute by minute, as the lines of its moderator's script."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sessions_app.agenda.running_order import Step, steps
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Appearance, Session, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.pdf.handouts import BlockSheet, block_sheet, clocks, named, stated
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class StepRow:
    """A stretch of a session, a clock time a zone; `kind` is that of the running order."""

    kind: str
    clocks: tuple[str, ...]
    minutes: str
    who: str


@dataclass(frozen=True, slots=True)
class ScriptRow:
    """A session of the moderator's script, or minutes between sessions that nothing fills."""

    is_gap: bool
    when: str
    clocks: str
    name: str
    minutes: str
    facts: tuple[tuple[str, str], ...]
    note: Text
    steps: tuple[StepRow, ...]
    blocks: tuple[BlockSheet, ...]
    needs_notes: bool


def rows(workshop: Workshop, zones: tuple[Zone, ...]) -> tuple[ScriptRow, ...]:
    """A workshop's running order, with the minute at which everybody starts and ends."""
    standing = [session for session in workshop.sessions if session.status != "cancelled"]
    found, now = [], workshop.starts_at
    for session in standing:
        found += _gap(now, session.starts_at, zones)
        found.append(_row(session, zones))
        now = max(now, session.ends_at)
    return (*found, *_gap(now, workshop.ends_at, zones))


def _row(session: Session, zones: tuple[Zone, ...]) -> ScriptRow:
    return ScriptRow(
        is_gap=False,
        when=time_ranges.span(session.starts_at, session.ends_at, zones[0]),
        clocks=clocks(session.starts_at, session.ends_at, zones),
        name=labels.session_title(session),
        minutes=labels.minutes(session.minutes),
        facts=tuple(stated(_everybody(session))),
        note=session.note,
        steps=tuple(_step(step, zones) for step in steps(session)),
        blocks=tuple(map(block_sheet, session.question_blocks)),
        needs_notes=session.kind != "break",
    )


def _gap(starts_at: datetime, ends_at: datetime, zones: tuple[Zone, ...]) -> list[ScriptRow]:
    """The row for minutes that no session fills; none where there are none."""
    if starts_at >= ends_at:
        return []
    return [
        ScriptRow(
            is_gap=True,
            when=time_ranges.span(starts_at, ends_at, zones[0]),
            clocks=clocks(starts_at, ends_at, zones),
            name=_("Nothing is planned here"),
            minutes=labels.minutes(round((ends_at - starts_at).total_seconds() / 60)),
            facts=(),
            note=Text(),
            steps=(),
            blocks=(),
            needs_notes=False,
        )
    ]


def _everybody(session: Session) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[Appearance]] = {}
    for who in session.people:
        groups.setdefault(who.role, []).append(who)
    for role, people in groups.items():
        yield labels.role(role, len(people)), named(people, full=False)


def _step(step: Step, zones: tuple[Zone, ...]) -> StepRow:
    return StepRow(
        kind=step.kind,
        clocks=tuple(_step_clock(step, zone) for zone in zones),
        minutes=labels.minutes(step.minutes) if step.minutes else _("not stated"),
        who=_who(step),
    )


def _step_clock(step: Step, zone: Zone) -> str:
    start = labels.clock_time(zone.local(step.starts_at))
    end = labels.clock_time(zone.local(step.ends_at)) if step.ends_at else ""
    return f"{start}–{end}" if end else start


def _who(step: Step) -> str:
    if step.kind == "unallotted":
        return _("not allotted to anybody")
    if step.kind == "over":
        return _("more than the slot has")
    if step.talk is not None:
        speakers = labels.listed([labels.name(who) for who in step.talk.people])
        return ": ".join(filter(None, (speakers, str(step.talk.title))))
    return labels.listed([labels.country(code) for code in step.countries])
