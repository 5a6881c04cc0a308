from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Plan(models.Model):
    """One version of an agency's plan of quality objectives for one year."""

    class State(models.TextChoices):
        READING = "reading", _("Being checked against its source")
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted for approval")
        APPROVED = "approved", _("Approved")
        PROMULGATED = "promulgated", _("In force")
        CLOSED = "closed", _("Closed")
        REPLACED = "replaced", _("Replaced")
        DISCARDED = "discarded", _("Discarded")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="plans")
    year = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    period_start = models.DateField()
    period_end = models.DateField()
    state = models.CharField(max_length=12, choices=State)
    title = models.TextField(blank=True)
    kind = models.CharField(max_length=10, default="QĐ")
    number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=100, blank=True)
    signed_by = models.CharField(max_length=150, blank=True)
    capacity = models.CharField(max_length=150, blank=True)
    authority = models.CharField(max_length=150, blank=True)
    named_agency = models.CharField(max_length=255, blank=True, help_text="As the document names it")
    named_level = models.CharField(max_length=20, blank=True)
    motto = models.TextField(blank=True)
    commitments = models.JSONField(default=list, help_text="List of texts")
    reporting = models.JSONField(default=list, help_text="Entries of plan format 1")
    resources = models.TextField(
        blank=True, help_text="For all actions that state none (ISO 9001:2015, 6.2.2 b)"
    )
    evaluation = models.TextField(
        blank=True, help_text="For all actions that state none (ISO 9001:2015, 6.2.2 e)"
    )
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="amended_by")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    source_file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_file = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.JSONField(null=True, blank=True, help_text="The reading: blocks, warnings, unread parts")
    head_source = models.JSONField(
        default=dict, help_text="Per field of the head: span, confidence, warnings"
    )
    revision = models.PositiveIntegerField(default=1, help_text="Rises with each change of the head")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    promulgated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="plan_period"),
            models.UniqueConstraint(
                fields=["agency", "year"], condition=Q(state="promulgated"), name="plan_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"Mục tiêu chất lượng năm {self.year}"


class Objective(models.Model):
    """A quality objective (mục tiêu chất lượng)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objectives")
    order = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    text = models.TextField()
    method = models.TextField(blank=True)
    owner = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="objectives")
    source = models.JSONField(default=dict, help_text="Per field: span in the source, confidence, warnings")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["plan", "order"], name="objective_order")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Target(models.Model):
    """A measurable commitment of an objective (chỉ tiêu)."""

    class Kind(models.TextChoices):
        AT_LEAST = "at_least", _("At least")
        ABOVE = "above", _("Above")
        AT_MOST = "at_most", _("At most")
        BELOW = "below", _("Below")
        BETWEEN = "between", _("Between")
        INCREASE_BY = "increase_by", _("Increase by")
        DECREASE_BY = "decrease_by", _("Decrease by")
        COUNT_OF = "count_of", _("Count of items met")
        GRADE_AT_LEAST = "grade_at_least", _("Grade at least")
        RANK_WITHIN = "rank_within", _("Rank within")
        ACHIEVED = "achieved", _("Reached or kept")

    class Change(models.TextChoices):
        """How an increase in per cent is meant: domain usage differs, so the person says."""

        POINTS = "points", _("Percentage points")
        RELATIVE = "relative", _("Per cent of the baseline")

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="targets")
    order = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=16, choices=Kind)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    upper = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=255, blank=True)
    baseline_year = models.PositiveIntegerField(null=True, blank=True)
    baseline_value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    change = models.CharField(max_length=10, choices=Change, default=Change.POINTS)
    is_striving = models.BooleanField(default=False)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    expected_volume = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    indicator = models.ForeignKey(
        "indicators.Indicator", models.PROTECT, null=True, blank=True, related_name="targets"
    )
    source = models.JSONField(default=dict, help_text="Span in the source, confidence, warnings")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["objective", "order"], name="target_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(upper__isnull=True)
                | Q(value__isnull=True)
                | Q(kind="count_of")
                | Q(upper__gte=F("value")),
                name="target_range",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ObjectiveAction(models.Model):
    """An action in its place under an objective."""

    objective = models.ForeignKey(Objective, models.CASCADE, related_name="placements")
    action = models.OneToOneField("actions.Action", models.CASCADE, related_name="placement")
    order = models.PositiveIntegerField()
    source = models.JSONField(default=dict, help_text="Per field: span in the source, confidence, warnings")
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["objective", "order"], name="placement_order")]

    def __str__(self) -> str:
        return str(self.action)
