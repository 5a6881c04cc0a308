from __future__ import annotations

from django.db import models


class SentForm(models.Model):
    """The fingerprint of a form that took effect, and the address that showed its result."""

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.fingerprint


class HeldForm(models.Model):
    """What a person typed into a form that arrived without a session; ``browser`` is the digest of a cookie."""

    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    capacity = models.CharField(max_length=60, blank=True)
    browser = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=1000)
    page = models.CharField(max_length=1000, blank=True)
    content = models.JSONField()
    files = models.JSONField()
    seen_until = models.PositiveBigIntegerField(null=True, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["browser", "person"], name="intake_held_browser")]

    def __str__(self) -> str:
        return self.path


class PublicTry(models.Model):
    """How many forms of a kind one address sent today, without signing in.

    Of the address only a hash is kept, keyed by the installation and the day; rows of past days are thrown away.
    """

    purpose = models.CharField(
        max_length=60, help_text="What was sent, as answers:12 for the survey's point 12"
    )
    address = models.CharField(max_length=64)
    on = models.DateField(db_index=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "address", "on"], name="public_try_unique")]
        verbose_name_plural = "public tries"

    def __str__(self) -> str:
        return f"{self.purpose}: {self.number}"
