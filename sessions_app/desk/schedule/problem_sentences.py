"""Problems of moves and of other changes of times as sentences, with times in one zone."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.types import Session, Workshop
from sessions_app.renderers import labels
from sessions_app.scheduling.shift import MoveProblem
from sessions_app.scheduling.shift_dates import NewTimes, TimeProblem
from workshop.editing.wall_clock_field import unclear_time
from workshop.zones import Zone

# `time` to `old_end` are the moments of the problem, in their order.
MOVE_SENTENCES = {
    "starts_before_end": _(
        "%(session)s would start at %(time)s, before %(other)s ends at %(end)s."
    ),
    "ends_too_late": _("%(session)s would end at %(time)s, after %(end)s."),
    "cancelled": _(
        "%(session)s is cancelled and cannot be reordered. Restore it first, or edit its times."
    ),
    "another_day": _(
        "%(session)s is on %(day)s and %(other)s on %(other_day)s. A session can be reordered only "
        "within its day. To move it to another, edit its times."
    ),
    "moves_together": _(
        "%(session)s and %(other)s move together, because they overlap each other or the same "
        "session. To separate them, edit their times."
    ),
    "starts_within": _(
        "%(session)s starts while %(other)s runs, so no session fits between them. "
        "Choose a position before or after both."
    ),
    "deleted": _("%(session)s was deleted meanwhile."),
    "no_longer_exists": _("A session that was moved no longer exists."),
    "has_other_times": _(
        "%(session)s is at %(time)s–%(end)s now, no longer at %(old_time)s–%(old_end)s."
    ),
}


def move_problem(problem: MoveProblem, zone: Zone) -> str:
    """A reason against a move as a sentence."""
    names = [_name(session, zone) for session in problem.sessions]
    days = [_day(zone.local(session.starts_at)) for session in problem.sessions]
    times = _times(problem.moments, zone)
    return str(MOVE_SENTENCES[problem.code]) % {
        **dict(zip(("session", "other"), names, strict=False)),
        **dict(zip(("day", "other_day"), days, strict=False)),
        **dict(zip(("time", "end", "old_time", "old_end"), times, strict=False)),
    }


def time_problem(problem: TimeProblem, zone: Zone) -> str:
    """A reason against other days or another time zone as a sentence."""
    name = _item_name(problem)
    if isinstance(problem, NewTimes):
        start, end = _times((problem.starts_at, problem.ends_at), zone)
        text = gettext("%(item)s would start at %(start)s and end at %(end)s.")
        return text % {"item": name, "start": start, "end": end}
    return f"{name}: {unclear_time(problem.time)}"


def _name(session: Session, zone: Zone) -> str:
    if session.number is None and not session.title:
        start = labels.clock_time(zone.local(session.starts_at))
        return gettext("Untitled (%(time)s)") % {"time": start}
    return labels.session_name(session)


def _item_name(problem: TimeProblem) -> str:
    title, span = problem.workshop.title, problem.span
    if isinstance(span, Session):
        return labels.quoted_session_name(span)
    if isinstance(span, Workshop):
        return gettext("The announced hours of “%(title)s”") % {"title": title}
    text = gettext("The hours of “%(title)s” in “%(document)s”")
    return text % {"title": title, "document": span.source}


def _times(moments: tuple[datetime, ...], zone: Zone) -> tuple[str, ...]:
    """Local times for one sentence: `13:25`, with date or UTC offset if these differ."""
    local = tuple(zone.local(at) for at in moments)
    has_days = len({at.date() for at in local}) > 1
    has_offsets = len({at.utcoffset() for at in local}) > 1

    text = gettext("%(time)s on %(day)s") if has_days else "%(time)s"
    offsets = [f" {zone.offset(at)}" if has_offsets else "" for at in local]
    return tuple(
        text % {"time": f"{labels.clock_time(at)}{offset}", "day": _day(at)}
        for at, offset in zip(local, offsets, strict=True)
    )


def _day(at: datetime) -> str:
    return date_format(at, "j F")
