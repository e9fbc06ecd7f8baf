"""Who takes part: people, with what is printed of them and what stays private."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from workshop import zones
from workshop.models import Row, check_zone_key


class Person(Row):
    """Somebody who speaks, moderates or attends, once for all events."""

    key = models.SlugField(
        _("key"), unique=True, help_text=_("The name in addresses; better left as it is.")
    )
    former_keys = models.TextField(
        _("former keys"),
        blank=True,
        editable=False,
        help_text=_("One a line: of rows that were merged into this one, whose addresses answer."),
    )
    honorific = models.CharField(_("form of address"), max_length=40, blank=True)
    full_name = models.CharField(
        _("full name"), max_length=300, help_text=_("As it is printed, without Mr. or Ms.")
    )
    sort_name = models.CharField(
        _("name in lists"), max_length=300, help_text=_("As it is sorted: Kim, Juny.")
    )
    position = models.CharField(_("position"), max_length=500, blank=True)
    organisation = models.CharField(_("organisation"), max_length=500, blank=True)
    country = CountryField(_("country"), blank=True)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[check_zone_key],
        help_text=_("Empty: the country's, where it has only one."),
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never shown in public."))

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "key"]

    def __str__(self) -> str:
        return f"{self.honorific} {self.full_name}".strip()

    @property
    def zone_key(self) -> str:
        """The zone set for the person, else the country's only zone, else empty."""
        return self.zone or zones.country_zone(str(self.country.code or ""))
