"""Appearances: people and organisations in roles of sessions, presentations and workshops."""

from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from participants.models import Person
from sessions_app.models.sessions import Presentation, Session
from workshop.models import UidModel, Workshop


class Appearance(UidModel):
    """A person, organisation or function in a role of a session, presentation or workshop."""

    class Role(models.TextChoices):
        MODERATOR = "moderator", _("moderator")
        FACILITATOR = "facilitator", _("facilitator")
        SPEAKER = "speaker", _("speaker")
        PRESENTER = "presenter", _("presenter")
        PANELIST = "panelist", _("panelist")

    class StandsFor(models.TextChoices):
        PERSON = "person", _("a person")
        ORGANISATION = "organisation", _("an organisation")
        FUNCTION = "function", _("a function")
        TO_BE_CONFIRMED = "to_be_confirmed", _("a name to be confirmed")

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    session = models.ForeignKey(
        Session, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    presentation = models.ForeignKey(
        Presentation, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    stands_for = models.CharField(
        _("is"), max_length=20, choices=StandsFor.choices, default=StandsFor.PERSON
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("person"),
    )
    name = models.CharField(
        _("name"), max_length=300, blank=True, help_text=_("If it is not a person.")
    )
    position = models.CharField(
        _("position as printed here"),
        max_length=500,
        blank=True,
        help_text=_("If this and the organisation are empty, the person's own are printed."),
    )
    organisation = models.CharField(_("organisation as printed here"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["order", "uid"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(workshop__isnull=False, session__isnull=True, presentation__isnull=True)
                    | Q(workshop__isnull=True, session__isnull=False, presentation__isnull=True)
                    | Q(workshop__isnull=True, session__isnull=True, presentation__isnull=False)
                ),
                name="appearance_in_one_place",
                violation_error_message=_(
                    "An appearance belongs to exactly one session, presentation or workshop."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(stands_for="person", person__isnull=False)
                    | (~Q(stands_for="person") & Q(person__isnull=True))
                ),
                name="appearance_person_where_it_says_person",
                violation_error_message=_("Choose a person, or another value than “a person”."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[place, "role", "person"],
                    condition=Q(person__isnull=False) & Q((f"{place}__isnull", False)),
                    name=f"appearance_person_once_in_{place}",
                    violation_error_message=_("This person has this role here already."),
                )
                for place in ("workshop", "session", "presentation")
            ),
            *(
                models.UniqueConstraint(
                    place,
                    "role",
                    Lower("name"),  # an expression, which translation leaves as it is
                    condition=Q(stands_for__in=("organisation", "function"))
                    & Q((f"{place}__isnull", False)),
                    name=f"appearance_name_once_in_{place}",
                    violation_error_message=_("This name has this role here already."),
                )
                for place in ("workshop", "session", "presentation")
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.name or self.get_stands_for_display())

    def get_inline_title(self) -> str:
        """Heading on the admin page of the session: `Ms. Juny Kim, panelist`."""
        return f"{self}, {self.get_role_display()}"

    @property
    def holder(self) -> UUID:
        """UID of its talk, session or workshop."""
        return cast(UUID, self.presentation_id or self.session_id or self.workshop_id)

    def clean(self) -> None:
        named = self.StandsFor.ORGANISATION, self.StandsFor.FUNCTION
        if self.stands_for in named and not self.name:
            raise ValidationError({"name": _("Write the name of the organisation or function.")})
