"""Change of an event's time zone, which keeps its clock times or its moments."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from sessions_app.agenda.types import Agenda
from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.shift_dates import Keep, TimeChangePlan, plan_new_times, to_other_zone
from workshop.editing.plans import Plan
from workshop.models import Event, StatedWindow, Workshop
from workshop.zones import UnknownZone, Zone, place_keys


@dataclass(frozen=True, slots=True)
class ZonePlan(Plan):
    """A new time zone of an event, the IANA key of a place, and the new times of its items."""

    zone: str
    times: TimeChangePlan

    @property
    def is_applicable(self) -> bool:
        return not self.times.problems

    @property
    def facts(self) -> object:
        rows = self.times.new_times
        return self.zone, [
            (
                *(row.workshop.uid, getattr(row.span, "uid", None)),
                *(row.span.starts_at, row.span.ends_at, row.starts_at, row.ends_at),
            )
            for row in rows
        ]


def plan(draft: Agenda, zone: str, keep: Keep) -> ZonePlan:
    """Plan the change of an event's zone to `zone`; raises UnknownZone if it is not a place's key.

    With `keep="clock"` all workshops, stated hours and sessions keep their clock times: 09:00
    stays 09:00. A problem is a clock time that is skipped or occurs twice in the new zone. With
    `keep="moments"` only the event's zone changes.
    """
    if zone not in place_keys():
        raise UnknownZone(zone)
    return ZonePlan(zone, plan_new_times(draft, to_other_zone(draft, Zone(zone, zone), keep)))


@transaction.atomic
def apply(event: Event, zone: str, keep: Keep, *, fingerprint: str) -> ZonePlan:
    """Apply the plan with this fingerprint, and return it; raises PlanChanged.

    Display zones and deleted sessions stay unchanged.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    rows = list(_locked(event))
    draft = get_draft(event)
    zone_plan = plan(draft, zone, keep)
    zone_plan.confirm(fingerprint)
    new_moment = to_other_zone(draft, Zone(zone, zone), keep)
    for row in rows:
        times = new_moment(row.starts_at), new_moment(row.ends_at)
        if times != (row.starts_at, row.ends_at):
            row.starts_at, row.ends_at = times
            row.save()
    event.zone = zone
    event.save()
    return zone_plan


def _locked(event: Event) -> Iterator[Workshop | StatedWindow | Session]:
    """All rows of an event that have times, locked until the end of the transaction."""
    yield from Workshop.objects.select_for_update().filter(event=event)
    yield from StatedWindow.objects.select_for_update(of=("self",)).filter(workshop__event=event)
    sessions = Session.objects.current().select_for_update(of=("self",)).filter(event=event)
    yield from sessions.select_related("workshop__event")
