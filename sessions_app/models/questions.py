"""Question blocks and their questions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from sessions_app.models.sessions import Session
from workshop.models import UidModel


class QuestionBlock(UidModel):
    """Questions of a session to some countries, with their minutes."""

    class MinutesAre(models.TextChoices):
        PER_COUNTRY = "per_country", _("for each country")
        IN_TOTAL = "in_total", _("in total")

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="question_blocks", verbose_name=_("session")
    )
    countries = CountryField(
        _("countries"), multiple=True, multiple_sort=False, multiple_unique=True, blank=True
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    minutes_are = models.CharField(
        _("minutes are"), max_length=20, choices=MinutesAre.choices, blank=True
    )
    moderator_note = models.TextField(
        _("note to the moderator"),
        blank=True,
        help_text=_("Only moderators and organisers see it."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question block")
        verbose_name_plural = _("question blocks")
        ordering = ["order", "uid"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True, minutes_are="")
                # In SQL a comparison with NULL passes a check: NULL must be excluded explicitly.
                | (Q(minutes__isnull=False, minutes__gte=1) & ~Q(minutes_are="")),
                name="question_block_minutes_and_what_they_are",
                violation_error_message=_(
                    "Say with the minutes whether they are for each country or in total, "
                    "or leave both empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(country.name) for country in self.countries)


class Question(UidModel):
    """A question, as printed."""

    block = models.ForeignKey(
        QuestionBlock, models.CASCADE, related_name="questions", verbose_name=_("question block")
    )
    text = models.TextField(_("question"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "uid"]

    def __str__(self) -> str:
        return self.text

    def get_inline_title(self) -> str:
        """Heading in the admin: its number in the block."""
        return str(self.order)
