"""Running order of a session: its talks and questions with start and end. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sessions_app.agenda.types import Presentation, QuestionBlock, Session


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a session, in UTC: a talk, the answers of `countries`, or time left or over.

    Where no minutes are stated `ends_at` is None, and the step shares the time until the next
    step that has minutes.
    """

    kind: Literal["country", "block", "talk", "unallotted", "over"]
    starts_at: datetime
    ends_at: datetime | None
    countries: tuple[str, ...] = ()
    block: QuestionBlock | None = None
    talk: Presentation | None = None

    @property
    def minutes(self) -> int | None:
        if self.ends_at is None:
            return None
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


def steps(session: Session) -> tuple[Step, ...]:
    """Steps of a session in order: talks, then each country of each question block.

    A last step is `unallotted` where every step has minutes and some of the slot are left, or
    `over` where the steps need more than the slot.
    """
    timed: list[Step] = []
    now = session.starts_at
    for step in _planned_steps(session):
        ends_at = None if step.minutes is None else now + timedelta(minutes=step.minutes)
        timed.append(Step(step.kind, now, ends_at, step.countries, step.block, step.talk))
        now = ends_at or now
    all_stated = bool(timed) and all(step.ends_at for step in timed)
    if all_stated and now < session.ends_at:
        timed.append(Step("unallotted", now, session.ends_at))
    if now > session.ends_at:
        timed.append(Step("over", session.ends_at, now))
    return tuple(timed)


@dataclass(frozen=True, slots=True)
class _PlannedStep:
    kind: Literal["country", "block", "talk"]
    minutes: int | None
    countries: tuple[str, ...] = ()
    block: QuestionBlock | None = None
    talk: Presentation | None = None


def _planned_steps(session: Session) -> Iterator[_PlannedStep]:
    for talk in session.presentations:
        yield _PlannedStep("talk", talk.minutes, talk=talk)
    for block in session.question_blocks:
        if block.minutes_are == "per_country":
            for country in block.countries:
                yield _PlannedStep("country", block.minutes, (country,), block)
        else:
            yield _PlannedStep("block", block.minutes, block.countries, block)
