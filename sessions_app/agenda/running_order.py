"""A session minute by minute: who is on from when to when, and what nobody was given. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sessions_app.agenda.types import Presentation, QuestionBlock, Session


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of a session's slot, in UTC.

    `countries` answer, or `talk` is given. Where no minutes are stated `ends_at` is None and the
    step shares the time until the next one that has some.
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
    """The steps of a session in order: talks, then each country of each block, then the rest.

    The last step is `unallotted` where minutes of the slot are left and every step has its own,
    or `over` where the steps need more than the slot.
    """
    found: list[Step] = []
    now = session.starts_at
    for step in _stated(session):
        ends_at = None if step.minutes is None else now + timedelta(minutes=step.minutes)
        found.append(
            Step(step.kind, now, ends_at, step.countries, step.block, step.talk),
        )
        now = ends_at or now
    all_stated = bool(found) and all(step.ends_at for step in found)
    if all_stated and now < session.ends_at:
        found.append(Step("unallotted", now, session.ends_at))
    if now > session.ends_at:
        found.append(Step("over", session.ends_at, now))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Stated:
    kind: Literal["country", "block", "talk"]
    minutes: int | None
    countries: tuple[str, ...] = ()
    block: QuestionBlock | None = None
    talk: Presentation | None = None


def _stated(session: Session) -> Iterator[_Stated]:
    for talk in session.presentations:
        yield _Stated("talk", talk.minutes, talk=talk)
    for block in session.question_blocks:
        if block.minutes_are == "per_country":
            for country in block.countries:
                yield _Stated("country", block.minutes, (country,), block)
        else:
            yield _Stated("block", block.minutes, block.countries, block)
