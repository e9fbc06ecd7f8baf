"""Change of an event's time zone, which keeps its clock times or its moments."""

from collections.abc import Iterator

from django.db import transaction

from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.shift_dates import Keep, TimeChangePlan, plan_new_times, to_other_zone
from workshop.models import Event, StatedWindow, Workshop
from workshop.zones import Zone, place_keys


class CannotChangeZone(Exception):
    """The change was refused, nothing was written; `problems` are the reasons, as sentences."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def change_zone(*, event: Event, zone: str, keep: Keep) -> TimeChangePlan:
    """Change the zone of an event to `zone`, the IANA key of a place; returns the new times.

    With `keep="clock"` all workshops, stated hours and sessions keep their clock times: 09:00
    stays 09:00. With `keep="moments"` only the event's zone changes. Display zones and deleted
    sessions stay unchanged. The plan is made from the stored rows. Raises CannotChangeZone,
    changing nothing, for a key that is not a place and for clock times that are skipped or occur
    twice in the new zone.
    """
    if zone not in place_keys():
        raise CannotChangeZone((f"“{zone}” is no time zone of a place.",))
    event = Event.objects.select_for_update().get(pk=event.pk)
    rows = list(_locked(event))
    draft, new = get_draft(event), Zone(zone, zone)
    new_moment = to_other_zone(draft, new, keep)
    plan = plan_new_times(draft, new_moment, new)
    if plan.problems:
        raise CannotChangeZone(plan.problems)
    for row in rows:
        times = new_moment(row.starts_at), new_moment(row.ends_at)
        if times != (row.starts_at, row.ends_at):
            row.starts_at, row.ends_at = times
            row.save()
    event.zone = zone
    event.save()
    return plan


def _locked(event: Event) -> Iterator[Workshop | StatedWindow | Session]:
    """All rows of an event that have times, locked until the end of the transaction."""
    yield from Workshop.objects.select_for_update().filter(event=event)
    yield from StatedWindow.objects.select_for_update(of=("self",)).filter(workshop__event=event)
    sessions = Session.objects.current().select_for_update(of=("self",)).filter(event=event)
    yield from sessions.select_related("workshop__event")
