from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from camket.registers.models import Issued

# Internal audit (ISO 9001:2015, 9.2)


class AuditProgramme(models.Model):
    """An agency's programme of internal audits for a year (chương trình đánh giá nội bộ năm)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="audit_programmes")
    year = models.PositiveIntegerField()
    purpose = models.TextField(blank=True)
    edition = models.CharField(max_length=30, help_text="Key of the clauses' edition that is audited by")
    state = models.CharField(max_length=10, default="draft", help_text="Of core.workflow.AUDIT_PROGRAMME")
    number = models.CharField(max_length=100, blank=True, help_text="Number and symbol, once signed")
    signed_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    adjustments = models.JSONField(
        default=list,
        help_text="Changes of its audits since it was last signed: what, which audit, reason, day",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year"],
                name="audit_programme_unique",
                condition=~Q(state="discarded"),
            )
        ]

    def __str__(self) -> str:
        return str(self.year)


class PaperState(models.TextChoices):
    """Whether a paper that was issued stands."""

    ISSUED = "issued", _("Issued")
    REPLACED = "replaced", _("Replaced")
    WITHDRAWN = "withdrawn", _("Recalled")


class AuditProgrammePaper(Issued):
    """The programme of a year as it was signed: never changed; an adjusted one is a version that names the one before.

    ``docx`` and ``pdf`` are the files that went out, ``content`` what they were made of. ``outgoing`` is its entry among
    the outgoing documents, where its number is of the agency's own series.
    """

    State = PaperState

    programme = models.ForeignKey(AuditProgramme, models.PROTECT, related_name="papers")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.ISSUED)
    number = models.CharField(max_length=100, blank=True, help_text="Number and symbol, as signed")
    signed_on = models.DateField(null=True, blank=True)
    content = models.JSONField()
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    outgoing = models.ForeignKey(
        "registers.Entry", models.PROTECT, null=True, blank=True, related_name="audit_programme_papers"
    )
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="audit_programme_paper_version"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="issued"), name="audit_programme_paper_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.programme} v{self.version}"


class Audit(models.Model):
    """One internal audit (cuộc đánh giá nội bộ): its criteria, scope, team, plan, answers, findings, report."""

    class Kind(models.TextChoices):
        PLANNED = "planned", _("Of the programme")
        EXTRA = "extra", _("Extraordinary")
        FOLLOW_UP = "follow_up", _("Follow-up")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="audits")
    programme = models.ForeignKey(
        AuditProgramme, models.PROTECT, null=True, blank=True, related_name="audits"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PLANNED)
    title = models.CharField(max_length=500)
    criteria = models.TextField(blank=True)
    scope = models.TextField(blank=True)
    edition = models.CharField(max_length=30, help_text="Key of the clauses' edition that is audited by")
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, default="planned", help_text="Of core.workflow.AUDIT")
    decision_number = models.CharField(
        max_length=100, blank=True, help_text="Of the decision on the team that is in force"
    )
    decision_on = models.DateField(null=True, blank=True)
    strengths = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    proposals = models.TextField(blank=True)
    report_number = models.CharField(max_length=100, blank=True, help_text="Of the report that is in force")
    reported_on = models.DateField(null=True, blank=True)
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    unanswered = models.TextField(
        blank=True, help_text="Why it was finished on site with questions that nobody answered"
    )
    cancellation = models.TextField(blank=True, help_text="Why it was cancelled")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="audit_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["agency", "starts_on"], name="audit_by_day")]

    def __str__(self) -> str:
        return self.title


class AuditPaper(Issued):
    """A numbered paper of an audit as it was issued: the decision on its team, or its report; never changed.

    It is replaced by a later version or withdrawn with a reason; ``docx`` and ``pdf`` are the files that went out, None
    of a report that was issued before they were kept; ``content`` is what they were made of. ``outgoing`` is its entry
    among the outgoing documents, where its number is of the agency's own series.
    """

    class Kind(models.TextChoices):
        DECISION = "decision", _("Decision on the team")
        REPORT = "report", _("Report of the audit")

    State = PaperState

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="audit_papers")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.ISSUED)
    number = models.CharField(max_length=100, blank=True, help_text="Number and symbol, as signed")
    issued_on = models.DateField()
    content = models.JSONField()
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    outgoing = models.ForeignKey(
        "registers.Entry", models.PROTECT, null=True, blank=True, related_name="audit_papers"
    )
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "kind", "version"], name="audit_paper_version"),
            models.UniqueConstraint(
                fields=["audit", "kind"], condition=Q(state="issued"), name="audit_paper_in_force"
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "issued_on"], name="audit_paper_by_day")]

    def __str__(self) -> str:
        return self.number or f"{self.kind} v{self.version}"


class AuditedUnit(models.Model):
    """A unit within the scope of an audit, with what made it come first: its risk and its last results."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="units")
    unit = models.ForeignKey("org.Unit", models.PROTECT, related_name="audited")
    order = models.PositiveIntegerField(default=0)
    clauses = models.JSONField(default=list, help_text="Codes of clauses; empty: all")
    reasons = models.JSONField(default=dict, help_text="Counts that its turn was judged by, by key")
    received_at = models.DateTimeField(
        null=True, blank=True, help_text="When its head confirmed the findings"
    )
    received_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField(blank=True, help_text="What the unit says to its findings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "unit"], name="audited_unit_unique")]

    def __str__(self) -> str:
        return str(self.unit)


class Auditor(models.Model):
    """A member of an audit's team (đoàn đánh giá)."""

    class Part(models.TextChoices):
        LEAD = "lead", _("Team leader")
        MEMBER = "member", _("Auditor")
        EXPERT = "expert", _("Technical expert")
        OBSERVER = "observer", _("Observer")

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="team")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="audit_parts")
    part = models.CharField(max_length=10, choices=Part, default=Part.MEMBER)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "person"], name="auditor_unique"),
            models.UniqueConstraint(
                fields=["audit"], condition=Q(part="lead"), name="audit_has_one_team_leader"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AuditSession(models.Model):
    """A line of an audit's plan: from when to when who audits which unit on what; or a meeting of all (unit empty)."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="sessions")
    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    audited = models.ForeignKey(AuditedUnit, models.PROTECT, null=True, blank=True, related_name="sessions")
    topic = models.CharField(max_length=500)
    place = models.CharField(max_length=255, blank=True)
    auditors = models.ManyToManyField(Auditor, related_name="sessions", blank=True)

    class Meta:
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="session_ends_after_it_starts")
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.starts:%H:%M} {self.topic}"


class AuditInvitation(models.Model):
    """That one person was invited to a meeting of an audit, or told that it is off: which version, and what it said."""

    class Meeting(models.TextChoices):
        OPENING = "opening", _("Opening meeting")
        CLOSING = "closing", _("Closing meeting")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="invitations")
    meeting = models.CharField(max_length=10, choices=Meeting)
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(help_text="SEQUENCE of what was sent last (RFC 5545, 3.8.7.4)")
    is_cancelled = models.BooleanField(default=False)
    said = models.JSONField(help_text="What was sent last: title, begin, end, place")
    at = models.DateTimeField(help_text="When it was sent last")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "meeting", "person"], name="audit_invitation_once")
        ]

    def __str__(self) -> str:
        return f"{self.audit} · {self.meeting} · {self.person}"


class OwnQuestion(models.Model):
    """A question of an agency's own library of checklists, beside those that are shipped."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="audit_questions")
    source = models.CharField(
        max_length=60,
        help_text="“own”, “procedure:<code>”, or the key of a shipped question that it replaces",
    )
    clause = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    look_at = models.TextField(blank=True, help_text="Evidence to look at")
    order = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.text


class AuditQuestion(models.Model):
    """A question as copied for one audited unit, and its answer (phiếu ghi chép đánh giá)."""

    class Answer(models.TextChoices):
        OPEN = "", _("Not answered")
        CONFORMS = "conforms", _("Conforms")
        FINDING = "finding", _("Finding")
        NOT_APPLICABLE = "none", _("Does not apply")

    audited = models.ForeignKey(AuditedUnit, models.PROTECT, related_name="questions")
    source = models.CharField(max_length=60, help_text="Key in the library that it was copied from")
    clause = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    look_at = models.TextField(blank=True)
    order = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default=Answer.OPEN)
    note = models.TextField(blank=True, help_text="What was seen: papers, numbers, who was asked")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0, help_text="Rises with each answer, for phones offline")
    evidence = models.ManyToManyField("documents.Evidence", related_name="audit_questions", blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class Finding(models.Model):
    """What an audit found (phát hiện đánh giá): against a clause, with its evidence."""

    class Grade(models.TextChoices):
        MAJOR = "major", _("Major nonconformity")
        MINOR = "minor", _("Minor nonconformity")
        OBSERVATION = "observation", _("Observation")
        OPPORTUNITY = "opportunity", _("Opportunity to improve")
        GOOD = "good", _("Good practice")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="findings")
    audited = models.ForeignKey(AuditedUnit, models.PROTECT, related_name="findings")
    question = models.ForeignKey(
        AuditQuestion, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    serial = models.PositiveIntegerField(help_text="Within the audit, from 1")
    grade = models.CharField(max_length=12, choices=Grade)
    clause = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    proof = models.TextField(blank=True, help_text="Objective evidence, as written")
    key = models.CharField(max_length=60, blank=True, help_text="Given by a phone, so that it comes once")
    is_withdrawn = models.BooleanField(default=False)
    withdrawal = models.TextField(blank=True)
    found_at = models.DateTimeField()
    found_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    evidence = models.ManyToManyField("documents.Evidence", related_name="findings", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audited", "key"], condition=~Q(key=""), name="finding_key_unique"
            )
        ]

    def __str__(self) -> str:
        return self.text


# Nonconformity and corrective action (ISO 9001:2015, 10.2)


class Nonconformity(models.Model):
    """A nonconformity (sự không phù hợp) from its proposal to the judgement that it does not come back.

    What is to be done about it are tasks of ``actions`` (see :class:`CorrectiveStep`).
    """

    class Source(models.TextChoices):
        AUDIT = "audit", _("Internal audit")
        TARGET = "target", _("Missed target")
        DOSSIERS = "dossiers", _("Late dossiers")
        FEEDBACK = "feedback", _("Feedback")
        INSPECTION = "inspection", _("Inspection from above")
        REVIEW = "review", _("Management review")
        OTHER = "other", _("Found at work")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="nonconformities")
    year = models.PositiveIntegerField()
    serial = models.PositiveIntegerField(null=True, blank=True, help_text="In the year's book, once raised")
    source = models.CharField(max_length=12, choices=Source)
    source_key = models.CharField(
        max_length=120, blank=True, help_text="What it was proposed from, so that it is proposed once"
    )
    found = models.JSONField(
        default=dict, help_text="What it was proposed from, as it stood: counts, sentence"
    )
    finding = models.OneToOneField(
        Finding, models.PROTECT, null=True, blank=True, related_name="nonconformity"
    )
    title = models.CharField(max_length=500)
    text = models.TextField(help_text="What is not as it should be, against which requirement, seen where")
    clause = models.CharField(max_length=20, blank=True)
    requirement = models.TextField(blank=True, help_text="The requirement that is not met, as written")
    is_major = models.BooleanField(default=False)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="nonconformities"
    )
    owner = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="nonconformities"
    )
    found_on = models.DateField()
    state = models.CharField(max_length=12, default="open", help_text="Of core.workflow.NONCONFORMITY")
    correction = models.TextField(blank=True, help_text="What was put right at once, and for whom")
    corrected_on = models.DateField(null=True, blank=True)
    consequences = models.TextField(blank=True, help_text="Who was harmed, what was done for them")
    causes = models.JSONField(default=dict, help_text="Tree of causes as core.causes reads it")
    root_cause = models.TextField(blank=True)
    similar = models.TextField(
        blank=True, help_text="Whether the like exists or may come up elsewhere, where looked"
    )
    no_action = models.TextField(blank=True, help_text="Why a correction is enough (10.2.1 b)")
    plan_due_on = models.DateField(null=True, blank=True)
    report_due_on = models.DateField(
        null=True, blank=True, help_text="After an inspection: TT 26/2014/TT-BKHCN, Điều 37"
    )
    reported_on = models.DateField(null=True, blank=True)
    judge_on = models.DateField(null=True, blank=True, help_text="Day from which its effect can be judged")
    judged_by_target = models.ForeignKey(
        "objectives.Target", models.PROTECT, null=True, blank=True, related_name="nonconformities"
    )
    planned_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    dismissal = models.TextField(blank=True, help_text="Why a proposal was not taken up, or it was cancelled")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="+", help_text="None: proposed"
    )

    class Meta:
        verbose_name_plural = "nonconformities"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="nonconformity_serial_unique",
            ),
            models.UniqueConstraint(
                fields=["agency", "source_key"],
                condition=~Q(source_key=""),
                name="nonconformity_source_unique",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "found_on"], name="nonconformity_by_state"),
            models.Index(fields=["agency", "year", "serial"], name="nonconformity_by_year"),
        ]

    def __str__(self) -> str:
        return self.title


class CorrectiveStep(models.Model):
    """A piece of a nonconformity's plan, and the task that it became once the plan was approved."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CORRECTIVE = "corrective", _("Corrective action")
        IMPROVEMENT = "improvement", _("Improvement")

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CORRECTIVE)
    order = models.PositiveIntegerField(default=0)
    text = models.TextField()
    expected = models.TextField(blank=True, help_text="What will show that it is done")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    task = models.OneToOneField(
        "actions.Task", models.PROTECT, null=True, blank=True, related_name="corrective_step"
    )
    is_dropped = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class EffectCheck(models.Model):
    """A judgement whether what was done keeps a nonconformity away (10.2.1 d), by a person, on a reading where there is one."""

    nonconformity = models.ForeignKey(Nonconformity, models.PROTECT, related_name="checks")
    is_effective = models.BooleanField()
    text = models.TextField()
    figures = models.JSONField(
        default=dict, help_text="Verdict and counts of the target that it was judged by"
    )
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    evidence = models.ManyToManyField("documents.Evidence", related_name="effect_checks", blank=True)

    def __str__(self) -> str:
        return self.text


# Context, risks and opportunities (ISO 9001:2015, 4.1, 4.2, 6.1)


class ContextIssue(models.Model):
    """An internal or external issue (bối cảnh), or an interested party with what it requires (bên quan tâm)."""

    class Kind(models.TextChoices):
        EXTERNAL = "external", _("External issue")
        INTERNAL = "internal", _("Internal issue")
        PARTY = "party", _("Interested party")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="context_issues")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=500, help_text="The issue, or who the party is")
    text = models.TextField(blank=True, help_text="What it means for the agency; what the party requires")
    response = models.TextField(blank=True, help_text="How the agency takes account of it")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_on = models.DateField()
    review_by = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    ended_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class RiskScale(models.Model):
    """An agency's scale of likelihood and consequence from a day on; ratings keep the scale that they were given by."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="risk_scales")
    valid_from = models.DateField()
    likelihood = models.JSONField(help_text="List of {value, name, text}, least first")
    consequence = models.JSONField(help_text="List of {value, name, text}, least first")
    levels = models.JSONField(
        help_text="List of {from, name, key, needs_action}: by the product, least first"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "valid_from"], name="risk_scale_unique")]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"


class Risk(models.Model):
    """A risk or an opportunity (rủi ro, cơ hội) of a process."""

    class Kind(models.TextChoices):
        RISK = "risk", _("Risk")
        OPPORTUNITY = "opportunity", _("Opportunity")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="risks")
    serial = models.PositiveIntegerField(
        null=True, blank=True, help_text="In the agency's book, once taken up"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    process = models.CharField(max_length=255, help_text="Process or field of work")
    title = models.CharField(max_length=500)
    cause = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    controls = models.TextField(blank=True, help_text="What holds it already")
    issue = models.ForeignKey(ContextIssue, models.PROTECT, null=True, blank=True, related_name="risks")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="risks")
    source_key = models.CharField(
        max_length=120, blank=True, help_text="What it was proposed from, so that it is proposed once"
    )
    found = models.JSONField(default=dict, help_text="What it was proposed from, as it stood")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="risks")
    owner = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="risks")
    state = models.CharField(max_length=10, default="open", help_text="Of core.workflow.RISK")
    likelihood = models.PositiveSmallIntegerField(null=True, blank=True, help_text="As last rated")
    consequence = models.PositiveSmallIntegerField(null=True, blank=True, help_text="As last rated")
    rerate_by = models.DateField(null=True, blank=True)
    ending = models.TextField(blank=True, help_text="Why it is watched no more, or was not taken up")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "serial"], condition=Q(serial__isnull=False), name="risk_serial_unique"
            ),
            models.UniqueConstraint(
                fields=["agency", "source_key"], condition=~Q(source_key=""), name="risk_source_unique"
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="risk_by_state")]

    def __str__(self) -> str:
        return self.title


class RiskRating(models.Model):
    """A rating of a risk by a scale on a day, never changed afterwards."""

    risk = models.ForeignKey(Risk, models.PROTECT, related_name="ratings")
    scale = models.ForeignKey(RiskScale, models.PROTECT, related_name="ratings")
    likelihood = models.PositiveSmallIntegerField()
    consequence = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.likelihood} × {self.consequence}"


class RiskTreatment(models.Model):
    """What is done about a risk or an opportunity: a task."""

    risk = models.ForeignKey(Risk, models.PROTECT, related_name="treatments")
    task = models.OneToOneField("actions.Task", models.PROTECT, related_name="risk_treatment")

    def __str__(self) -> str:
        return str(self.task)


# Management review (ISO 9001:2015, 9.3)


class Review(models.Model):
    """A management review (cuộc xem xét của lãnh đạo)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="reviews")
    year = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    period_start = models.DateField(help_text="First day of what is reviewed")
    period_end = models.DateField()
    held_on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    place = models.CharField(max_length=255, blank=True)
    chair = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    clerk = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, default="prepared", help_text="Of core.workflow.REVIEW")
    gathered_at = models.DateTimeField(
        null=True, blank=True, help_text="When the inputs' figures were last taken"
    )
    conclusion = models.TextField(blank=True)
    number = models.CharField(max_length=100, blank=True, help_text="Of the minutes")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.JSONField(null=True, blank=True, help_text="The minutes as frozen when it was closed")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followed_by")
    cancellation = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="review_period_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["agency", "held_on"], name="review_by_day")]

    def __str__(self) -> str:
        return self.title


class ReviewMember(models.Model):
    """Who is asked to a review, a person of the agency or a guest by name, and whether they came."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="members")
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="review_parts"
    )
    name = models.CharField(max_length=255, blank=True, help_text="Of a guest, with position and body")
    order = models.PositiveIntegerField(default=0)
    attended = models.BooleanField(null=True, default=None)
    absence = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""), name="review_member_is_somebody"
            )
        ]

    def __str__(self) -> str:
        return str(self.person) if self.person else self.name


class ReviewInput(models.Model):
    """One input of a review (9.3.2 a–f): the period's figures as gathered, and what is said to them."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="inputs")
    key = models.CharField(max_length=10, help_text="Of core.review.INPUTS: a, b, c1 … c7, d, e, f")
    figures = models.JSONField(default=dict, help_text="As gathered: sentences, table rows, addresses")
    comment = models.TextField(blank=True)
    nothing = models.TextField(blank=True, help_text="Why nothing arose (không phát sinh)")
    treated_at = models.DateTimeField(null=True, blank=True)
    treated_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "key"], name="review_input_unique")]

    def __str__(self) -> str:
        return self.key


class ReviewDecision(models.Model):
    """What a review decided (9.3.3): with owner and day, a task once the review is closed."""

    class Kind(models.TextChoices):
        IMPROVEMENT = "improvement", _("Improvement")
        CHANGE = "change", _("Change of the system")
        RESOURCES = "resources", _("Resources")
        OBJECTIVE = "objective", _("Objective of the next year")

    review = models.ForeignKey(Review, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=Kind)
    input_key = models.CharField(max_length=10, blank=True)
    order = models.PositiveIntegerField(default=0)
    text = models.TextField()
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    task = models.OneToOneField(
        "actions.Task", models.PROTECT, null=True, blank=True, related_name="review_decision"
    )
    nonconformity = models.ForeignKey(
        Nonconformity, models.PROTECT, null=True, blank=True, related_name="review_decisions"
    )
    objective = models.ForeignKey(
        "objectives.Objective",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="review_decisions",
        help_text="That of a plan's draft which brings it in",
    )

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


# Self-assessment (TCVN ISO 18091:2020, Annex A)


class SelfAssessment(models.Model):
    """An agency's self-assessment by the indicators of an edition, as of a day."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="self_assessments")
    year = models.PositiveIntegerField()
    edition = models.CharField(max_length=30)
    on = models.DateField()
    state = models.CharField(max_length=10, default="open", help_text="Of core.workflow.SELF_ASSESSMENT")
    conclusion = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"


class SelfMark(models.Model):
    """The colour that an indicator has in a self-assessment, with its reason and evidence; none: not assessed."""

    class Colour(models.TextChoices):
        RED = "red", _("Not acceptable")
        YELLOW = "yellow", _("Below the minimum")
        GREEN = "green", _("Minimum reached")

    assessment = models.ForeignKey(SelfAssessment, models.PROTECT, related_name="marks")
    indicator = models.CharField(max_length=10, help_text="Number in the edition: 1.1 … 4.8")
    colour = models.CharField(max_length=6, choices=Colour)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    evidence = models.ManyToManyField("documents.Evidence", related_name="self_marks", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "indicator"], name="self_mark_unique")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.colour}"


class SelfWording(models.Model):
    """An agency's own wording of an indicator of the self-assessment, with its source; the shipped one is a paraphrase."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="self_wordings")
    edition = models.CharField(max_length=30)
    indicator = models.CharField(max_length=10)
    name = models.CharField(max_length=500)
    red = models.TextField(blank=True)
    yellow = models.TextField(blank=True)
    green = models.TextField(blank=True)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "edition", "indicator"], name="self_wording_unique")
        ]

    def __str__(self) -> str:
        return self.name


# Announcement of conformity (Quyết định 19/2014/QĐ-TTg, Điều 4 khoản 3 and Phụ lục I)


class Announcement(models.Model):
    """An announcement that the system conforms (công bố, công bố lại), with its preconditions as they stood."""

    class Kind(models.TextChoices):
        FIRST = "first", _("Announcement")
        AGAIN = "again", _("Announced again")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="announcements")
    kind = models.CharField(max_length=6, choices=Kind)
    year = models.PositiveIntegerField()
    edition = models.CharField(
        max_length=30, blank=True, help_text="Key of the clauses' edition that it says to conform to"
    )
    scope = models.TextField()
    procedures = models.JSONField(
        default=list, help_text="Code, name, field and document of each procedure in its scope"
    )
    choices = models.JSONField(
        default=dict, help_text="Of fields: the document that their procedures share, or that they stay out"
    )
    wording = models.JSONField(default=dict, help_text="Words of its papers that the agency may change")
    reason = models.TextField(blank=True, help_text="What changed since the last one")
    state = models.CharField(max_length=10, default="draft", help_text="Of core.workflow.ANNOUNCEMENT")
    checks = models.JSONField(
        default=dict, help_text="Preconditions as they stood when effectiveness was confirmed"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=100, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    issued = models.JSONField(
        null=True, blank=True, help_text="What its papers say, frozen when it was issued"
    )
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")
    posting_task = models.OneToOneField(
        "actions.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="posts_announcement",
        help_text="Of posting it; submitted by the posting itself",
    )
    letter_task = models.OneToOneField(
        "actions.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tells_announcement",
        help_text="Of telling the leading body",
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["draft", "confirmed"]),
                name="agency_has_one_announcement_at_work",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="announced"), name="agency_has_one_announcement_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.year)


class CycleRules(models.Model):
    """An agency's own rhythm and limits of the improvement cycle; without a row those of core.rhythm hold."""

    agency = models.OneToOneField("org.Agency", models.PROTECT, related_name="cycle_rules")
    audit_months = models.PositiveSmallIntegerField(
        default=12, help_text="A unit is audited at least so often"
    )
    audit_by = models.CharField(max_length=5, blank=True, help_text="Last day of the year's audit, MM-DD")
    review_months = models.PositiveSmallIntegerField(default=12)
    plan_days = models.PositiveSmallIntegerField(
        default=15, help_text="Working days for the plan of a nonconformity"
    )
    judge_days = models.PositiveSmallIntegerField(
        default=90, help_text="Days from the last step to the judgement of its effect"
    )
    judge_within = models.PositiveSmallIntegerField(
        default=30, help_text="Days from that day on until the judgement is overdue"
    )
    risk_months = models.PositiveSmallIntegerField(default=6, help_text="Between two ratings of a risk")
    late_share = models.PositiveSmallIntegerField(
        default=10, help_text="Per cent of a month's dossiers from which late ones make a pattern"
    )
    late_least = models.PositiveSmallIntegerField(
        default=3, help_text="Late dossiers of a month from which they make a pattern"
    )
    announced_days = models.PositiveSmallIntegerField(
        default=14, help_text="Days before an audit on which its team and units are told"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.agency)
