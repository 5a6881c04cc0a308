from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One row of the timetable: when a job is due, who runs it, and how it ended the latest time."""

    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody asked to run it at once")
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="When it is tried again after a failure"
    )
    claimed_by = models.CharField(max_length=120, blank=True)
    beat = models.PositiveBigIntegerField(default=0, help_text="Counted up by who runs it, as a sign of life")
    lease_until = models.DateTimeField(
        null=True, blank=True, help_text="For people: others go by the beat, since clocks are set"
    )
    attempts = models.PositiveIntegerField(default=0, help_text="Claims since the moment that is due")
    failures = models.PositiveIntegerField(default=0, help_text="Failed attempts since the latest success")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)
    is_alarm = models.BooleanField(
        default=False, help_text="It ran and found something that people must look at"
    )
    result = models.JSONField(null=True, blank=True, help_text="Message of the latest success")
    error = models.JSONField(
        null=True, blank=True, help_text="Message of the latest failure; null after a success"
    )
    served = models.JSONField(default=list, help_text="Latest moments that it was run for")
    notes = models.JSONField(default=dict, help_text="What the job keeps from one run to the next")
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When a worker looked at the timetable")

    def __str__(self) -> str:
        return self.name
