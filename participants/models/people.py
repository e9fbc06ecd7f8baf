"""People, with what is printed of them and what stays private."""

from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from participants import names
from workshop import zones
from workshop.models import Row, check_zone_key

LONGEST_KEY = 46  # characters, which leaves room for a number


class Person(Row):
    """Somebody who speaks, moderates or attends, once for all events."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        LAO = "lo", _("Lao")

    key = models.SlugField(
        _("key"),
        unique=True,
        blank=True,
        help_text=_("The name in addresses. Made from the full name; better left as it is."),
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
        _("name in lists"),
        max_length=300,
        blank=True,
        help_text=_("As it is sorted: Kim, Juny. Made from the full name where it is left empty."),
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
    assistant_email = models.EmailField(
        _("assistant's e-mail"), blank=True, help_text=_("Gets a copy of every mail.")
    )
    language = models.CharField(
        _("language of mails"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    own_clock = models.CharField(
        _("clock on their own page"),
        max_length=64,
        blank=True,
        validators=[check_zone_key],
        help_text=_("As they chose it themselves; shown to nobody else."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "key"]

    def __str__(self) -> str:
        return f"{self.honorific} {self.full_name}".strip()

    def save(self, **options: Any) -> None:
        """Make the name in lists and the key from the English name where they are not given."""
        full_name = str(getattr(self, "full_name_en", "") or self.full_name)
        self.sort_name = self.sort_name or names.sort_name(full_name, str(self.country.code or ""))
        self.key = self.key or free_key(full_name)
        super().save(**options)

    @property
    def zone_key(self) -> str:
        """The zone set for the person, else the country's only zone, else empty."""
        return self.zone or zones.country_zone(str(self.country.code or ""))

    @property
    def clock_key(self) -> str:
        """The zone in which to write to them: the one they chose, else what is known."""
        return self.own_clock or self.zone_key


def free_key(full_name: str) -> str:
    """A key from a name, `juny-kim`, that nobody has or had; `juny-kim-2` where it is taken."""
    wanted = wanted_key(full_name)
    alike = models.Q(key__startswith=wanted) | models.Q(former_keys__contains=wanted)
    rows = Person.objects.filter(alike).values_list("key", "former_keys")
    taken = {each for key, former in rows for each in (key, *former.split())}
    tries = (f"{wanted}-{count}" for count in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(key for key in tries if key not in taken)


def wanted_key(full_name: str) -> str:
    """The key that a name makes, whoever has it already."""
    return slugify(names.plain(full_name))[:LONGEST_KEY].strip("-") or "person"
