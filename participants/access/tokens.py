"""Tokens of personal links: 256 bits each, made again for every mail, kept nowhere.

A token is the keyed hash (HMAC-SHA-256) of the link's UID under the site's secret key. The
database holds the token's own hash alone: whoever reads it cannot open a page, and a token that
was sent stays good when the secret key changes.
"""

import base64
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.crypto import salted_hmac

from participants.models import Person, PersonalLink

LENGTH = 43  # characters of a token
PAGE = PersonalLink.Purpose.PAGE
PLACEHOLDER = "[[personal-link]]"  # where a letter's text has the address; put in as it is sent


def make_link(
    *,
    person: Person,
    purpose: PersonalLink.Purpose,
    now: datetime,
    by: User | None = None,
    expires_at: datetime | None = None,
) -> PersonalLink:
    """A new way in; those there are already stay open."""
    uid = uuid4()
    return PersonalLink.objects.create(
        uid=uid,
        person=person,
        purpose=purpose,
        token_hash=_hash(_token(uid)),
        made_at=now,
        made_by=by,
        expires_at=expires_at,
    )


def token_of(link: PersonalLink) -> str | None:
    """What stands in its address; None if the secret key has changed since it was made."""
    token = _token(link.uid)
    return token if _hash(token) == link.token_hash else None


def address_of(link: PersonalLink) -> str | None:
    """Where a link to somebody's own page leads, in full; None if its token cannot be told."""
    token = token_of(link)
    return None if token is None else f"{settings.SITE}{reverse('me-open', args=[token])}"


def own_page(*, person: Person, now: datetime) -> str:
    """The address of somebody's own page, in full, for a mail to them.

    By their newest link that is open and whose token can still be told, so that what was sent
    before stays one and the same; by a new link where there is none.
    """
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose=PAGE)
    told = (address_of(link) for link in links.order_by("-made_at"))
    address = next(filter(None, told), None) or address_of(
        make_link(person=person, purpose=PAGE, now=now)
    )
    if address is None:
        raise ValueError("A link that was just made can be told.")
    return address


def find_link(token: str, purpose: PersonalLink.Purpose, now: datetime) -> PersonalLink | None:
    """The open link that a token belongs to; None for any other text. One query."""
    links = PersonalLink.objects.open_at(now).select_related("person")
    return links.filter(purpose=purpose, token_hash=_hash(token)).first()


def _token(uid: UUID) -> str:
    keyed = salted_hmac("participants.tokens", uid.bytes, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).decode().rstrip("=")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
