"""Services for personal links: open, renew and revoke."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from participants.access.tokens import make_link, token_of
from participants.models import Person, PersonalLink

CALENDAR, PAGE = PersonalLink.Purpose.CALENDAR, PersonalLink.Purpose.PAGE


@transaction.atomic
def open_link(*, link: PersonalLink, now: datetime) -> None:
    """Record that a link was opened, and create the person's calendar link if there is none."""
    PersonalLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    if calendar_token(link.person, now) is None:
        make_link(person=link.person, purpose=CALENDAR, now=now)


def calendar_token(person: Person, now: datetime) -> str | None:
    """Token of a person's newest calendar link; None if there is none."""
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose=CALENDAR)
    tokens = (token_of(link) for link in links.order_by("-made_at"))
    return next((token for token in tokens if token), None)


@transaction.atomic
def renew_calendar(*, person: Person, now: datetime) -> PersonalLink:
    """Create a new calendar link and revoke the old ones."""
    _revoke(person, now, CALENDAR)
    return make_link(person=person, purpose=CALENDAR, now=now)


@transaction.atomic
def renew_page(*, person: Person, now: datetime, by: User | None) -> PersonalLink:
    """Create a new personal link and revoke all older ones, calendar links included."""
    _revoke(person, now, PAGE, CALENDAR)
    return make_link(person=person, purpose=PAGE, now=now, by=by)


@transaction.atomic
def revoke(*, person: Person, now: datetime) -> int:
    """Revoke all links of a person, calendar links included; return the number revoked."""
    return _revoke(person, now, PAGE, CALENDAR)


def _revoke(person: Person, now: datetime, *purposes: PersonalLink.Purpose) -> int:
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose__in=purposes)
    return links.update(revoked_at=now)
