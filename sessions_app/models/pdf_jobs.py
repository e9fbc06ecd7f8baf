"""PDF jobs."""

from django.db import models


class PdfJob(models.Model):
    """A PDF job; its name is a hash of the document's content, so that each is rendered once.

    `content` is the HTML until it is rendered; the PDF itself is in the storage.
    """

    class State(models.TextChoices):
        """State of a job; the stored values are those of the first version."""

        WAITING = "waiting"
        RENDERING = "setting"
        DONE = "kept"
        FAILED = "failed"  # it cannot be rendered
        STORE_FAILED = "not_kept"  # it was rendered, but the storage did not take it

    name = models.CharField(max_length=64, primary_key=True)
    file = models.CharField(max_length=300)
    length = models.PositiveIntegerField()  # of its HTML
    is_variant = models.BooleanField(default=False)  # in zones or a language chosen by a visitor
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    content = models.BinaryField(default=bytes)
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_by = models.CharField(
        max_length=100, blank=True
    )  # name of a worker; empty for a request
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # last heartbeat of the worker
    tries = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    is_laid_out = models.BooleanField(default=False)
    size = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "sessions_app_printing"  # its name before the model was renamed
        default_permissions = ()
        indexes = [models.Index(fields=["state", "is_variant", "asked_at"], name="printing_turn")]

    def __str__(self) -> str:
        return f"{self.file} {self.state}"

    @property
    def path(self) -> str:
        """Path of the PDF in the storage."""
        return f"papers/{self.name}.pdf"
