from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Action(models.Model):
    """A planned action (biện pháp, công việc)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("In force")
        ENDED = "ended", _("Ended")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="actions")
    year = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    text = models.TextField()
    when = models.TextField(blank=True)
    schedule = models.JSONField(default=list, help_text="Entries of plan format 1")
    expected_evidence = models.JSONField(default=list, help_text="List of texts")
    resources = models.TextField(blank=True)
    evaluation = models.TextField(
        blank=True, help_text="How the result is evaluated (ISO 9001:2015, 6.2.2 e)"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    continues = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="continued_by")

    class Meta:
        indexes = [models.Index(fields=["agency", "year", "state"], name="action_agency_year")]

    def __str__(self) -> str:
        return self.text


class ActionBody(models.Model):
    """A body named for an action, as written, and the unit or person it was mapped to."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Lead")
        SUPPORT = "support", _("Support")
        MONITOR = "monitor", _("Monitor")

    action = models.ForeignKey(Action, models.CASCADE, related_name="bodies")
    part = models.CharField(max_length=10, choices=Part)
    text = models.CharField(max_length=500)
    order = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="action_parts")
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="action_parts"
    )

    def __str__(self) -> str:
        return self.text


class Trigger(models.Model):
    """An event that calls for an action; a person fires it and a task comes due."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="triggers")
    event = models.CharField(max_length=500)
    within_days = models.PositiveIntegerField(null=True, blank=True)
    within_working = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "event"], name="trigger_unique")]

    def __str__(self) -> str:
        return self.event


class Task(models.Model):
    """One dated piece of an action (đầu việc theo hạn)."""

    class Kind(models.TextChoices):
        DATED = "dated", _("Dated")
        CHECKPOINT = "checkpoint", _("Check-point")
        FIRED = "fired", _("On event")

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        SUBMITTED = "submitted", _("Waiting for acceptance")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="tasks")
    action = models.ForeignKey(Action, models.PROTECT, related_name="tasks")
    trigger = models.ForeignKey(Trigger, models.PROTECT, null=True, blank=True, related_name="tasks")
    kind = models.CharField(max_length=12, choices=Kind)
    occurrence = models.CharField(
        max_length=80, help_text="Key of the schedule's occurrence; makes dating idempotent"
    )
    label = models.TextField(blank=True, help_text="In Vietnamese; pages derive it from the occurrence")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(
        help_text="Day by which it is to be ready: a working day unless a person chose it"
    )
    due_original = models.DateField(
        help_text="Day as the plan has it, or as the event's limit first came out"
    )
    late_after = models.DateField(help_text="Last day in time: BLDS 2015, Điều 148 khoản 5")
    is_moved = models.BooleanField(
        default=False, help_text="A person chose the due day; the calendar leaves it alone"
    )
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="tasks")
    assignee = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="tasks")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    progress = models.PositiveSmallIntegerField(default=0)
    result = models.TextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField(null=True, blank=True, help_text="Day of the submission that was accepted")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ManyToManyField("documents.Evidence", related_name="tasks", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "occurrence"], name="task_occurrence_unique"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="task_progress_percent"),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on"], name="task_agency_due"),
            models.Index(fields=["assignee", "state", "due_on"], name="task_assignee_due"),
            models.Index(fields=["agency", "due_on"], name="task_agency_calendar"),
        ]

    def __str__(self) -> str:
        return f"{self.action} ({self.label})" if self.label else str(self.action)


class TaskNote(models.Model):
    """What was said or done about a task, in order."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("Progress")
        SUBMITTED = "submitted", _("Submitted")
        ACCEPTED = "accepted", _("Accepted")
        RETURNED = "returned", _("Returned")
        MOVED = "moved", _("Due date changed")
        ASSIGNED = "assigned", _("Assigned")
        EVIDENCE = "evidence", _("Evidence added")
        CANCELLED = "cancelled", _("Cancelled")
        REOPENED = "reopened", _("Reopened")
        COMMENT = "comment", _("Comment")

    task = models.ForeignKey(Task, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class ListAct(models.Model):
    """One act on many rows of a list at once: what it changed, what it left and why, and what became of undoing it.

    The rows are tasks, or entries of a register of the office: then ``of`` is the register's key.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="list_acts")
    of = models.CharField(max_length=30, help_text="task, or the key of a register")
    act = models.CharField(max_length=20)
    wanted = models.JSONField(default=dict, help_text="What was asked of every row")
    changes = models.JSONField(
        default=list, help_text="Rows that it changed: number, columns before and after"
    )
    left = models.JSONField(default=list, help_text="Rows that it left, each with its reason")
    sequence = models.PositiveBigIntegerField(help_text="Number of the journal's newest entry after it")
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    stayed = models.JSONField(default=list, help_text="Rows that undoing it left, each with its reason")

    class Meta:
        indexes = [models.Index(fields=["agency", "by", "at"], name="list_act_by")]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%d/%m/%Y %H:%M}"


class UnitFeed(models.Model):
    """The secret address by which one person reads a unit's work in a calendar program; given back by removing it."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", models.CASCADE, related_name="+")
    person = models.ForeignKey("org.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(help_text="Since then the person has been of the unit, or it is void")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "person"], name="unit_feed_once")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.person}"
