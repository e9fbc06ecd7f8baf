"""Model of personal links, whose token opens a person's own page or calendar."""

from datetime import datetime
from typing import Self, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.people import Person
from workshop.config.raw_queries import fetch
from workshop.models import UidModel

_PERSON_OF_ACTIVE_LINK = """
    SELECT person_id FROM participants_personallink
    WHERE uid = %s AND purpose = 'page' AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > %s)
"""


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    """Queries on personal links."""

    def open_at(self, now: datetime) -> Self:
        """Links that are neither revoked nor expired at `now`."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def get_person_uid(self, link: UUID, now: datetime) -> UUID | None:
        """Person of an active page link, or None; raw SQL because every request runs it."""
        uid = self.model._meta.get_field("uid")
        at = connection.ops.adapt_datetimefield_value(now)
        rows = fetch(_PERSON_OF_ACTIVE_LINK, (uid.get_db_prep_value(link, connection), at))
        return cast(UUID, uid.to_python(rows[0][0])) if rows else None


class PersonalLink(UidModel):
    """Personal link of a person; only the hash of its token is stored, see tokens.py."""

    class Purpose(models.TextChoices):
        PAGE = "page", _("own page")
        CALENDAR = "calendar", _("own calendar")

    person = models.ForeignKey(Person, models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=Purpose.choices, default=Purpose.PAGE)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PersonalLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_purpose_display()}"
