from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PublicPage(models.Model):
    """An agency's public page: its address, whether it is open, how to reach the office."""

    agency = models.OneToOneField("org.Agency", models.PROTECT, related_name="public_page")
    slug = models.SlugField(max_length=80, unique=True, help_text="In the address: xa-an-binh")
    is_open = models.BooleanField(default=False)
    introduction = models.TextField(blank=True)
    address = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=255, blank=True, help_text="When the one-stop shop is open")
    website = models.URLField(max_length=500, blank=True)
    takes_feedback = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.slug


class Publication(models.Model):
    """What the public sees of one matter: reviewed, frozen, dated. A correction is a new one; the old one is kept.

    ``content`` is what the public page and the open data say, whole: nothing is read from live records later.
    """

    class Kind(models.TextChoices):
        POLICY = "policy", _("Quality policy")
        OBJECTIVES = "objectives", _("Quality objectives and plan")
        RESULTS = "results", _("Results of the objectives")
        SATISFACTION = "satisfaction", _("Satisfaction results")
        PROCEDURES = "procedures", _("Administrative procedures")
        REPORT = "report", _("Report")
        POSTINGS = "postings", _("Postings of a quarter")
        CHANGES = "changes", _("Changes of documents and law")

    class State(models.TextChoices):
        DRAFT = "draft", _("Prepared")
        REVIEW = "review", _("Waiting for review")
        PUBLISHED = "published", _("Public")
        REPLACED = "replaced", _("Replaced by a correction or a newer one")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DISCARDED = "discarded", _("Discarded before publishing")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(max_length=500)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    as_of = models.DateField(help_text="The day whose state it shows")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, help_text="Of the content in its canonical form")
    plan = models.ForeignKey(
        "objectives.Plan", models.PROTECT, null=True, blank=True, related_name="publications"
    )
    report = models.ForeignKey(
        "reporting.Report", models.PROTECT, null=True, blank=True, related_name="publications"
    )
    survey = models.ForeignKey(
        "voices.Survey", models.PROTECT, null=True, blank=True, related_name="publications"
    )
    posting_list = models.ForeignKey(
        "PostingList", models.PROTECT, null=True, blank=True, related_name="publications"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", help_text="The older one"
    )
    correction = models.TextField(blank=True, help_text="What was wrong, where it corrects the older one")
    prepared_at = models.DateTimeField()
    prepared_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    returned = models.TextField(blank=True, help_text="Why the reviewer returned it")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")

    class Meta:
        indexes = [models.Index(fields=["agency", "kind", "state", "-as_of"], name="publication_list")]

    def __str__(self) -> str:
        return self.title


class Place(models.Model):
    """Where an agency posts: board at the office, culture house of a village, website, loudspeaker (nơi niêm yết)."""

    class Kind(models.TextChoices):
        OFFICE = "office", _("At the office")
        CULTURE_HOUSE = "culture_house", _("Culture house, community place")
        WEBSITE = "website", _("Website, portal")
        LOUDSPEAKER = "loudspeaker", _("Loudspeaker")
        OTHER = "other", _("Other")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="posting_places")
    kind = models.CharField(max_length=15, choices=Kind)
    name = models.CharField(max_length=255)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="place_unique")]

    def __str__(self) -> str:
        return self.name


class PlannedPosting(models.Model):
    """A line of the yearly plan of what is made public: what, how, when, for how long, who (Luật 10/2022/QH15, Điều 14)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="planned_postings")
    year = models.PositiveIntegerField()
    rule = models.CharField(
        max_length=60, blank=True, help_text="Code of the content in the shipped list of the law"
    )
    subject = models.CharField(max_length=500)
    places = models.ManyToManyField(Place, related_name="+", blank=True)
    when = models.CharField(max_length=255, help_text="As the plan words it")
    due_on = models.DateField(null=True, blank=True)
    days = models.PositiveIntegerField(null=True, blank=True, help_text="None: permanently")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    is_dropped = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.subject


class ApprovedPostingPlan(models.Model):
    """The yearly plan of what is made public as a leader approved it; frozen. The next of the year adjusts it, and names it."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="approved_posting_plans")
    year = models.PositiveIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    approved_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    adjustment = models.TextField(blank=True, help_text="What it changes in the one before, and why")

    class Meta:
        indexes = [models.Index(fields=["agency", "year"], name="approved_plan_of_year")]

    def __str__(self) -> str:
        return str(self.year)


class Notice(models.Model):
    """A posting of the register: what was posted where, from when to when, by whom, with its proof (niêm yết).

    ``rule`` is the code of the content in the shipped list of what the law has made public. ``until`` is the last day
    that was planned (None: permanently), ``removed_on`` the day on which it was taken down.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="notices")
    place = models.ForeignKey(Place, models.PROTECT, related_name="notices")
    rule = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=500)
    document_number = models.CharField(max_length=100, blank=True)
    decided_on = models.DateField(
        null=True, blank=True, help_text="Day of the decision, from which the law gives five working days"
    )
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="notices"
    )
    planned = models.ForeignKey(PlannedPosting, models.PROTECT, null=True, blank=True, related_name="notices")
    posted_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    address = models.URLField(max_length=1000, blank=True)
    posted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ManyToManyField("documents.Evidence", related_name="notices", blank=True)
    note = models.TextField(blank=True)
    shortfall = models.TextField(
        blank=True, help_text="Why it hung for fewer days than are required and is not posted again"
    )
    renews = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="renewed_by")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    is_cancelled = models.BooleanField(default=False, help_text="Entered by mistake")
    cancellation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("posted_on")), name="notice_until"
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("posted_on")),
                name="notice_removed",
            ),
        ]
        indexes = [models.Index(fields=["agency", "posted_on"], name="notice_by_day")]

    def __str__(self) -> str:
        return self.subject


class PostingList(models.Model):
    """The list of what was made public in a quarter with form and time, kept and posted (Luật 10/2022/QH15); frozen."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="posting_lists")
    year = models.PositiveIntegerField()
    quarter = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    correction = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.quarter}/{self.year}"
