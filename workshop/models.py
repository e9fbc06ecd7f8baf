"""Models of events, workshops, display zones, about-sections and worker processes."""

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
    """Validator for zone names of a place; raises ValidationError."""
    if value not in zones.place_keys():
        raise ValidationError(
            _("“%(value)s” is not the time zone of a place. Write it as Asia/Vientiane."),
            params={"value": value},
        )


class UidModel(models.Model):
    """Abstract model with a UUID primary key, which is never reused."""

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Event(UidModel):
    """One or more workshops, published together on one page."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        LAO = "lo", _("Lao")
        BOTH = "en,lo", _("English and Lao")

    slug = models.SlugField(
        _("address"), unique=True, help_text=_("Name of the event in its web address.")
    )
    title = models.CharField(_("title"), max_length=5000)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[check_zone_key],
        help_text=_("Time zone in which times are typed, such as Asia/Vientiane."),
    )
    organisers = models.TextField(
        _("organisers"), blank=True, help_text=_("One organisation per line.")
    )
    partners = models.TextField(
        _("partners"), blank=True, help_text=_("One organisation per line.")
    )
    office_name = models.CharField(
        _("public office"),
        max_length=300,
        blank=True,
        help_text=_("The office that answers questions; shown in calendar entries."),
    )
    office_address = models.EmailField(
        _("public office's e-mail"),
        blank=True,
        help_text=_("Public: do not use a person's address."),
    )
    languages = models.CharField(
        _("languages"), max_length=10, choices=Language.choices, default=Language.ENGLISH
    )
    interpretation = models.CharField(_("interpretation"), max_length=500, blank=True)
    platform = models.CharField(_("platform"), max_length=200, blank=True)
    # Last erasure of a person from the releases, which never change otherwise.
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="event_slug_not_reserved",
                violation_error_message=_("The site itself uses this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("agenda", args=[self.slug])


class Workshop(UidModel):
    """Part of an event with its own audience: a morning, an afternoon, a day."""

    class Admission(models.TextChoices):
        OPEN = "open", _("open to everybody")
        BY_INVITATION = "by_invitation", _("by invitation")
        INTERNAL = "internal", _("internal")

    class Readership(models.TextChoices):
        EVERYONE = "everyone", _("everyone")
        THOSE_LET_IN = "those_let_in", _("registered participants and organisers")

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="workshops", verbose_name=_("event")
    )
    key = models.SlugField(
        _("key"), help_text=_("Name in web addresses. Do not change it after publishing.")
    )
    title = models.CharField(_("title"), max_length=5000)
    other_titles = models.TextField(
        _("other titles"),
        blank=True,
        help_text=_("One per line, with the document that uses it. Only organisers see them."),
    )
    starts_at = models.DateTimeField(_("announced start"))
    ends_at = models.DateTimeField(_("announced end"))
    audience = models.CharField(
        _("audience"), max_length=500, blank=True, help_text=_("One sentence; public.")
    )
    admission = models.CharField(_("admission"), max_length=20, choices=Admission.choices)
    readership = models.CharField(
        _("programme visible to"),
        max_length=20,
        choices=Readership.choices,
        default=Readership.THOSE_LET_IN,
    )
    place = models.CharField(_("place"), max_length=300, blank=True)
    join_url = models.URLField(
        _("join link"), blank=True, help_text=_("Only registered participants see it.")
    )
    join_code = models.CharField(_("passcode"), max_length=100, blank=True)
    join_version = models.PositiveIntegerField(default=1, editable=False)
    room = models.CharField(
        _("conference room"),
        max_length=300,
        blank=True,
        help_text=_("Room for participants on site; shown in replies."),
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
        """Count changes of the join link, so that participants are told of a new one."""
        join = self.join_url, self.join_code
        old = Workshop.objects.filter(pk=self.pk).values_list("join_url", "join_code").first()
        if old is not None and old != join:
            self.join_version += 1
        super().save(**options)


class StatedWindow(UidModel):
    """Hours of a workshop as stated in another document; only organisers see them."""

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, related_name="stated_windows", verbose_name=_("workshop")
    )
    source = models.CharField(_("document"), max_length=200)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    as_printed = models.TextField(_("as printed"), blank=True)

    class Meta:
        verbose_name = _("hours in another document")
        verbose_name_plural = _("hours in other documents")
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


class DisplayZone(UidModel):
    """Time zone in which the event's times are shown, with the organisers' own label."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="display_zones", verbose_name=_("event")
    )
    label = models.CharField(
        _("label"), max_length=40, help_text=_("Name that people use, such as Lao Time or KST.")
    )
    key = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[check_zone_key],
        help_text=_("Time zone of a place, such as Asia/Seoul."),
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
                violation_error_message=_("The event already has a time zone with this label."),
            ),
            models.UniqueConstraint(
                fields=["event", "key"],
                name="display_zone_key_once",
                violation_error_message=_("The event already has this time zone."),
            ),
            models.CheckConstraint(
                condition=~Q(label__contains=","),
                name="display_zone_label_without_comma",
                violation_error_message=_(
                    "A label cannot contain a comma, because it is used in web addresses."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class AboutSection(UidModel):
    """Section of the concept note; with a workshop, visible only to readers of its programme."""

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
        help_text=_("Choose one to show the section only to readers of its programme."),
    )
    title = models.CharField(_("title"), max_length=300)
    body = models.TextField(
        _("text"),
        help_text=_("A blank line separates paragraphs; “- ” and “1. ” begin list items."),
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


class Worker(models.Model):
    """A process that runs background tasks, with the time of its last heartbeat."""

    name = models.CharField(max_length=100, primary_key=True)
    queue = models.CharField(max_length=20, db_default="")
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "sessions_app_paperworker"  # its name when only documents had such workers
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
