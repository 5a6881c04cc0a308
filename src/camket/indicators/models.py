from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from camket.core.wording.dates import format_date


class Indicator(models.Model):
    """What is measured, in what unit, and how (chỉ số)."""

    class Measure(models.TextChoices):
        RATIO = "ratio", _("Share: numerator over denominator")
        VALUE = "value", _("Number")
        GRADE = "grade", _("Grade")
        RANK = "rank", _("Rank")
        STATE = "state", _("State reached or not")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="indicators")
    name = models.TextField()
    measure = models.CharField(max_length=10, choices=Measure)
    unit = models.CharField(max_length=100, blank=True)
    method = models.TextField(blank=True)
    numerator_label = models.CharField(max_length=255, blank=True)
    denominator_label = models.CharField(max_length=255, blank=True)
    adds_up = models.BooleanField(
        default=True, help_text="Figures of consecutive periods add up; otherwise the newest stands for all"
    )
    owner = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="indicators")

    def __str__(self) -> str:
        return self.name


class Continuation(models.Model):
    """Whether an indicator goes on measuring what another, of a predecessor or an earlier plan, measured.

    Indicators of the same wording, kind and unit are taken for the same without a row; a row is what a secretary
    decided.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="continues")
    predecessor_indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="continued_by")
    is_same = models.BooleanField(help_text="False: proposed, and found to be another thing")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "predecessor_indicator"], name="continuation_unique"
            ),
            models.CheckConstraint(
                condition=~Q(indicator=F("predecessor_indicator")), name="continuation_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {'=' if self.is_same else '≠'} {self.predecessor_indicator_id}"


class Reading(models.Model):
    """One indicator's figure for one period (số liệu); corrected by withdrawing it and entering another."""

    class State(models.TextChoices):
        ENTERED = "entered", _("Waiting for confirmation")
        CONFIRMED = "confirmed", _("Confirmed")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="readings")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    period_start = models.DateField()
    period_end = models.DateField()
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    grade = models.CharField(max_length=10, blank=True)
    rank = models.PositiveIntegerField(null=True, blank=True)
    rank_of = models.PositiveIntegerField(null=True, blank=True)
    is_reached = models.BooleanField(null=True, blank=True)
    nothing_arose = models.BooleanField(default=False)
    source = models.CharField(max_length=500)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ENTERED)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")
    evidence = models.ManyToManyField("documents.Evidence", related_name="readings", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="reading_period"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0), name="reading_denominator"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="reading_confirmed_by_another",
            ),
            models.UniqueConstraint(
                fields=["indicator", "period_start", "period_end"],
                condition=~Q(state="withdrawn"),
                name="reading_one_per_period",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "state", "period_end"], name="reading_latest")]

    def __str__(self) -> str:
        return f"{self.indicator.name} ({format_date(self.period_start)} – {format_date(self.period_end)})"
