"""Releases: published agendas."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workshop.models import Event


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest(self, slug: str) -> "Release | None":
        """The newest release of the event `slug`, which readers see; None if there is none."""
        return self.filter(event__slug=slug).order_by("-number").first()


class Release(models.Model):
    """A published agenda, complete and unchangeable; readers see the newest."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("published"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    note = models.TextField(_("note for organisers"), blank=True)
    agenda = models.TextField(_("agenda, as JSON"))
    # What the list of events shows of the agenda; empty in a release of a process that runs the
    # version before.
    summary = models.TextField(db_default="", editable=False)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-number"]
        permissions = [("publish_release", _("Can publish and restore releases"))]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "number"],
                name="release_number_once",
                violation_error_message=_("The event has a release of this number already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="release_number_from_one",
                violation_error_message=_("Releases are numbered from 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event.slug} {self.number}"
