"""Words for facts of the agenda, shared by all renderers: labels, times, dates, lists."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext
from django_countries import countries

from sessions_app.agenda.types import Agenda, Appearance, Person, QuestionBlock, Session
from workshop.zones import offset_text

NBSP = "\N{NO-BREAK SPACE}"

_KINDS = {
    "opening": gettext_lazy("Opening"),
    "presentation": gettext_lazy("Presentation"),
    "panel": gettext_lazy("Panel"),
    "q_and_a": gettext_lazy("Questions and answers"),
    "break": gettext_lazy("Break"),
    "closing": gettext_lazy("Closing"),
    "other": gettext_lazy("Session"),
}
_STATUSES = {"tentative": gettext_lazy("Tentative"), "cancelled": gettext_lazy("Cancelled")}
_ADMISSIONS = {
    "open": gettext_lazy("Open to everybody"),
    "by_invitation": gettext_lazy("By invitation"),
    "internal": gettext_lazy("Internal"),
}


def kind(session: Session) -> str:
    return str(_KINDS.get(session.kind, _KINDS["other"]))


def status(session: Session) -> str:
    """`Cancelled` or `Tentative`; empty for a confirmed session."""
    return str(_STATUSES.get(session.status, ""))


def admission(value: str) -> str:
    return str(_ADMISSIONS.get(value, value))


def session_label(session: Session) -> str:
    """`Session 3` for a numbered session, else its kind."""
    if session.number is None:
        return kind(session)
    return gettext("Session %(number)s") % {"number": session.number}


def session_name(session: Session) -> str:
    """A session's short name in a sentence: `Session 3`, else its title, else its kind."""
    return session_label(session) if session.number or not session.title else str(session.title)


def quoted_session_name(session: Session) -> str:
    """As `session_name`, with a title in quotes: `Session 3`, else `“Closing Remarks”`."""
    name = session_name(session)
    return f"“{name}”" if session.number is None and session.title else name


def session_title(session: Session) -> str:
    """A session's name and title: `Session 3: Structural Organization`, `Closing Remarks`."""
    if session.number is None or not session.title:
        return session_name(session)
    return f"{session_label(session)}: {session.title}"


def role(name: str, count: int, *, overall: bool = False) -> str:
    """The heading above people of one role; `overall` for a whole workshop."""
    if overall and name == "moderator":
        return ngettext("Overall moderator", "Overall moderators", count)
    match name:
        case "moderator":
            return ngettext("Moderator", "Moderators", count)
        case "facilitator":
            return ngettext("Facilitator", "Facilitators", count)
        case "speaker":
            return ngettext("Speaker", "Speakers", count)
        case "presenter":
            return ngettext("Presenter", "Presenters", count)
        case "panelist":
            return ngettext("Panelist", "Panelists", count)
    return name.capitalize()


@lru_cache(maxsize=512)
def country(code: str) -> str:
    """A country's name as the programme prints it."""
    return str(countries.name(code)) or code


def name(appearance: Appearance) -> str:
    """A name as printed, or “Name to be confirmed”."""
    return str(appearance.name) or gettext("Name to be confirmed")


def affiliation(person: Person) -> str:
    """Position, organisation and country in one line."""
    of_country = country(person.country) if person.country else ""
    return ", ".join(filter(None, map(str, (person.position, person.organisation, of_country))))


def join_list(names: Sequence[str]) -> str:
    """Names as a list in a sentence: `Azerbaijan, Kenya and Vietnam`."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}


def minutes(count: int) -> str:
    """A duration, without a line break: `5 min`, `120 min`, `4 h 45 min`."""
    hours, rest = divmod(count, 60) if count > 120 else (0, count)
    parts = [gettext("%(count)s h") % {"count": hours}] if hours else []
    parts += [gettext("%(count)s min") % {"count": rest}] if rest or not hours else []
    return " ".join(parts).replace(" ", NBSP)


def block_minutes(block: QuestionBlock) -> str:
    """The speaking time of a question block: `5 min per country`, `6 min in total`, or empty."""
    if block.minutes is None:
        return ""
    if block.minutes_are == "in_total":
        return gettext("%(minutes)s in total") % {"minutes": minutes(block.minutes)}
    return gettext("%(minutes)s per country") % {"minutes": minutes(block.minutes)}


def clock_time(at: datetime, *, named: bool = False) -> str:
    """A time: `01:30`; `01:30 EDT` if `named`, for a day on which the clock changes."""
    # Much faster than strftime, and a page has thousands.
    text = f"{at.hour:02}:{at.minute:02}"
    if not named:
        return text
    name = at.tzname() or ""
    zone_name = name if name.isalpha() else offset_text(at.utcoffset() or timedelta())
    return f"{text}{NBSP}{zone_name}"


def short_date(on: date) -> str:
    """A short date, without a line break: `Tue 3 Aug`."""
    return _formatted(on.year, on.month, on.day, "D j M", get_language()).replace(" ", NBSP)


def long_date(on: date) -> str:
    """A long date: `Wednesday 4 August 2021`."""
    return _formatted(on.year, on.month, on.day, "l j F Y", get_language())


@lru_cache(maxsize=1024)
def _formatted(year: int, month: int, day: int, format_: str, _language: str | None) -> str:
    """A date in the active language, cached: an event has few dates, and a page many."""
    return date_format(date(year, month, day), format_)


def moment(at: datetime) -> str:
    """A date and time, in the zone of `at`: `21 Nov 2026, 14:05`; breaks only after the comma."""
    return f"{date_format(at, 'j M Y').replace(' ', NBSP)}, {at:%H:%M}"


def dates(days: Iterable[date]) -> str:
    """The days of an event: one date, or the first and the last."""
    ordered = sorted(set(days))
    if len(ordered) < 2:
        return "".join(map(long_date, ordered))
    return f"{long_date(ordered[0])} – {long_date(ordered[-1])}"


def split_lines(text: object) -> tuple[str, ...]:
    """The lines of a text with one item per line."""
    return tuple(filter(None, map(str.strip, str(text).splitlines())))


def has_lao(agenda: Agenda) -> bool:
    """True if the agenda has texts in Lao; looks at titles only."""
    texts = [agenda.title, *(workshop.title for workshop in agenda.workshops)]
    texts += [session.title for session in agenda.sessions()]
    return "lo" in agenda.languages and any(text.lo for text in texts)


def session_questions(session: Session) -> str:
    """A session's number of questions and whom they go to; empty if it has none."""
    count = sum(len(block.questions) for block in session.question_blocks)
    codes = dict.fromkeys(code for block in session.question_blocks for code in block.countries)
    return count_questions(count, [country(code) for code in codes]) if count else ""


def count_questions(count: int, country_names: Sequence[str]) -> str:
    """A number of questions and whom they go to: `3 questions for Azerbaijan and Kenya`."""
    counted = ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    if not country_names:
        return counted
    return gettext("%(questions)s for %(countries)s") % {
        "questions": counted.replace(" ", NBSP),
        "countries": join_list(country_names),
    }
