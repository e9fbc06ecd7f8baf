"""Personal links: a token that opens somebody's own page, or their own calendar."""

from datetime import datetime
from typing import Self, cast
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.people import Person
from workshop.config.raw_queries import fetch
from workshop.models import Row

_PERSON_BEHIND = """
    SELECT person_id FROM participants_personallink
    WHERE uid = %s AND purpose = 'page' AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > %s)
"""


class PersonalLinkQuerySet(models.QuerySet["PersonalLink"]):
    def open_at(self, now: datetime) -> Self:
        """Those that still let somebody in."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def person_behind(self, link: UUID, now: datetime) -> UUID | None:
        """Whose page this link opens, if it still does; past the ORM, since every page asks."""
        uid = self.model._meta.get_field("uid")
        at = connection.ops.adapt_datetimefield_value(now)
        found = fetch(_PERSON_BEHIND, (uid.get_db_prep_value(link, connection), at))
        return cast(UUID, uid.to_python(found[0][0])) if found else None


class PersonalLink(Row):
    """One way in for one person. Only the token's hash is kept; see tokens.py."""

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
