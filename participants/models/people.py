"""Model of people, with public and private fields."""

from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from participants import names
from workshop import zones
from workshop.models import UidModel, check_zone_key

MAX_KEY_LENGTH = 46  # characters; leaves room for a number


class Person(UidModel):
    """Person who speaks, moderates or attends; one row for all events."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        LAO = "lo", _("Lao")

    key = models.SlugField(
        _("key"),
        unique=True,
        blank=True,
        help_text=_("Used in web addresses. Made from the full name; better not changed."),
    )
    former_keys = models.TextField(
        _("former keys"),
        blank=True,
        editable=False,
        help_text=_(
            "One per line: keys of people merged into this one. Their addresses still work."
        ),
    )
    honorific = models.CharField(_("form of address"), max_length=40, blank=True)
    full_name = models.CharField(
        _("full name"), max_length=300, help_text=_("As it is printed, without Mr. or Ms.")
    )
    sort_name = models.CharField(
        _("sort name"),
        max_length=300,
        blank=True,
        help_text=_("For sorted lists: Kim, Juny. Made from the full name if empty."),
    )
    position = models.CharField(_("position"), max_length=500, blank=True)
    organisation = models.CharField(_("organisation"), max_length=500, blank=True)
    country = CountryField(_("country"), blank=True)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[check_zone_key],
        help_text=_("If empty, the country's time zone, where it has only one."),
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never shown in public."))
    assistant_email = models.EmailField(
        _("assistant's e-mail"), blank=True, help_text=_("Gets a copy of every e-mail.")
    )
    language = models.CharField(
        _("language of e-mails"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    own_clock = models.CharField(
        _("time zone of their own page"),
        max_length=64,
        blank=True,
        validators=[check_zone_key],
        help_text=_("Chosen by the person; not shown to others."),
    )
    # Version of their pages, raised by the triggers in sessions_app.response_cache.triggers.
    response_version = models.PositiveBigIntegerField(db_default=0, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "key"]

    def __str__(self) -> str:
        return f"{self.honorific} {self.full_name}".strip()

    def save(self, **options: Any) -> None:
        """Make the sort name and the key from the English name if they are empty."""
        full_name = str(getattr(self, "full_name_en", "") or self.full_name)
        self.sort_name = self.sort_name or names.sort_name(full_name, str(self.country.code or ""))
        self.key = self.key or free_key(full_name)
        super().save(**options)

    @property
    def zone_key(self) -> str:
        """Zone of the person, else the only zone of their country, else empty."""
        return self.zone or zones.country_zone(str(self.country.code or ""))

    @property
    def preferred_zone_key(self) -> str:
        """Zone for their page and e-mails: the one they chose, else `zone_key`."""
        return self.own_clock or self.zone_key


def free_key(full_name: str) -> str:
    """Key from a name that nobody has or had: `juny-kim`, or `juny-kim-2` if it is taken."""
    base = key_from_name(full_name)
    similar = models.Q(key__startswith=base) | models.Q(former_keys__contains=base)
    rows = Person.objects.filter(similar).values_list("key", "former_keys")
    taken = {key for current, former in rows for key in (current, *former.split())}
    numbered = (f"{base}-{count}" for count in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbered if key not in taken)


def key_from_name(full_name: str) -> str:
    """Key made from a name, which may be taken already."""
    return slugify(names.fold(full_name))[:MAX_KEY_LENGTH].strip("-") or "person"
