from __future__ import annotations

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """What a report is about."""

    OBJECTIVES = "objectives", _("Progress of the quality objectives")
    DOSSIERS = "dossiers", _("Results of handling administrative procedures")
    SATISFACTION = "satisfaction", _("Satisfaction")
    FEEDBACK = "feedback", _("Feedback and proposals")
    DIRECTIVES = "directives", _("Directives carried out")
    PROGRAMME = "programme", _("Month's work programme")
    CORRECTIVE = "corrective", _("Corrective actions followed up")
    AUDITS = "audits", _("Internal audits")
    SUMMARY = "summary", _("Summary to the superior body")
    OTHER = "other", _("Made outside")


class Report(models.Model):
    """One version of a report on a period: on a plan's objectives, or on another subject of :class:`Subject`.

    Of another subject than the objectives it has no plan; what it tells is in ``gathered`` until it is issued.
    """

    class Kind(models.TextChoices):
        MONTH = "month", _("Monthly report")
        QUARTER = "quarter", _("Quarterly report")
        HALF_YEAR = "half_year", _("Half-year report")
        NINE_MONTHS = "nine_months", _("Report of nine months")
        YEAR = "year", _("Yearly report")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for approval")
        APPROVED = "approved", _("Approved, not issued yet")
        ISSUED = "issued", _("Issued")
        REPLACED = "replaced", _("Replaced")
        DISCARDED = "discarded", _("Discarded")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="reports")
    subject = models.CharField(max_length=20, choices=Subject, default=Subject.OBJECTIVES)
    plan = models.ForeignKey(
        "objectives.Plan", models.PROTECT, null=True, blank=True, related_name="reports",
        help_text="Of reports on objectives",
    )  # fmt: skip
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="reports",
        help_text="Whose report it is; the whole agency's where empty",
    )  # fmt: skip
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.PositiveIntegerField(default=1)
    period_start = models.DateField()
    period_end = models.DateField()
    cut_off = models.DateField(
        null=True, blank=True, help_text="Last day of its figures where its calendar cuts them off earlier"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=150, blank=True)
    capacity = models.CharField(max_length=150, blank=True)
    authority = models.CharField(max_length=150, blank=True)
    assessment = models.TextField(blank=True)
    difficulties = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    narrative = models.JSONField(
        null=True,
        blank=True,
        help_text="By target or statement: the sentence, whether a person wrote it, its figures",
    )
    gathered = models.JSONField(
        null=True,
        blank=True,
        help_text="Of other subjects: figures, statements and tables when last composed",
    )
    snapshot = models.JSONField(null=True, blank=True)
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    workbook = models.ForeignKey(
        "documents.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="As XLSX, with formulas",
    )
    data = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", help_text="As JSON"
    )
    signed = models.ForeignKey(
        "documents.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="As digitally signed",
    )
    outgoing = models.ForeignKey(
        "registers.Entry",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Its entry among the outgoing documents",
    )
    signatures = models.JSONField(null=True, blank=True, help_text="What the signed file's signatures say")
    correction = models.TextField(blank=True, help_text="Why this version corrects the one before")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    returned = models.TextField(
        blank=True, help_text="Why a leader last returned it; empty once submitted again"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "agency",
                "subject",
                Coalesce("plan", 0),
                Coalesce("unit", 0),
                "kind",
                "period_end",
                "version",
                name="report_version_once",
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


class UnitPart(models.Model):
    """What one unit gives to a report: asked for by a day, typed by the unit, sent, taken into the draft."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        SENT = "sent", _("Sent")
        RETURNED = "returned", _("Returned")
        TAKEN = "taken", _("Taken into the draft")
        WITHDRAWN = "withdrawn", _("No longer asked for")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="unit_parts")
    report = models.ForeignKey(Report, models.PROTECT, related_name="parts")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="report_parts")
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="report_parts",
        help_text="Who writes it; the unit's head where nobody is named",
    )  # fmt: skip
    title = models.CharField(max_length=200, help_text="What lists call it, in Vietnamese")
    due_on = models.DateField()
    wish = models.TextField(blank=True, help_text="What is asked for beside the figures")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    assessment = models.TextField(blank=True)
    difficulties = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    remarks = models.JSONField(default=dict, help_text="By target: reason and remedy")
    late = models.JSONField(default=dict, help_text="By task that is late: why")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    returned = models.TextField(blank=True, help_text="Why it was last returned; empty once sent again")
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "unit"], name="unit_part_unique")]

    def __str__(self) -> str:
        return self.title


class ReportCalendar(models.Model):
    """One version of an agency's calendar of reports; it holds for reports due from ``valid_from`` on."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="report_calendars")
    valid_from = models.DateField()
    source = models.CharField(max_length=300, blank=True, help_text="The decision that set it, as written")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "valid_from"], name="report_calendar_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"


class ReportLine(models.Model):
    """One report of a calendar: what it is about, how often, for which days, due by when, from and to whom, on whose word."""

    class Pace(models.TextChoices):
        MONTH = "month", _("Monthly")
        QUARTER = "quarter", _("Quarterly")
        HALF_YEAR = "half_year", _("Half-yearly")
        NINE_MONTHS = "nine_months", _("Nine months")
        YEAR = "year", _("Yearly")
        ONCE = "once", _("Once")

    class DueBy(models.TextChoices):
        START = "start", _("Days from the period's first day")
        END = "end", _("Days from the period's last day")
        DAY = "day", _("A day of the year")

    class OnDayOff(models.TextChoices):
        BEFORE = "before", _("The working day before")
        AFTER = "after", _("The working day after")
        STAYS = "stays", _("Stays where it is")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="report_lines")
    calendar = models.ForeignKey(ReportCalendar, models.PROTECT, related_name="lines")
    order = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200, help_text="What the report is called, in Vietnamese")
    subject = models.CharField(max_length=20, choices=Subject)
    pace = models.CharField(max_length=12, choices=Pace)
    year_starts = models.CharField(max_length=5, default="01-01")
    which = models.JSONField(
        default=list, blank=True, help_text="Numbers of the periods of a year; all if empty"
    )
    due_by = models.CharField(max_length=5, choices=DueBy, default=DueBy.END)
    due_days = models.IntegerField(default=0)
    due_day = models.CharField(max_length=5, blank=True)
    on_day_off = models.CharField(max_length=6, choices=OnDayOff, default=OnDayOff.BEFORE)
    cut_off_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="So many days before the due day the figures are cut off"
    )
    units_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="So many days before the due day the units send; not asked if empty"
    )
    once_start = models.DateField(null=True, blank=True)
    once_end = models.DateField(null=True, blank=True)
    once_due = models.DateField(null=True, blank=True)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="report_lines",
        help_text="Who makes it; the secretary where no unit is named",
    )  # fmt: skip
    is_of_units = models.BooleanField(
        default=False, help_text="Each unit with targets makes one of its own on them"
    )
    sender = models.CharField(max_length=200, blank=True, help_text="The body that gives it, as written")
    addressee = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="The law or decision that asks for it")
    is_ended = models.BooleanField(default=False)
    added_on = models.DateField(
        null=True, blank=True, help_text="Of a line added to a version later: what was due before is not late"
    )

    def __str__(self) -> str:
        return self.title


class ReportOccurrence(models.Model):
    """One report that is owed: written from its line, done when a report is issued or noted as sent."""

    class State(models.TextChoices):
        OPEN = "open", _("Owed")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("No longer owed")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="report_occurrences")
    line = models.ForeignKey(ReportLine, models.PROTECT, related_name="occurrences")
    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=20, choices=Subject)
    pace = models.CharField(max_length=12, choices=ReportLine.Pace)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    is_of_unit = models.BooleanField(default=False, help_text="The unit's own report on its own targets")
    period_start = models.DateField()
    period_end = models.DateField()
    cut_off = models.DateField(help_text="Last day of its figures")
    units_by = models.DateField(null=True, blank=True, help_text="The units send their parts by this day")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="occurrences")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    sent_on = models.DateField(null=True, blank=True)
    sent_number = models.CharField(max_length=60, blank=True)
    sent_note = models.CharField(max_length=300, blank=True, help_text="How it was made outside")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "period_start", "period_end"],
                condition=models.Q(is_of_unit=False),
                name="report_owed_once",
            ),
            models.UniqueConstraint(
                fields=["line", "unit", "period_start", "period_end"],
                condition=models.Q(is_of_unit=True),
                name="report_owed_once_by_unit",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "due_on"], name="report_owed_by_day")]

    def __str__(self) -> str:
        return self.title


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
