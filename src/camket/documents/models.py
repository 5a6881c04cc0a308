from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes kept in the files folder under a random name; immutable. Their SHA-256 is checked when they are read."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(
        max_length=64, help_text="32 random hex digits; files of the first version are under their SHA-256"
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "sha256", "name"], name="stored_file_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """Proof of work done or of a figure (minh chứng)."""

    class Kind(models.TextChoices):
        FILE = "file", _("File")
        LINK = "link", _("Link")
        DOCUMENT = "document", _("Official document")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=500)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="evidence")
    url = models.URLField(max_length=1000, blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    document_date = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False)
                | Q(kind="link") & ~Q(url="")
                | Q(kind="document") & ~Q(document_number=""),
                name="evidence_has_its_proof",
            )
        ]

    def __str__(self) -> str:
        return self.title
