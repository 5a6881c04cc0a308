from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Pack(models.Model):
    """A year's evidence put together for an inspection; its files are removed after ``remove_on``, its row stays."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting to be put together")
        BUILDING = "building", _("Being put together")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Not put together")
        REMOVED = "removed", _("Removed after its days")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="packs")
    year = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    done = models.PositiveSmallIntegerField(default=0, help_text="Steps done of the steps there are")
    steps = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    remove_on = models.DateField(null=True, blank=True)
    book = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", help_text="PDF"
    )
    folder = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", help_text="ZIP"
    )
    missing = models.JSONField(default=list, help_text="Clause and words of what the system does not hold")
    error = models.JSONField(null=True, blank=True, help_text="Message of why it was not put together")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year"],
                condition=Q(state__in=["asked", "building"]),
                name="pack_one_at_work",
            )
        ]
        indexes = [models.Index(fields=["agency", "-asked_at"], name="pack_by_day")]

    def __str__(self) -> str:
        return str(self.year)
