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
    definition_code = models.CharField(
        max_length=80, blank=True, help_text="Of the shipped catalogue or of the agency's own definitions"
    )
    formula = models.JSONField(
        null=True, blank=True, help_text="How it is counted (core.formulas); null: entered by hand"
    )
    entered_every = models.CharField(
        max_length=10, blank=True, help_text="Of one entered by hand: month, quarter, half_year, year"
    )
    entered_within = models.PositiveSmallIntegerField(
        default=5, help_text="Of one entered by hand: working days after a period's end"
    )

    def __str__(self) -> str:
        return self.name


class Definition(models.Model):
    """An indicator that an agency defined for itself: a formula over the counts of a source, with what it is for.

    It is never changed: a correction is a new definition that replaces it from a day on.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="indicator_definitions")
    code = models.CharField(max_length=80)
    name = models.TextField()
    about = models.TextField(blank=True)
    formula = models.JSONField()
    unit = models.CharField(max_length=100, blank=True)
    direction = models.CharField(max_length=6, blank=True, help_text="higher, lower, or neither")
    decimals = models.PositiveSmallIntegerField(default=2)
    clause = models.CharField(max_length=60, blank=True, help_text="Clause of ISO 9001")
    legal_source = models.CharField(max_length=500, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", help_text="The newer one"
    )
    defined_at = models.DateTimeField()
    defined_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code", "valid_from"], name="definition_one_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="definition_validity",
            ),
        ]

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
