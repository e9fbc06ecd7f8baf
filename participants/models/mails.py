"""Models of the outbox: e-mails, and calendar entries as last sent to each person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from participants.models.people import Person
from workshop.models import Event, UidModel


class OutgoingMail(UidModel):
    """E-mail to one person. Its text holds no token; the worker inserts the link on sending."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        REMINDER = "reminder", _("reminder")
        CHANGE = "change", _("notice of change")
        CANCELLATION = "cancellation", _("cancellation")
        JOINING = "joining", _("joining information")
        CONFIRMATION = "confirmation", _("confirmation of a reply")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")
        UNKNOWN = "unknown", _("perhaps sent")
        BOUNCED = "bounced", _("came back")
        STOPPED = "stopped", _("stopped")

    event = models.ForeignKey(Event, models.PROTECT, related_name="outgoing_mails")
    person = models.ForeignKey(Person, models.PROTECT, related_name="outgoing_mails")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    batch = models.UUIDField(_("batch"), db_index=True)
    to = models.EmailField(_("to"))
    copy_to = models.EmailField(_("copy to"), blank=True)
    language = models.CharField(max_length=2, default="en")
    subject = models.CharField(_("subject"), max_length=900)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendars = models.JSONField(default=list)  # iCalendar texts, one per entry
    with_briefing = models.BooleanField(default=False)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    made_at = models.DateTimeField(_("created"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    not_before = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.CharField(max_length=100, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        db_table = "participants_letter"  # its name before the model was renamed
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["made_at", "uid"]
        indexes = [models.Index(fields=["state", "not_before"], name="letter_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "person", "kind"],
                name="letter_once_in_a_batch",
                violation_error_message=_("This e-mail is in the outbox already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


class SentEntry(UidModel):
    """Calendar entry as last e-mailed to one person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="sent_entries")
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    entry = models.UUIDField()
    sequence = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    calendar = models.TextField()  # the VEVENT as sent, needed to cancel a dropped entry
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["person", "entry"]
        constraints = [
            models.UniqueConstraint(fields=["person", "entry"], name="sent_entry_once"),
            models.CheckConstraint(condition=Q(sequence__gte=0), name="sent_entry_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.entry}"
