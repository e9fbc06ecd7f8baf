"""Tokens of personal links: 256 bits, computed when needed and never stored.

A token is the HMAC-SHA-256 of the link's UID under the site's secret key. The database stores
only a hash of the token, so that reading the database opens no page, and a token that was sent
stays valid when the secret key changes.
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
# Stands for the URL of the page in a stored e-mail; replaced on sending.
PLACEHOLDER = "[[personal-link]]"


def make_link(
    *,
    person: Person,
    purpose: PersonalLink.Purpose,
    now: datetime,
    by: User | None = None,
    expires_at: datetime | None = None,
) -> PersonalLink:
    """Create a personal link; existing links stay active."""
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
    """Token of a link; None if the secret key has changed since the link was created."""
    token = _token(link.uid)
    return token if _hash(token) == link.token_hash else None


def address_of(link: PersonalLink) -> str | None:
    """Absolute URL of a personal page; None if the token can no longer be computed."""
    token = token_of(link)
    return None if token is None else f"{settings.SITE}{reverse('me-open', args=[token])}"


def get_or_create_page_url(*, person: Person, now: datetime) -> str:
    """Absolute URL of a person's own page, for an e-mail to them.

    Uses the newest active link whose token can be computed, so that every e-mail has the same
    URL; creates a link where there is none.
    """
    links = PersonalLink.objects.open_at(now).filter(person=person, purpose=PAGE)
    urls = (address_of(link) for link in links.order_by("-made_at"))
    address = next(filter(None, urls), None) or address_of(
        make_link(person=person, purpose=PAGE, now=now)
    )
    if address is None:
        raise ValueError("The token of a new link could not be computed.")
    return address


def find_link(token: str, purpose: PersonalLink.Purpose, now: datetime) -> PersonalLink | None:
    """Return the active link of a token, or None. One query."""
    links = PersonalLink.objects.open_at(now)
    return links.filter(purpose=purpose, token_hash=_hash(token)).first()


def _token(uid: UUID) -> str:
    keyed = salted_hmac("participants.tokens", uid.bytes, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).decode().rstrip("=")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
