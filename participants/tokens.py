"""Tokens of personal links: 256 bits each, made again for every mail, kept nowhere.

A token is the keyed hash (HMAC-SHA-256) of the link's UID under the site's secret key. The
database holds the token's own hash alone: whoever reads it cannot open a page, and a token that
was sent stays good when the secret key changes.
"""

import base64
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

from participants.models import Person, PersonalLink

LENGTH = 43  # characters of a token
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


def find_link(token: str, purpose: PersonalLink.Purpose, now: datetime) -> PersonalLink | None:
    """The open link that a token belongs to; None for any other text. One query."""
    links = PersonalLink.objects.open_at(now).select_related("person")
    return links.filter(purpose=purpose, token_hash=_hash(token)).first()


def _token(uid: UUID) -> str:
    keyed = salted_hmac("participants.tokens", uid.bytes, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).decode().rstrip("=")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
