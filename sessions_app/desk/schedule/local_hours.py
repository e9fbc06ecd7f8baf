"""Local hours of everybody during the workshops, and the night hours for other start times."""

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
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.publishing import queries
from sessions_app.renderers import labels, time_ranges
from sessions_app.scheduling.local_hours import (
    SHIFTS,
    ItemHours,
    LocalHours,
    PersonHours,
    ShiftCost,
    WorkshopHours,
    ZoneHours,
    list_workshop_hours,
)
from workshop.models import Event
from workshop.zones import Zone, city

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LocalTimes:
    """A start and an end as text: `Tue 3 Aug 21:30` and `Wed 02:15`."""

    start: str
    end: str
    hours: LocalHours

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


@dataclass(frozen=True, slots=True)
class HoursLine:
    """A zone or a person with a strip of 24 hours; `items` only for a person."""

    name: Text | str
    detail: str
    times: LocalTimes
    night: str
    label: str
    items: tuple[tuple[str, LocalTimes, str], ...] = ()
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class StartChoice:
    """A start time to choose; its bar is `height` percent of the worst one's."""

    shift: ShiftCost
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
class WorkshopSection:
    """A workshop on the page: its start times to choose and its hours by zone."""

    key: str
    title: Text
    choices: tuple[StartChoice, ...]
    has_night: bool
    shown: str
    best: str
    zones: tuple[tuple[HoursLine, ...], ...]
    counted: int
    without_zone: str
    multi_zone_countries: str


@require_safe
@desk_view
def local_hours(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/awake/`: local hours of the draft; `?shift=` for another start, in hours."""
    shift = _requested_shift(request.GET.get("shift", ""))
    zone = event_zone(event)
    hours = list_workshop_hours(queries.get_draft(event), shift)
    sections = [_section(workshop, shift, zone) for workshop in hours]
    context = {"section": "local_hours", "heading": _("Who is awake"), "sections": sections}
    return render_desk_page(request, "local_hours.html", event, shift=shift, zone=zone, **context)


def _requested_shift(value: str) -> int:
    """Read `?shift=` in hours; 0 for an unknown value."""
    return {str(shift): shift for shift in SHIFTS}.get(value.strip().lstrip("+"), 0)


def _section(hours: WorkshopHours, shift: int, zone: Zone) -> WorkshopSection:
    local = zone.local(hours.workshop.starts_at)
    shown = next(cost for cost in hours.shifts if cost.hours == shift)
    return WorkshopSection(
        key=hours.workshop.key,
        title=hours.workshop.title,
        choices=tuple(_choices(hours, shift, zone)),
        has_night=any(cost.minutes for cost in hours.shifts),
        shown=_shown_start(hours, shown, zone),
        best=_best_start(hours, shown, zone),
        zones=tuple(tuple(_lines(zone_hours, local.date())) for zone_hours in hours.zones),
        counted=sum(len(zone_hours.people) for zone_hours in hours.zones),
        without_zone=labels.join_list([str(person.name) for person in hours.people_without_zone]),
        multi_zone_countries=labels.join_list(
            [labels.country(country) for country in hours.multi_zone_countries]
        ),
    )


def _choices(hours: WorkshopHours, shown: int, zone: Zone) -> Iterator[StartChoice]:
    worst = max(cost.minutes for cost in hours.shifts) or 1
    for cost in hours.shifts:
        yield StartChoice(
            shift=cost,
            name=_short_shift_name(cost.hours),
            starts=_start_time(hours, cost.hours - shown, zone),
            people=_people_count(cost.people),
            minutes=labels.minutes(cost.minutes),
            height=-(-100 * cost.minutes // worst),
            is_shown=cost.hours == shown,
            is_best=cost == hours.best_shift,
        )


def _shown_start(hours: WorkshopHours, shift: ShiftCost, zone: Zone) -> str:
    return _("%(start)s, %(times)s %(zone)s: %(cost)s.") % {
        "start": _shift_name(shift.hours),
        "times": time_ranges.hours(hours.workshop.starts_at, hours.workshop.ends_at, zone),
        "zone": zone.label,
        "cost": _cost(shift),
    }


def _best_start(hours: WorkshopHours, shown: ShiftCost, zone: Zone) -> str:
    if (hours.best_shift.minutes, hours.best_shift.people) == (shown.minutes, shown.people):
        return _("None of the other start times is better.")
    return _("Best start time: %(start)s, at %(time)s, %(cost)s.") % {
        "start": _shift_name(hours.best_shift.hours).lower(),
        "time": _start_time(hours, hours.best_shift.hours - shown.hours, zone),
        "cost": _cost(hours.best_shift),
    }


def _shift_name(shift: int) -> str:
    if shift == 0:
        return _("As planned")
    count = {"count": abs(shift)}
    if shift > 0:
        return ngettext("%(count)s hour later", "%(count)s hours later", count["count"]) % count
    return ngettext("%(count)s hour earlier", "%(count)s hours earlier", count["count"]) % count


def _cost(shift: ShiftCost) -> str:
    if not shift.people:
        return _("nobody has a session at night")
    return ngettext(
        "%(count)s person has %(minutes)s of their own sessions at night",
        "%(count)s people have %(minutes)s of their own sessions at night",
        shift.people,
    ) % {"count": shift.people, "minutes": labels.minutes(shift.minutes)}


def _people_count(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def _short_shift_name(shift: int) -> str:
    if shift == 0:
        return _("as planned")
    return f"{'+' if shift > 0 else '−'}{abs(shift)}{labels.NBSP}h"


def _start_time(hours: WorkshopHours, later: int, zone: Zone) -> str:
    """Return the start in the event's zone, `later` hours after the one that the page shows."""
    return labels.clock_time(zone.local(hours.workshop.starts_at + later * HOUR))


def _lines(zone: ZoneHours, on: date) -> Iterator[HoursLine]:
    """Yield the line of a zone, then those of the people there."""
    yield _zone_line(zone, on)
    for person in zone.people:
        yield _person_line(person, on)


def _zone_line(zone_hours: ZoneHours, on: date) -> HoursLine:
    country, zone = zone_hours.country, zone_hours.zone
    name = (labels.country(country) if country else "") or city(zone.key) or zone.label
    details = dict.fromkeys([city(zone.key), zone.label])
    if not country and not zone_hours.people:
        details[_("display time zone")] = None
    times, night = _times(zone_hours.hours, on), _night(zone_hours.hours)
    return HoursLine(
        name=name,
        detail=" · ".join(detail for detail in details if detail and detail != name),
        times=times,
        night=night,
        label=f"{name}: {times}, {night}",
    )


def _person_line(person: PersonHours, on: date) -> HoursLine:
    times, night = _times(person.total, on), _night(person.total)
    return HoursLine(
        name=person.person.name,
        detail="",
        times=times,
        night=night,
        label=f"{person.person.name}: {times}, {night}",
        items=tuple(
            (_item_name(item), _times(item.hours, on), _night(item.hours)) for item in person.items
        ),
        is_person=True,
    )


def _item_name(hours: ItemHours) -> str:
    if isinstance(hours.item, Session):
        return labels.session_name(hours.item)
    return _("The whole workshop")


def _times(hours: LocalHours, on: date) -> LocalTimes:
    """Return start and end; with a date if it is not `on`, a weekday if the end's differs."""
    start, end = labels.clock_time(hours.starts_at), labels.clock_time(hours.ends_at)
    if hours.starts_at.date() != on:
        start = f"{labels.short_date(hours.starts_at)}{labels.NBSP}{start}"
    if hours.ends_at.date() != hours.starts_at.date():
        end = f"{date_format(hours.ends_at.date(), 'D')}{labels.NBSP}{end}"
    return LocalTimes(start, end, hours)


def _night(hours: LocalHours) -> str:
    if not hours.night_minutes:
        return _("none at night")
    return _("%(minutes)s at night") % {"minutes": labels.minutes(hours.night_minutes)}
