"""Findings of the checks as sentences, in the active language and the time of the event."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import chain
from typing import TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.agenda.intervals import NIGHT_TO, Span, moments
from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.checks.budget import budget_of
from sessions_app.checks.findings import Finding, SplitMove
from sessions_app.checks.registry import without_cancelled
from sessions_app.checks.times import differing_windows
from sessions_app.renderers import labels, time_ranges
from workshop.zones import Zone

Row = tuple[Workshop, Session]
Issue = TypeVar("Issue", bound=Finding | SplitMove)

# By code; a code followed by a placeholder is for findings that have a value for it.
TEMPLATES = {
    "outside_window": _(
        "%(session)s is at %(hours)s, but its workshop is announced for %(announced)s. "
        "Move it, or change the announced hours."
    ),
    "double_booked": _(
        "%(person)s is in %(session)s and in %(other)s at %(when)s. "
        "Move one of them, or assign somebody else."
    ),
    "untitled": _("The workshop at %(announced)s has no title. Add one."),
    "untitled session": _("%(session)s (%(hours)s) has no title. Add one."),
    "overlap": _(
        "%(session)s and %(other)s overlap at %(when)s. "
        "Move one of them, unless they are meant to run in parallel."
    ),
    "gap": _(
        "Nothing is planned at %(when)s (%(minutes)s)%(between)s. "
        "Add a session, or move the sessions around it."
    ),
    "window_disagreement": _(
        "“%(workshop)s” is announced for %(announced)s, but another document, “%(document)s”, "
        "says %(stated_hours)s. Correct one of the two."
    ),
    "over_budget": _("%(session)s (%(hours)s): %(excess)s. Remove %(minutes)s, or add time."),
    "under_budget": _(
        "%(session)s (%(hours)s): its questions have %(given)s of the stated %(stated)s; "
        "%(minutes)s are free."
    ),
    "no_minutes": _("%(session)s (%(hours)s): the questions have no minutes."),
    "no_minutes without_minutes": _(
        "%(session)s (%(hours)s): the questions to %(without_minutes)s have no minutes."
    ),
    "country_without_panelist": _(
        "%(session)s (%(hours)s) has questions to %(countries)s, but nobody from there takes part. "
        "Add a panelist, or remove the country from the questions."
    ),
    "panelist_without_questions": _(
        "%(person)s is a panelist of %(session)s (%(hours)s), which has no questions to "
        "%(country)s."
    ),
    "no_moderator": _("%(session)s (%(hours)s) has no moderator of its own. Add one."),
    "no_moderator moderators": _(
        "%(session)s (%(hours)s) has no moderator of its own. Add one. "
        "The whole workshop is moderated by %(moderators)s."
    ),
    "no_speaker": _("%(session)s (%(hours)s) has no speaker."),
    "duplicate_person": _(
        "Possible duplicates: %(people)s. If they are the same person, merge them."
    ),
    "unsocial_hours": _(
        "Late for %(person)s in %(session)s: %(hours_there)s in %(place)s, after 22:00."
    ),
    "unsocial_hours is_early": _(
        "Early for %(person)s in %(session)s: %(hours_there)s in %(place)s, before 07:00."
    ),
    "label_clock_mismatch": _(
        "The times of %(place)s are labelled %(label)s, but its time zone on %(day)s is "
        "%(clocks)s. Use the label %(right_label)s."
    ),
    "clock_change": _(
        "The UTC offset of %(place)s changes during the event, from %(old_offset)s to "
        "%(new_offset)s. Check its times."
    ),
}


def with_sentences(findings: Iterable[Issue], agenda: Agenda) -> tuple[tuple[Issue, str], ...]:
    """Findings, each with its sentence; `agenda` is the one that was checked."""
    checked = _Checked(without_cancelled(agenda))
    return tuple((finding, _sentence(finding, checked)) for finding in findings)


class _Checked:
    """A checked agenda by key; times have a date where it is not the event's only day."""

    def __init__(self, agenda: Agenda) -> None:
        self.zone = Zone(agenda.zone, agenda.zone)
        self.moments = moments(agenda)
        days = {self.zone.local(at).date() for at in self.moments}
        self.only_day = days.pop() if len(days) == 1 else None
        self.workshops = {workshop.key: workshop for workshop in agenda.workshops}
        self.sessions: dict[str, list[Row]] = defaultdict(list)
        for workshop, session in agenda.workshop_sessions():
            self.sessions[session.key].append((workshop, session))
        self.people = {person.key: person for person in agenda.people}

    def rows(self, finding: Finding) -> list[Row]:
        """The sessions of a finding; a key is in two workshops if only one is to be published."""
        rows: list[Row] = []
        for key in finding.sessions:
            found = [row for row in self.sessions[key] if row not in rows]
            rows.append(next((row for row in found if row[0].key == finding.workshop), found[0]))
        return rows

    def hours(self, span: Span) -> str:
        return _hours(span.starts_at, span.ends_at, self.zone, self.only_day)


def _hours(start: datetime, end: datetime, zone: Zone, usual_day: date | None) -> str:
    is_usual = zone.local(start).date() == usual_day
    return (time_ranges.hours if is_usual else time_ranges.span)(start, end, zone)


def _sentence(finding: Finding | SplitMove, checked: _Checked) -> str:
    if isinstance(finding, SplitMove):
        text = gettext("%(session)s moved from “%(old)s” to “%(new)s”. Publish both together.")
        old, new = finding.released_in.title, finding.workshop.title
        return text % {"session": labels.session_name(finding.session), "old": old, "new": new}
    values = _values(finding, checked)
    variants = (f"{finding.code} {name}" for name, value in values.items() if value)
    key = next((variant for variant in variants if variant in TEMPLATES), finding.code)
    text = str(TEMPLATES[key]) % values
    return text.replace(labels.NBSP, " ")  # also printed by check_agenda, where it is searched


def _values(finding: Finding, checked: _Checked) -> dict[str, object]:
    """Values of the placeholders, as far as the finding has them."""
    rows = checked.rows(finding)
    sessions = [session for _workshop, session in rows]
    people = [checked.people[key] for key in finding.people]
    values: dict[str, object] = {
        "minutes": labels.minutes(finding.minutes or 0),
        "countries": _join_countries(finding.countries),
        "people": labels.join_list(sorted(f"{person.name} ({person.key})" for person in people)),
    }
    if finding.workshop:
        values |= _workshop_values(finding, checked)
    if rows:
        names = _session_names(rows)
        values |= {"session": names[0], "other": names[-1], "hours": checked.hours(sessions[0])}
        values |= _minute_values(sessions[0])
    if finding.moments:
        start, end = finding.moments
        values["when"] = _hours(start, end, checked.zone, checked.only_day)
        values["between"] = _between(sessions, end)
    if people:
        values |= {"person": people[0].name, "country": labels.country(people[0].country)}
    if people and people[0].zone and rows:
        values |= _local_values(sessions[0], Zone(people[0].zone, people[0].zone), checked)
    for zone in finding.zones:
        values |= _zone_values(zone, checked)
    return values


def _workshop_values(finding: Finding, checked: _Checked) -> dict[str, object]:
    workshop = checked.workshops[finding.workshop]
    windows = [row for row in differing_windows(workshop) if row.source == finding.document]
    moderators = [str(row.name) for row in workshop.people if row.behaviour.moderates]
    return {
        "workshop": workshop.title,
        "announced": checked.hours(workshop),
        "document": finding.document,
        "stated_hours": labels.join_list([checked.hours(window) for window in windows]),
        "moderators": labels.join_list(moderators),
    }


def _session_names(rows: list[Row]) -> list[str]:
    """Names of the sessions; with their workshops if they are of several."""
    is_one = len({workshop.key for workshop, _session in rows}) == 1
    text = "%(session)s" if is_one else gettext("%(session)s of “%(workshop)s”")
    return [
        text % {"session": labels.quoted_session_name(session), "workshop": workshop.title}
        for workshop, session in rows
    ]


def _minute_values(session: Session) -> dict[str, str]:
    budget = budget_of(session)
    counts = {"given": budget.blocks, "stated": budget.stated}
    counts |= {"needed": budget.needed, "slot": budget.slot}
    values = {name: labels.minutes(count) for name, count in counts.items()}
    excess = []
    if budget.over_stated:
        excess.append(gettext("its questions have %(given)s, but %(stated)s are stated"))
    if budget.over_slot and not budget.talks:
        excess.append(gettext("its questions need %(needed)s, but the slot has %(slot)s"))
    elif budget.over_slot and budget.needed == budget.talks:
        excess.append(gettext("its presentations need %(needed)s, but the slot has %(slot)s"))
    elif budget.over_slot:
        text = gettext("its presentations and questions need %(needed)s, but the slot has %(slot)s")
        excess.append(text)
    codes = [block.countries for block in session.question_blocks if block.minutes is None]
    return {
        **values,
        "excess": "; ".join(excess) % values,
        "without_minutes": _join_countries(chain.from_iterable(codes)),
    }


def _between(sessions: list[Session], end: datetime) -> str:
    """`, after Session 1, before Session 2`; the sessions around a gap with this end."""
    before = [labels.quoted_session_name(row) for row in sessions if row.starts_at < end]
    after = [labels.quoted_session_name(row) for row in sessions if row.starts_at == end]
    texts = (before, gettext(", after %(sessions)s")), (after, gettext(", before %(sessions)s"))
    return "".join(text % {"sessions": labels.join_list(names)} for names, text in texts if names)


def _local_values(session: Session, zone: Zone, checked: _Checked) -> dict[str, object]:
    day = checked.zone.local(session.starts_at).date()
    return {
        "hours_there": _hours(session.starts_at, session.ends_at, zone, day),
        "is_early": zone.local(session.starts_at).time() < NIGHT_TO,
        "place": zone.city or zone.key,
    }


def _zone_values(zone: Zone, checked: _Checked) -> dict[str, object]:
    clocks = dict.fromkeys((zone.abbreviation(at), zone.offset(at)) for at in checked.moments)
    names = {name for name, _offset in clocks} - {""}
    offsets = list(dict.fromkeys(offset for _name, offset in clocks))
    place = zone.city or zone.key
    return {
        "place": place,
        "label": zone.label,
        "day": date_format(checked.zone.local(checked.moments[0]), "j F Y"),
        "clocks": labels.join_list([", ".join(filter(None, clock)) for clock in clocks]),
        "right_label": gettext(" or ").join((*names, place) if len(names) == 1 else (place,)),
        "old_offset": offsets[0],
        "new_offset": labels.join_list(offsets[1:]),
    }


def _join_countries(codes: Iterable[str]) -> str:
    return labels.join_list([labels.country(code) for code in dict.fromkeys(codes)])
