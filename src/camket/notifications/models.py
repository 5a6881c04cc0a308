from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Notification(models.Model):
    """Something that one person is told about one thing; ``key`` names the thing, so that nobody is told it twice.

    ``message`` is a message id with its values, so that it reads in the language of whoever sees it. ``link`` is a path
    within the product.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="notifications")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="notifications")
    topic = models.CharField(max_length=30, help_text="What people choose by: see core.reminders")
    key = models.CharField(max_length=200)
    message = models.JSONField()
    link = models.CharField(max_length=255, blank=True)
    is_urgent = models.BooleanField(default=False)
    on = models.DateField(help_text="Day that it is told for")
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    digested_at = models.DateTimeField(null=True, blank=True, help_text="When a digest told it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "agency", "key"], name="notification_told_once")
        ]
        indexes = [
            models.Index(
                fields=["person", "agency", "created_at"],
                name="notification_unseen",
                condition=Q(seen_at=None),
            ),
            models.Index(fields=["person", "agency", "-created_at"], name="notification_of_person"),
            models.Index(
                fields=["agency", "link"], name="notification_unseen_of_matter", condition=Q(seen_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Mail(models.Model):
    """A letter of the outbox: written with what it tells, sent afterwards, at most once where the server answers.

    ``message_id`` is made with the row, so that a letter that a dying sender may have sent twice is one letter to every
    mail program.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")
        DROPPED = "dropped", _("Not sent: no longer wanted")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="mail")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="mail")
    key = models.CharField(
        max_length=200, help_text="What it is: the notification's key, or the digest's week"
    )
    to = models.EmailField()
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, help_text="Small texts that go along: name, type, content")
    message_id = models.CharField(max_length=255, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "mail"
        constraints = [models.UniqueConstraint(fields=["person", "agency", "key"], name="mail_once")]
        indexes = [models.Index(fields=["state", "not_before"], name="mail_waiting")]

    def __str__(self) -> str:
        return self.subject


class Choice(models.Model):
    """How a person wants to be told of a topic in an agency; no row is the shipped choice."""

    class Way(models.TextChoices):
        AT_ONCE = "at_once", _("By e-mail at once")
        DAILY = "daily", _("Once a day by e-mail")
        WEEKLY = "weekly", _("In Monday's digest")
        INSIDE = "inside", _("In Cam Kết only")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="notification_choices")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="notification_choices")
    topic = models.CharField(max_length=30)
    way = models.CharField(max_length=10, choices=Way)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "agency", "topic"], name="notification_choice_unique")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.way}"


class EscalationStep(models.Model):
    """Whom an agency tells of overdue work, and after how many working days; dated, no rows is the shipped ladder.

    The row of whoever does the work says how many working days *before* the last day it is reminded of; without one the
    shipped number holds.
    """

    class Whom(models.TextChoices):
        DOER = "doer", _("Whoever does the work")
        HEAD = "head", _("Head of the unit")
        SECRETARY = "secretary", _("ISO secretary")
        REPRESENTATIVE = "representative", _("Management representative (QMR)")
        CHAIRMAN = "chairman", _("Chairman")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="escalation_steps")
    whom = models.CharField(max_length=15, choices=Whom)
    working_days = models.PositiveIntegerField(
        help_text="Working days after the last day in time; for whoever does the work, before it"
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "whom"], name="escalation_step_open", condition=Q(valid_to__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.whom} +{self.working_days}"
