"""Services: personal links are opened, made anew and revoked."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from participants.access.tokens import make_link, token_of
from participants.models import Person, PersonalLink

CALENDAR, PAGE = PersonalLink.Purpose.CALENDAR, PersonalLink.Purpose.PAGE


@transaction.atomic
def enter(*, link: PersonalLink, now: datetime) -> None:
    """Remember that a link was opened, and give its person a calendar address if they lack one."""
    PersonalLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    if calendar_token(link.person, now) is None:
        make_link(person=link.person, purpose=CALENDAR, now=now)


def calendar_token(person: Person, now: datetime) -> str | None:
    """What stands in the newest address of somebody's calendar; None where there is none."""
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose=CALENDAR)
    tokens = (token_of(link) for link in links.order_by("-made_at"))
    return next((token for token in tokens if token), None)


@transaction.atomic
def renew_calendar(*, person: Person, now: datetime) -> PersonalLink:
    """A new address of somebody's calendar; from then on the old ones hold nothing."""
    _revoke(person, now, CALENDAR)
    return make_link(person=person, purpose=CALENDAR, now=now)


@transaction.atomic
def renew_page(*, person: Person, now: datetime, by: User | None) -> PersonalLink:
    """A new personal link; every older one is closed, and the calendar's address with it."""
    _revoke(person, now, PAGE, CALENDAR)
    return make_link(person=person, purpose=PAGE, now=now, by=by)


@transaction.atomic
def revoke(*, person: Person, now: datetime) -> int:
    """Close every way in of a person, calendars included; returns how many there were."""
    return _revoke(person, now, PAGE, CALENDAR)


def _revoke(person: Person, now: datetime, *purposes: PersonalLink.Purpose) -> int:
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose__in=purposes)
    return links.update(revoked_at=now)
