"""An event's own clock becomes another one: its clock times stay, or its moments do."""

from collections.abc import Iterator

from django.db import transaction

from sessions_app.models import Session
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.shift_dates import Keep, Retiming, on_another_clock, retime
from workshop.models import Event, StatedWindow, Workshop
from workshop.zones import Zone, place_keys


class CannotRezone(Exception):
    """Nothing was changed; `problems` are the sentences that say why."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def change_zone(*, event: Event, zone: str, keep: Keep) -> Retiming:
    """Give an event the clock `zone`, the key of a place; returns what became of its times.

    To keep the `clock` gives every announced hour, stated window and session the moment at which
    the new clock shows what the old one showed: 09:00 stays 09:00. To keep the `moments` changes
    nothing but the clock. Display zones and deleted sessions stay as they are. It goes by the rows
    as they are stored. Raises CannotRezone, changing nothing, for a key that names no place and
    for times that the new clock skips or shows twice.
    """
    if zone not in place_keys():
        raise CannotRezone((f"“{zone}” is no time zone of a place.",))
    event = Event.objects.select_for_update().get(pk=event.pk)
    rows = list(_locked(event))
    draft, new = get_draft(event), Zone(zone, zone)
    new_moment = on_another_clock(draft, new, keep)
    found = retime(draft, new_moment, new)
    if found.problems:
        raise CannotRezone(found.problems)
    for row in rows:
        times = new_moment(row.starts_at), new_moment(row.ends_at)
        if times != (row.starts_at, row.ends_at):
            row.starts_at, row.ends_at = times
            row.save()
    event.zone = zone
    event.save()
    return found


def _locked(event: Event) -> Iterator[Workshop | StatedWindow | Session]:
    """Everything of an event that has times, which nobody else writes until this is done."""
    yield from Workshop.objects.select_for_update().filter(event=event)
    yield from StatedWindow.objects.select_for_update(of=("self",)).filter(workshop__event=event)
    sessions = Session.objects.current().select_for_update(of=("self",)).filter(event=event)
    yield from sessions.select_related("workshop__event")
