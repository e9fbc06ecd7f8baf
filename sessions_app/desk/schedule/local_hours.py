"""Who is awake: everybody's clock during the workshops, and what another start would do to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Session
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.publishing import queries
from sessions_app.renderers import labels
from sessions_app.scheduling.local_hours import (
    SHIFTS,
    Hours,
    OwnHours,
    OwnPart,
    Place,
    Shift,
    Waking,
    waking,
)
from workshop.models import Event
from workshop.zones import Zone, city

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Times:
    """A start and an end in words: `Tue 3 Aug 21:30` and `Wed 02:15`."""

    start: str
    end: str
    hours: Hours

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class Line:
    """One strip of 24 hours and what stands beside it; `parts` only for a person."""

    name: Text | str
    detail: str
    times: Times
    night: str
    label: str
    parts: tuple[tuple[str, Times, str], ...] = ()
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One start to look at: its bar is `height` percent of the worst one's."""

    shift: Shift
    name: str
    starts: str
    people: str
    minutes: str
    height: int
    is_shown: bool
    is_best: bool

    @property
    def top(self) -> int:
        return 100 - self.height


@dataclass(frozen=True, slots=True)
class Section:
    """One workshop on the page."""

    key: str
    title: Text
    choices: tuple[Choice, ...]
    any_night: bool
    shown: str
    best: str
    places: tuple[tuple[Line, ...], ...]
    counted: int
    unknown: str
    unclear: str


@require_safe
@at_desk
def awake(request: HttpRequest, event: Event) -> HttpResponse:
    shift = _asked(request.GET.get("shift", ""))
    zone = own_zone(event)
    sections = [_section(each, shift, zone) for each in waking(queries.get_draft(event), shift)]
    context = {"section": "awake", "heading": _("Who is awake"), "sections": sections}
    return page(request, "awake.html", event, shift=shift, zone=zone, **context)


def _asked(value: str) -> int:
    """The shift in hours; none for what is not one of those offered."""
    return {str(shift): shift for shift in SHIFTS}.get(value.strip().lstrip("+"), 0)


def _section(it: Waking, shift: int, zone: Zone) -> Section:
    local = zone.local(it.workshop.starts_at)
    shown = next(each for each in it.shifts if each.hours == shift)
    return Section(
        key=it.workshop.key,
        title=it.workshop.title,
        choices=tuple(_choices(it, shift, zone)),
        any_night=any(each.minutes for each in it.shifts),
        shown=_shown(it, shown, zone),
        best=_best(it, shown, zone),
        places=tuple(tuple(_lines(place, local.date())) for place in it.places),
        counted=sum(len(place.people) for place in it.places),
        unknown=labels.listed([str(person.name) for person in it.unknown]),
        unclear=labels.listed([labels.country(country) for country in it.many_clocks]),
    )


def _choices(it: Waking, shown: int, zone: Zone) -> Iterator[Choice]:
    worst = max(each.minutes for each in it.shifts) or 1
    for each in it.shifts:
        yield Choice(
            shift=each,
            name=_signed(each.hours),
            starts=_clock(it, each.hours - shown, zone),
            people=_people(each.people),
            minutes=labels.minutes(each.minutes),
            height=-(-100 * each.minutes // worst),
            is_shown=each.hours == shown,
            is_best=each == it.best,
        )


def _shown(it: Waking, shift: Shift, zone: Zone) -> str:
    start, end = (zone.local(at) for at in (it.workshop.starts_at, it.workshop.ends_at))
    return _("%(start)s, %(times)s %(zone)s: %(cost)s.") % {
        "start": _start(shift.hours),
        "times": f"{labels.clock_time(start)}–{labels.clock_time(end)}",
        "zone": zone.label,
        "cost": _cost(shift),
    }


def _best(it: Waking, shown: Shift, zone: Zone) -> str:
    if (it.best.minutes, it.best.people) == (shown.minutes, shown.people):
        return _("No other of these starts is better.")
    return _("Best of these: %(start)s, at %(time)s, %(cost)s.") % {
        "start": _start(it.best.hours).lower(),
        "time": _clock(it, it.best.hours - shown.hours, zone),
        "cost": _cost(it.best),
    }


def _start(shift: int) -> str:
    if shift == 0:
        return _("As planned")
    count = {"count": abs(shift)}
    if shift > 0:
        return ngettext("%(count)s hour later", "%(count)s hours later", count["count"]) % count
    return ngettext("%(count)s hour earlier", "%(count)s hours earlier", count["count"]) % count


def _cost(shift: Shift) -> str:
    if not shift.people:
        return _("nobody has a part at night")
    return ngettext(
        "%(count)s person has %(minutes)s of their own parts at night",
        "%(count)s people have %(minutes)s of their own parts at night",
        shift.people,
    ) % {"count": shift.people, "minutes": labels.minutes(shift.minutes)}


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _signed(shift: int) -> str:
    if shift == 0:
        return _("as planned")
    return f"{'+' if shift > 0 else '−'}{abs(shift)}{labels.NBSP}h"


def _clock(it: Waking, later: int, zone: Zone) -> str:
    """The start on the event's clock, `later` hours after the one that the page shows."""
    return labels.clock_time(zone.local(it.workshop.starts_at + later * HOUR))


def _lines(place: Place, on: date) -> Iterator[Line]:
    """The place itself, then the people there."""
    yield _line_of_place(place, on)
    for each in place.people:
        yield _line_of_person(each, on)


def _line_of_place(place: Place, on: date) -> Line:
    of_country = labels.country(place.country) if place.country else ""
    name = of_country or city(place.zone.key) or place.zone.label
    details = dict.fromkeys([city(place.zone.key), place.zone.label])
    if not place.country and not place.people:
        details[_("programme clock")] = None
    times, night = _times(place.hours, on), _night(place.hours)
    return Line(
        name=name,
        detail=" · ".join(each for each in details if each and each != name),
        times=times,
        night=night,
        label=f"{name}: {times}, {night}",
    )


def _line_of_person(own: OwnHours, on: date) -> Line:
    times, night = _times(own.whole, on), _night(own.whole)
    return Line(
        name=own.person.name,
        detail="",
        times=times,
        night=night,
        label=f"{own.person.name}: {times}, {night}",
        parts=tuple(
            (_name(each), _times(each.hours, on), _night(each.hours)) for each in own.parts
        ),
        is_person=True,
    )


def _name(part: OwnPart) -> str:
    if isinstance(part.of, Session):
        return labels.session_name(part.of)
    return _("The whole workshop")


def _times(hours: Hours, on: date) -> Times:
    """With the date where the start's is not `on`, and the day where the end's is another."""
    start, end = labels.clock_time(hours.starts_at), labels.clock_time(hours.ends_at)
    if hours.starts_at.date() != on:
        start = f"{labels.short_date(hours.starts_at)}{labels.NBSP}{start}"
    if hours.ends_at.date() != hours.starts_at.date():
        end = f"{date_format(hours.ends_at.date(), 'D')}{labels.NBSP}{end}"
    return Times(start, end, hours)


def _night(hours: Hours) -> str:
    if not hours.night_minutes:
        return _("none at night")
    return _("%(minutes)s at night") % {"minutes": labels.minutes(hours.night_minutes)}
