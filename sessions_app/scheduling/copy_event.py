"""Copy of an event to a new date, with its workshops and sessions."""

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
    TimeChangePlan,
    TimeProblem,
    plan_new_times,
    to_other_days,
)
from workshop.models import RESERVED_SLUGS, Event, Workshop

MAX_ADDRESS_LENGTH = 50
DATE_SUFFIX = re.compile(r"-\d{4}(-\d{1,2}){0,2}$")


class CannotCopy(Exception):
    """The copy was refused, nothing was written, for its address or its times.

    `address` is a sentence, empty if the address is free; `times` are the problems of the times.
    Both are empty for an event without workshops.
    """

    def __init__(self, address: str = "", times: tuple[TimeProblem, ...] = ()) -> None:
        super().__init__(address, times)
        self.address, self.times = address, times


@transaction.atomic
def copy_event(*, event: Event, slug: str, starts_on: date, title: Text | None = None) -> Event:
    """Copy an event to the address `slug`, with its first workshop on `starts_on`.

    Clock times in the event's zone stay, and all days move by the same number. People are shared,
    keys stay, every row gets a new UID. Not copied are releases, join links, passcodes, hours
    stated in other documents, and cancelled or deleted sessions. The event itself is unchanged.
    Raises CannotCopy, copying nothing, for an invalid or taken address, an event without
    workshops, and clock times that are skipped or occur twice on the new days.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    draft = copied_agenda(get_draft(event))
    address, times = address_problem(slug), plan_copied_times(draft, starts_on).problems
    if address or times or not draft.workshops:
        raise CannotCopy(address, times)
    copy = _copy_event_row(event, slug, title)
    workshops = _copy_workshops(event, copy, to_other_days(draft, starts_on))
    for section in event.about_sections.all():
        workshop = workshops[section.workshop_id] if section.workshop_id else None
        copy_row(section, event=copy, workshop=workshop)
    _copy_sessions(event, workshops, to_other_days(draft, starts_on))
    return copy


def copied_agenda(draft: Agenda) -> Agenda:
    """The part of a draft that is copied: without hours of other documents, cancelled sessions."""
    return replace(
        draft,
        workshops=tuple(
            replace(
                workshop,
                stated_windows=(),
                sessions=tuple(
                    session for session in workshop.sessions if session.status != "cancelled"
                ),
            )
            for workshop in draft.workshops
        ),
    )


def plan_copied_times(draft: Agenda, starts_on: date) -> TimeChangePlan:
    """Plan the times of a copy of `draft` that begins on `starts_on`."""
    return plan_new_times(draft, to_other_days(draft, starts_on))


def suggested_address(slug: str, starts_on: date) -> str:
    """A free address: `odsc-laos-2021-11` for `odsc-laos-2021`; with a number if taken."""
    dated = f"-{starts_on:%Y-%m}"
    suffixes = [dated, *(f"{dated}-{number}" for number in range(2, 100))]
    stem = DATE_SUFFIX.sub("", slug)
    slugs = [f"{stem[: MAX_ADDRESS_LENGTH - len(suffix)]}{suffix}" for suffix in suffixes]
    taken = set(Event.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return next((candidate for candidate in slugs if candidate not in taken), "")


def address_problem(slug: str) -> str:
    """A sentence on why a new event cannot have this address; empty if it can."""
    try:
        validate_slug(slug)
    except ValidationError:
        return _("Write the address with letters, digits and hyphens, such as %(example)s.") % {
            "example": "odsc-laos-2021-11"
        }
    if len(slug) > MAX_ADDRESS_LENGTH:
        message = _("“%(slug)s” is too long for an address: at most %(limit)s characters.")
        return message % {"slug": slug, "limit": MAX_ADDRESS_LENGTH}
    if slug in RESERVED_SLUGS:
        return _("The site itself uses the address “%(slug)s”. Choose another.") % {"slug": slug}
    other = Event.objects.filter(slug=slug).first()
    if other is not None:
        message = _("“%(event)s” has the address “%(slug)s” already. Choose another.")
        return message % {"event": other, "slug": slug}
    return ""


def _copy_event_row(event: Event, slug: str, title: Text | None) -> Event:
    titles = {"title": title.en, "title_en": title.en, "title_lo": title.lo} if title else {}
    try:
        with transaction.atomic():
            copy = copy_row(event, slug=slug, **titles)
    except IntegrityError as taken:
        # Another request took the address after it was checked.
        raise CannotCopy(
            address_problem(slug) or _("This address was taken a moment ago. Choose another one.")
        ) from taken
    for zone in event.display_zones.all():
        copy_row(zone, event=copy)
    return copy


def _copy_workshops(event: Event, copy: Event, new_moment: NewMoment) -> dict[UUID, Workshop]:
    """Copy the workshops and their appearances; returns the copies by the UIDs of the originals."""
    copies = {}
    for workshop in event.workshops.prefetch_related("appearances"):
        copies[workshop.uid] = copy_row(
            workshop,
            event=copy,
            starts_at=new_moment(workshop.starts_at),
            ends_at=new_moment(workshop.ends_at),
            join_url="",
            join_code="",
        )
        copy_in_order(workshop.appearances.all(), workshop=copies[workshop.uid])
    return copies


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
