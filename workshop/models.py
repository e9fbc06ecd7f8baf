"""An event, its workshops, the zones it is shown in and what is told about it."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workshop import zones

RESERVED_SLUGS = ("admin", "desk", "healthz", "me", "readyz", "static")


def check_zone_key(value: str) -> None:
    """Refuse a zone that names no place; raises ValidationError."""
    if value not in zones.place_keys():
        raise ValidationError(
            _("“%(value)s” is no time zone of a place. Write it as Asia/Vientiane."),
            params={"value": value},
        )


class Row(models.Model):
    """A row with an identity of its own, which it keeps for ever and never hands on."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Event(Row):
    """One or more workshops under one roof, on one page."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        LAO = "lo", _("Lao")
        BOTH = "en,lo", _("English and Lao")

    slug = models.SlugField(
        _("address"), unique=True, help_text=_("The part of the address that names the event.")
    )
    title = models.CharField(_("title"), max_length=5000)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[check_zone_key],
        help_text=_("The clock in which times are typed, such as Asia/Vientiane."),
    )
    organisers = models.TextField(
        _("organisers"), blank=True, help_text=_("One organisation a line.")
    )
    partners = models.TextField(_("partners"), blank=True, help_text=_("One organisation a line."))
    office_name = models.CharField(
        _("public office"),
        max_length=300,
        blank=True,
        help_text=_("The office that answers questions; it stands in calendar entries."),
    )
    office_address = models.EmailField(
        _("public office's e-mail"), blank=True, help_text=_("Everybody sees it: never a person's.")
    )
    languages = models.CharField(
        _("languages"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    interpretation = models.CharField(_("interpretation"), max_length=500, blank=True)
    platform = models.CharField(_("platform"), max_length=200, blank=True)
    # When somebody was last erased from its releases: all else in them is for good.
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="event_slug_not_reserved",
                violation_error_message=_("This address is used by the site itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agenda", args=[self.slug])


class Workshop(Row):
    """A part of an event with an audience of its own: a morning, an afternoon, a day."""

    class Admission(models.TextChoices):
        OPEN = "open", _("open to everybody")
        BY_INVITATION = "by_invitation", _("by invitation")
        INTERNAL = "internal", _("internal")

    class Readership(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        THOSE_LET_IN = "those_let_in", _("those let in, and organisers")

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="workshops", verbose_name=_("event")
    )
    key = models.SlugField(_("key"), help_text=_("Its name in addresses; better left as it is."))
    title = models.CharField(_("title"), max_length=5000)
    other_titles = models.TextField(
        _("other titles it goes by"),
        blank=True,
        help_text=_("One a line, with the document that uses it. Only organisers see them."),
    )
    starts_at = models.DateTimeField(_("announced start"))
    ends_at = models.DateTimeField(_("announced end"))
    audience = models.CharField(
        _("audience"), max_length=500, blank=True, help_text=_("One sentence that everybody sees.")
    )
    admission = models.CharField(_("admission"), max_length=20, choices=Admission.choices)
    readership = models.CharField(
        _("who may read its programme"),
        max_length=20,
        choices=Readership.choices,
        default=Readership.THOSE_LET_IN,
    )
    place = models.CharField(_("place"), max_length=300, blank=True)
    join_url = models.URLField(
        _("join link"), blank=True, help_text=_("Only people let in see it.")
    )
    join_code = models.CharField(_("passcode"), max_length=100, blank=True)
    join_version = models.PositiveIntegerField(default=1, editable=False)
    room = models.CharField(
        _("conference room"),
        max_length=300,
        blank=True,
        help_text=_("Where those meet who do not attend online; it stands in replies."),
    )

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = ["starts_at", "key"]
        constraints = [
            models.UniqueConstraint(
                "event",
                "key",
                name="workshop_key_once",
                violation_error_message=_("Another workshop of this event has this key."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="workshop_ends_after_start",
                violation_error_message=_("The workshop ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **options: Any) -> None:
        """Count the versions of the joining information, so that people hear of a new one."""
        join = self.join_url, self.join_code
        was = Workshop.objects.filter(pk=self.pk).values_list("join_url", "join_code").first()
        if was is not None and was != join:
            self.join_version += 1
        super().save(**options)


class StatedWindow(Row):
    """What another document says of a workshop's hours; only organisers see it."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="stated_windows", verbose_name=_("workshop")
    )
    source = models.CharField(_("document"), max_length=200)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    as_printed = models.TextField(_("as printed"), blank=True)

    class Meta:
        verbose_name = _("window stated elsewhere")
        verbose_name_plural = _("windows stated elsewhere")
        ordering = ["source", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="stated_window_ends_after_start",
                violation_error_message=_("The window ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.source


class DisplayZone(Row):
    """A clock that the event's times are shown in, under the organisers' own label."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="display_zones", verbose_name=_("event")
    )
    label = models.CharField(
        _("label"), max_length=40, help_text=_("What people call it: Lao Time, KST.")
    )
    key = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[check_zone_key],
        help_text=_("The place whose clock it is, such as Asia/Seoul."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("display zone")
        verbose_name_plural = _("display zones")
        ordering = ["order", "label"]
        constraints = [
            models.UniqueConstraint(
                "event",
                Lower("label"),
                name="display_zone_label_once",
                violation_error_message=_("The event shows a zone under this label already."),
            ),
            models.UniqueConstraint(
                fields=["event", "key"],
                name="display_zone_key_once",
                violation_error_message=_("The event shows this zone already."),
            ),
            models.CheckConstraint(
                condition=~Q(label__contains=","),
                name="display_zone_label_without_comma",
                violation_error_message=_("A label cannot hold a comma: it stands in addresses."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class AboutSection(Row):
    """A chapter of what is told about an event, or about one workshop to those who may read it."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="about_sections", verbose_name=_("event")
    )
    workshop = models.ForeignKey(
        Workshop,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="about_sections",
        verbose_name=_("workshop"),
        help_text=_("Choose one to show the section only to those who may read its programme."),
    )
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(
        _("text"),
        help_text=_("A blank line parts paragraphs; “- ” and “1. ” begin list items."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("section about the event")
        verbose_name_plural = _("sections about the event")
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.workshop is not None and self.workshop.event_id != self.event_id:
            raise ValidationError({"workshop": _("This workshop belongs to another event.")})
