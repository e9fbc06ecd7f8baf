"""Next time: an event is copied to a new date, with all that stands below it."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda
from sessions_app.models import Session
from sessions_app.publishing.copy_rows import copy_in_order, copy_row, copy_session
from sessions_app.publishing.queries import get_draft
from sessions_app.scheduling.shift_dates import (
    NewMoment,
    Retiming,
    first_day,
    on_other_days,
    retime,
)
from workshop.models import RESERVED_SLUGS, Event, Workshop
from workshop.zones import Zone

LONGEST_ADDRESS = 50
DATED = re.compile(r"-\d{4}(-\d{1,2}){0,2}$")


class CannotCopy(Exception):
    """Nothing was copied; `problems` are the sentences that say why."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@transaction.atomic
def copy_event(*, event: Event, slug: str, starts_on: date, title: Text | None = None) -> Event:
    """The event's rows once more, under the address `slug`; its first workshop is on `starts_on`.

    Clock times stay as the event's own clock shows them and all days move by as many. People are
    shared, keys stay, every row gets a UID of its own. Neither releases, join links, passcodes,
    windows stated elsewhere nor sessions that are cancelled or deleted are copied. Nothing of the
    event itself changes. Raises CannotCopy, copying nothing, for an address that cannot be had, an
    event without workshops, and times that the clock skips or shows twice on the new days.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    draft = to_be_copied(get_draft(event))
    problems = [address_problem(slug), *copied_times(draft, starts_on).problems]
    if any(problems):
        raise CannotCopy(tuple(filter(None, problems)))
    copy = _copy_event_row(event, slug, title)
    workshops = _copy_workshops(event, copy, on_other_days(draft, starts_on))
    for section in event.about_sections.all():
        workshop = workshops[section.workshop_id] if section.workshop_id else None
        copy_row(section, event=copy, workshop=workshop)
    _copy_sessions(event, workshops, on_other_days(draft, starts_on))
    return copy


def to_be_copied(draft: Agenda) -> Agenda:
    """What of a draft is copied: without windows stated elsewhere and cancelled sessions."""
    return replace(
        draft,
        workshops=tuple(
            replace(
                workshop,
                stated_windows=(),
                sessions=tuple(each for each in workshop.sessions if each.status != "cancelled"),
            )
            for workshop in draft.workshops
        ),
    )


def copied_times(draft: Agenda, starts_on: date) -> Retiming:
    """The times of a copy of `draft` that begins on `starts_on`, and why it cannot be made."""
    if first_day(draft) is None:
        return Retiming((), (_("This event has no workshop yet: there is nothing to copy."),))
    return retime(draft, on_other_days(draft, starts_on), Zone(draft.zone, draft.zone))


def suggested_address(slug: str, starts_on: date) -> str:
    """`odsc-laos-2021-11` after `odsc-laos-2021`; numbered where another event has it."""
    dated = f"-{starts_on:%Y-%m}"
    tries = [dated, *(f"{dated}-{number}" for number in range(2, 100))]
    stem = DATED.sub("", slug)
    wanted = [f"{stem[: LONGEST_ADDRESS - len(end)]}{end}" for end in tries]
    taken = set(Event.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    return next((each for each in wanted if each not in taken), "")


def address_problem(slug: str) -> str:
    """Why no new event can have this address; empty where it can."""
    try:
        validate_slug(slug)
    except ValidationError:
        return _("Write the address with letters, digits and hyphens, such as %(example)s.") % {
            "example": "odsc-laos-2021-11"
        }
    if len(slug) > LONGEST_ADDRESS:
        said = _("“%(slug)s” is too long for an address: it can have %(most)s letters.")
        return said % {"slug": slug, "most": LONGEST_ADDRESS}
    if slug in RESERVED_SLUGS:
        return _("The site itself uses the address “%(slug)s”. Choose another.") % {"slug": slug}
    other = Event.objects.filter(slug=slug).first()
    if other is not None:
        said = _("“%(event)s” has the address “%(slug)s” already. Choose another.")
        return said % {"event": other, "slug": slug}
    return ""


def _copy_event_row(event: Event, slug: str, title: Text | None) -> Event:
    titles = {"title": title.en, "title_en": title.en, "title_lo": title.lo} if title else {}
    try:
        with transaction.atomic():
            copy = copy_row(event, slug=slug, **titles)
    except IntegrityError as taken:
        # Somebody else took it between our look and our write.
        raise CannotCopy((address_problem(slug) or str(taken),)) from taken
    for zone in event.display_zones.all():
        copy_row(zone, event=copy)
    return copy


def _copy_workshops(event: Event, copy: Event, new_moment: NewMoment) -> dict[UUID, Workshop]:
    """The new workshops by the UIDs of the old ones, with those who appear over all of one."""
    found = {}
    for workshop in event.workshops.prefetch_related("appearances"):
        found[workshop.uid] = copy_row(
            workshop,
            event=copy,
            starts_at=new_moment(workshop.starts_at),
            ends_at=new_moment(workshop.ends_at),
            join_url="",
            join_code="",
        )
        copy_in_order(workshop.appearances.all(), workshop=found[workshop.uid])
    return found


def _copy_sessions(event: Event, workshops: dict[UUID, Workshop], new_moment: NewMoment) -> None:
    sessions = Session.objects.current().filter(event=event)
    for session in sessions.exclude(status=Session.Status.CANCELLED).prefetch_related(
        "appearances", "presentations__appearances", "question_blocks__questions"
    ):
        workshop = workshops[session.workshop_id]
        copy_session(
            session,
            event=workshop.event,
            workshop=workshop,
            starts_at=new_moment(session.starts_at),
            ends_at=new_moment(session.ends_at),
        )
