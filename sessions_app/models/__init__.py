"""What happens and when: sessions, presentations, who appears, what is asked, releases."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from participants.models import Person
from sessions_app.models.pdf_jobs import PaperWorker as PaperWorker
from sessions_app.models.pdf_jobs import Printing as Printing
from workshop.models import Event, Row, Workshop


class SessionQuerySet(models.QuerySet["Session"]):
    def current(self) -> "SessionQuerySet":
        """Those that stand in the programme; deleted ones are kept apart as dropped."""
        return self.filter(dropped_at=None)


class Session(Row):
    """One row of the programme: a panel, a presentation, a break, closing remarks."""

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
        """Refuse a key that the workshop's event has already: a form does not know the event."""
        if self.workshop_id and self.key:
            others = Session.objects.filter(event=self.workshop.event, key=self.key)
            if others.exclude(pk=self.pk).exists():
                raise ValidationError({"key": _("Another session of this event has this key.")})

    def save(self, **options: Any) -> None:
        """Take the event from the workshop and, the first time, a key from the English text."""
        self.event = self.workshop.event
        self.key = self.key or self._free_key()
        super().save(**options)

    def _free_key(self) -> str:
        numbered = f"session {self.number}" if self.number else ""
        title = str(getattr(self, "title_en", "") or "")
        wanted = slugify(numbered or title)[:60].strip("-") or slugify(self.kind)
        taken = set(
            Session.objects.filter(event=self.event, key__startswith=wanted).values_list(
                "key", flat=True
            )
        )
        tries = (f"{wanted}-{count}" for count in range(2, len(taken) + 3))
        return wanted if wanted not in taken else next(key for key in tries if key not in taken)


class Presentation(Row):
    """A talk within a session, with minutes of its own where they are stated."""

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


class Appearance(Row):
    """Somebody or something in a role: in a session, in a presentation or over a whole workshop."""

    class Role(models.TextChoices):
        MODERATOR = "moderator", _("moderator")
        FACILITATOR = "facilitator", _("facilitator")
        SPEAKER = "speaker", _("speaker")
        PRESENTER = "presenter", _("presenter")
        PANELIST = "panelist", _("panelist")

    class StandsFor(models.TextChoices):
        PERSON = "person", _("a person")
        ORGANISATION = "organisation", _("an organisation")
        FUNCTION = "function", _("a function")
        TO_BE_CONFIRMED = "to_be_confirmed", _("a name to be confirmed")

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    session = models.ForeignKey(
        Session, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    presentation = models.ForeignKey(
        Presentation, models.CASCADE, null=True, blank=True, related_name="appearances"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    stands_for = models.CharField(
        _("is"), max_length=20, choices=StandsFor.choices, default=StandsFor.PERSON
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("person"),
    )
    name = models.CharField(
        _("name"), max_length=300, blank=True, help_text=_("Where it is no person.")
    )
    position = models.CharField(
        _("position as printed here"),
        max_length=500,
        blank=True,
        help_text=_("Empty, with the organisation empty too: as on the person."),
    )
    organisation = models.CharField(_("organisation as printed here"), max_length=500, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["order", "uid"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(workshop__isnull=False, session__isnull=True, presentation__isnull=True)
                    | Q(workshop__isnull=True, session__isnull=False, presentation__isnull=True)
                    | Q(workshop__isnull=True, session__isnull=True, presentation__isnull=False)
                ),
                name="appearance_in_one_place",
                violation_error_message=_(
                    "An appearance is in a session, in a presentation or over a workshop: one."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(stands_for="person", person__isnull=False)
                    | (~Q(stands_for="person") & Q(person__isnull=True))
                ),
                name="appearance_person_where_it_says_person",
                violation_error_message=_("Choose a person, or say what appears instead of one."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[place, "role", "person"],
                    condition=Q(person__isnull=False) & Q((f"{place}__isnull", False)),
                    name=f"appearance_person_once_in_{place}",
                    violation_error_message=_("This person has this role here already."),
                )
                for place in ("workshop", "session", "presentation")
            ),
            *(
                models.UniqueConstraint(
                    place,
                    "role",
                    Lower("name"),  # an expression, which translation leaves as it is
                    condition=Q(stands_for__in=("organisation", "function"))
                    & Q((f"{place}__isnull", False)),
                    name=f"appearance_name_once_in_{place}",
                    violation_error_message=_("This name has this role here already."),
                )
                for place in ("workshop", "session", "presentation")
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.name or self.get_stands_for_display())

    def get_inline_title(self) -> str:
        """What heads it on the page of its session, `Ms. Juny Kim, panelist`."""
        return f"{self}, {self.get_role_display()}"

    @property
    def holder(self) -> UUID:
        """UID of the talk, the session or the workshop that it belongs to."""
        return cast(UUID, self.presentation_id or self.session_id or self.workshop_id)

    def clean(self) -> None:
        named = self.StandsFor.ORGANISATION, self.StandsFor.FUNCTION
        if self.stands_for in named and not self.name:
            raise ValidationError({"name": _("Write the name of the organisation or function.")})


class QuestionBlock(Row):
    """Questions put to some of the countries of a session, with the minutes they have."""

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
        _("note to the moderator"), blank=True, help_text=_("Moderators and organisers see it.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("question block")
        verbose_name_plural = _("question blocks")
        ordering = ["order", "uid"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True, minutes_are="")
                # SQL lets pass what compares to NULL: it has to be ruled out by name.
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


class Question(Row):
    """One question, as it is printed."""

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
        """Its place in the block; the text stands right below."""
        return str(self.order)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def newest(self, slug: str) -> "Release | None":
        """The release that readers of the event `slug` see."""
        return self.filter(event__slug=slug).order_by("-number").first()


class Release(models.Model):
    """The agenda as it was published, whole and for good; readers see the newest."""

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
