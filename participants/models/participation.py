"""Models of participation in a workshop, and of replies to single sessions."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.people import Person
from workshop.models import UidModel, Workshop


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Queries on participations."""

    def registered(self) -> Self:
        """Registered participants, who may read closed workshops: invited and not declined."""
        return self.filter(state__in=Participation.REGISTERED_STATES)


class Participation(UidModel):
    """Participation of a person in a workshop: role, reply and attendance."""

    class Role(models.TextChoices):
        PANELIST = "panelist", _("panelist")
        MODERATOR = "moderator", _("moderator")
        DELEGATE = "delegate", _("delegate")
        OBSERVER = "observer", _("observer")
        INTERPRETER = "interpreter", _("interpreter")
        STAFF = "staff", _("staff")

    class State(models.TextChoices):
        LISTED = "listed", _("on the list, not invited yet")
        INVITED = "invited", _("invited")
        ACCEPTED = "accepted", _("comes")
        TENTATIVE = "tentative", _("comes perhaps")
        DECLINED = "declined", _("does not come")
        WITHDRAWN = "withdrawn", _("taken off the list")

    REGISTERED_STATES = (State.INVITED, State.ACCEPTED, State.TENTATIVE)

    class AttendsBy(models.TextChoices):
        ONLINE = "online", _("online")
        ROOM = "room", _("in the conference room")
        OFFICE = "office", _("from an own office")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        LAO = "lo", _("Lao")

    workshop = models.ForeignKey(
        Workshop, models.PROTECT, related_name="participations", verbose_name=_("workshop")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="participations", verbose_name=_("person")
    )
    role = models.CharField(_("as"), max_length=20, choices=Role.choices, default=Role.DELEGATE)
    state = models.CharField(_("reply"), max_length=20, choices=State.choices, default=State.LISTED)
    attends_by = models.CharField(
        _("attends"), max_length=20, choices=AttendsBy.choices, blank=True
    )
    office = models.CharField(
        _("office"), max_length=300, blank=True, help_text=_("The office they attend from.")
    )
    language = models.CharField(
        _("language they need"), max_length=2, choices=Language.choices, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    substitute_name = models.CharField(_("substitute"), max_length=300, blank=True)
    substitute_email = models.EmailField(_("substitute's e-mail"), blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    told_release = models.PositiveIntegerField(_("last release e-mailed"), null=True, blank=True)
    told_join_version = models.PositiveIntegerField(
        _("last joining information e-mailed"), default=0
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["workshop", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "person"],
                name="participation_once",
                violation_error_message=_("This person is already on the list of this workshop."),
            ),
            models.CheckConstraint(
                condition=models.Q(attends_by="office") | models.Q(office=""),
                name="participation_office_where_from_office",
                violation_error_message=_(
                    "An office can only be given for a person who attends from one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"


class SessionReply(UidModel):
    """Reply of a panelist to one of their sessions."""

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="session_replies")
    session = models.ForeignKey("sessions_app.Session", models.CASCADE, related_name="replies")
    takes_part = models.BooleanField(_("takes part"))

    class Meta:
        verbose_name = _("reply to a session")
        verbose_name_plural = _("replies to sessions")
        ordering = ["participation", "session"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "session"],
                name="session_reply_once",
                violation_error_message=_("There is already a reply to this session."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {_('yes') if self.takes_part else _('no')}"
