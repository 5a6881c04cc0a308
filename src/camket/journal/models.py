from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One recorded act; never updated, never deleted: the database refuses both.

    From format 2 on, names and other personal data stand here as references to sealed values (``Seal``).
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="journal")
    format = models.PositiveSmallIntegerField(default=1, help_text="Canonical form that the hash covers")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    on = models.DateField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=150)
    stood_in_for = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    stood_in_for_name = models.CharField(max_length=150, blank=True)
    capacity = models.CharField(
        max_length=255, blank=True, help_text="Roles acted in; after @ how the agency was reached"
    )
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField(null=True, blank=True)
    subject_label = models.CharField(max_length=500)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True, help_text="As in the log lines of the request")
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "sequence"], name="journal_sequence_unique")]
        indexes = [
            models.Index(
                fields=["agency", "subject_type", "subject_id", "sequence"], name="journal_subject_sequence"
            ),
            models.Index(fields=["agency", "verb", "sequence"], name="journal_verb"),
            models.Index(fields=["agency", "by", "sequence"], name="journal_by"),
            models.Index(fields=["agency", "on"], name="journal_on"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class Seal(models.Model):
    """A personal datum that entries refer to; erased with its salt, it leaves the chain whole and itself unknown.

    ``person`` is whom it is about; null where an act named somebody whom the system does not know.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.CharField(max_length=65)
    salt = models.CharField(max_length=32)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "reference"], name="journal_seal_unique")]
        indexes = [models.Index(fields=["agency", "person"], name="journal_seal_person")]

    def __str__(self) -> str:
        return self.reference


class Access(models.Model):
    """That somebody saw personal data, once for each viewer, person, kind and day; a chain of its own.

    Never updated, never deleted. ``person`` is whose data; null for a list of ``people`` persons of the agency.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="accesses")
    format = models.PositiveSmallIntegerField(default=2)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    on = models.DateField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=150)
    capacity = models.CharField(max_length=255, blank=True)
    what = models.CharField(max_length=30, help_text="Kind of personal data, of camket.journal.access.KINDS")
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField(default=1)
    purpose = models.CharField(max_length=255)
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "sequence"], name="journal_access_unique")]
        indexes = [
            models.Index(fields=["agency", "person", "on"], name="journal_access_person"),
            models.Index(fields=["agency", "by", "on"], name="journal_access_by"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.what}"


class AccessTally(models.Model):
    """How often the same was seen on that day, once it was seen again; a count, outside the chain."""

    access = models.OneToOneField(Access, models.PROTECT, related_name="tally")
    times = models.PositiveIntegerField(default=1)
    latest_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.times)
