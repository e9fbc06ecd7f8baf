"""Sessions of the programme and their presentations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from workshop.models import Event, UidModel, Workshop


class SessionQuerySet(models.QuerySet["Session"]):
    def current(self) -> "SessionQuerySet":
        """Sessions without deleted ones, whose rows are kept with `dropped_at`."""
        return self.filter(dropped_at=None)


class Session(UidModel):
    """A session of the programme: a panel, a presentation, a break, closing remarks."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening")
        PRESENTATION = "presentation", _("presentation")
        PANEL = "panel", _("panel")
        QUESTIONS = "q_and_a", _("questions and answers")
        BREAK = "break", _("break")
        CLOSING = "closing", _("closing")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        TENTATIVE = "tentative", _("tentative")
        CANCELLED = "cancelled", _("cancelled")

    event = models.ForeignKey(Event, models.PROTECT, related_name="sessions", editable=False)
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="sessions", verbose_name=_("workshop")
    )
    key = models.SlugField(
        _("key"), max_length=80, blank=True, help_text=_("Its name in addresses; set once.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    heading = models.CharField(
        _("heading"), max_length=300, blank=True, help_text=_("Printed above the title.")
    )
    title = models.CharField(_("title"), max_length=5000, blank=True)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    place = models.CharField(_("place"), max_length=300, blank=True)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.CONFIRMED
    )
    note = models.TextField(_("printed note"), blank=True)
    staff_note = models.TextField(
        _("note for colleagues"), blank=True, help_text=_("Never printed.")
    )
    questions_minutes = models.PositiveSmallIntegerField(
        _("minutes for questions"),
        null=True,
        blank=True,
        help_text=_("As the programme states them for the whole session."),
    )
    dropped_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "ends_at", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "key"],
                name="session_key_once",
                violation_error_message=_("Another session of this event has this key."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1),
                name="session_number_from_one",
                violation_error_message=_("Sessions are numbered from 1."),
            ),
            models.CheckConstraint(
                condition=Q(questions_minutes__isnull=True) | Q(questions_minutes__gte=1),
                name="session_questions_minutes_positive",
                violation_error_message=_("Leave the minutes empty where none are stated."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.get_kind_display()} {self.number or ''}".strip()

    def clean(self) -> None:
        """Refuse a key that is taken in the event, which forms do not have as a field."""
        if self.workshop_id and self.key:
            others = Session.objects.filter(event=self.workshop.event, key=self.key)
            if others.exclude(pk=self.pk).exists():
                raise ValidationError({"key": _("Another session of this event has this key.")})

    def save(self, **options: Any) -> None:
        """Set the event from the workshop and, the first time, a key from the English title."""
        self.event = self.workshop.event
        self.key = self.key or self._free_key()
        super().save(**options)

    def _free_key(self) -> str:
        numbered = f"session {self.number}" if self.number else ""
        title = str(getattr(self, "title_en", "") or "")
        stem = slugify(numbered or title)[:60].strip("-") or slugify(self.kind)
        taken = set(
            Session.objects.filter(event=self.event, key__startswith=stem).values_list(
                "key", flat=True
            )
        )
        numbered_keys = (f"{stem}-{count}" for count in range(2, len(taken) + 3))
        return stem if stem not in taken else next(key for key in numbered_keys if key not in taken)


class Presentation(UidModel):
    """A talk within a session, with its own minutes if stated."""

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="presentations", verbose_name=_("session")
    )
    title = models.CharField(_("title"), max_length=5000)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        ordering = ["order", "uid"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1),
                name="presentation_minutes_positive",
                violation_error_message=_("Leave the minutes empty where none are stated."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
