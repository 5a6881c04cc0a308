from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """One version of a report on a plan's objectives for a period."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", _("Quarterly report")
        HALF_YEAR = "half_year", _("Half-year report")
        YEAR = "year", _("Yearly report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        REPLACED = "replaced", _("Replaced")
        DISCARDED = "discarded", _("Discarded")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="reports")
    plan = models.ForeignKey("objectives.Plan", models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField(default=1)
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=150, blank=True)
    capacity = models.CharField(max_length=150, blank=True)
    authority = models.CharField(max_length=150, blank=True)
    assessment = models.TextField(blank=True)
    difficulties = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.TextField(blank=True, help_text="Why this version corrects the one before")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind", "period_end", "version"], name="report_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period_end.year}"


class Remark(models.Model):
    """The secretary's reason and remedy for one target in a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="remarks")
    target = models.ForeignKey("objectives.Target", models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    remedy = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "target"], name="remark_unique")]

    def __str__(self) -> str:
        return self.reason or self.remedy


class HandOver(models.Model):
    """One who leaves handed the open work over; what went to whom, as it was recorded (biên bản bàn giao)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="hand_overs")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="hand_overs")
    last_day = models.DateField(help_text="Last day on which the posts are held")
    reason = models.CharField(max_length=500)
    lines = models.JSONField(default=list, help_text="Each: kind, text, detail, to (person, unit or nobody)")
    closes_account = models.BooleanField(default=True)
    account_closed_on = models.DateField(null=True, blank=True)
    recorded_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person} · {self.last_day:%d/%m/%Y}"
