"""What is kept of papers: a row for each that was asked for, and one for each worker that lives."""

from django.db import models


class Printing(models.Model):
    """A paper that was asked for, under a hash of all that it says: so it is set once.

    `content` is what is to be set, as long as it is to be; the PDF itself lies in the storage.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SETTING = "setting"
        KEPT = "kept"
        FAILED = "failed"  # it cannot be set
        NOT_KEPT = "not_kept"  # it was set, and there was no room for it

    name = models.CharField(max_length=64, primary_key=True)
    file = models.CharField(max_length=300)
    length = models.PositiveIntegerField()  # of its HTML
    is_variant = models.BooleanField(default=False)  # in zones or a language of a stranger's choice
    state = models.CharField(max_length=20, choices=State.choices, default=State.WAITING)
    content = models.BinaryField(default=bytes)
    asked_at = models.DateTimeField()
    used_at = models.DateTimeField()
    claim = models.UUIDField(null=True)
    claimed_by = models.CharField(max_length=100, blank=True)  # a worker; a request has no name
    began_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)  # the last sign of life of whoever sets it
    tries = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    is_laid_out = models.BooleanField(default=False)
    size = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["state", "is_variant", "asked_at"], name="printing_turn")]

    def __str__(self) -> str:
        return f"{self.file} {self.state}"

    @property
    def path(self) -> str:
        """Where the PDF lies in the storage."""
        return f"papers/{self.name}.pdf"


class PaperWorker(models.Model):
    """A worker that sets papers, on whatever machine, and when it was last seen alive."""

    name = models.CharField(max_length=100, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
