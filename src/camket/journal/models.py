from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One recorded act; never updated, never deleted."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="journal")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    on = models.DateField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.CharField(max_length=500)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "sequence"], name="journal_sequence_unique")]
        indexes = [models.Index(fields=["agency", "subject_type", "subject_id"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"
