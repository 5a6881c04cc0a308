from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from camket.core.feedback import masked_code


class Questionnaire(models.Model):
    """What an agency asks in its surveys (bộ câu hỏi); what it asks when is in its editions."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="questionnaires")
    code = models.CharField(max_length=60, help_text="Of the shipped one it was made from, else its own")
    title = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="questionnaire_code_unique")]

    def __str__(self) -> str:
        return self.title


class QuestionnaireEdition(models.Model):
    """The questions as they stand from one publication to the next; never changed once published.

    ``content`` is a :class:`camket.core.questionnaire.Content` as JSON. Questions keep their key from edition to
    edition as long as they ask the same, so that answers of a year stay comparable.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("In use")
        RETIRED = "retired", _("Replaced by a newer one")

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField()
    source = models.CharField(max_length=255, blank=True, help_text="The text whose method it follows")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_edition_unique"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(state="draft"), name="questionnaire_one_draft"
            ),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(state="published"), name="questionnaire_one_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} ({self.number})"


class Survey(models.Model):
    """A survey (khảo sát): which questionnaire is asked from when to when, standing or for a while.

    ``link_key`` signs the addresses of its points and slips; a new one makes all that were given out worthless.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("In preparation")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="surveys")
    title = models.CharField(max_length=255)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="surveys")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="None: until it is closed")
    asks_field = models.BooleanField(
        default=True,
        help_text="Whether whoever answers says the field of the procedure where it is not known",
    )
    link_key = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="survey_days"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Channel(models.IntegerChoices):
    """By which way an answer came."""

    QR = 1, _("QR code")
    LINK = 2, _("Link on the slip of a dossier")
    KIOSK = 3, _("Tablet at the counter")
    PHONE = 4, _("Telephone interview")
    PAPER = 5, _("Paper slip")
    FILE = 6, _("Spreadsheet")


class Point(models.Model):
    """A place at which a survey is answered: a poster's QR code, a tablet, a pile of numbered slips.

    Its address is signed with the survey's key and ``round``; the next round makes the address of before worthless.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="points")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    name = models.CharField(max_length=150)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    round = models.PositiveIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "name"], name="point_name_unique")]

    def __str__(self) -> str:
        return self.name


class Handout(models.Model):
    """How many people were asked, and when: slips given out or printed with a link, calls made (phiếu phát ra)."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="handouts")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    on = models.DateField()
    number = models.PositiveIntegerField()
    first_serial = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of slips with a link of their own: they are numbered on from here"
    )
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gt=0), name="handout_number")]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.number}"


class SpentLink(models.Model):
    """A link for one answer that was used. Only a keyed hash: it says neither when, nor by which answer, nor of which dossier."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "key_hash"], name="spent_link_unique")]

    def __str__(self) -> str:
        return self.key_hash[:8]


class TurnedAway(models.Model):
    """How many answers a survey refused on a day as too many from one address. Of the addresses nothing is kept."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="turned_away")
    on = models.DateField()
    number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "on"], name="turned_away_unique")]
        verbose_name_plural = "turned away"

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.number}"


class SlipBatch(models.Model):
    """Paper slips keyed in at one sitting, or rows of one spreadsheet (đợt nhập phiếu)."""

    class State(models.TextChoices):
        OPEN = "open", _("Being keyed")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="slip_batches")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    name = models.CharField(max_length=255)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    answered_on = models.DateField(help_text="The day that is proposed for the next slip")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    responses_count = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="Rows refused: row, cells, reasons with their cell")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")

    class Meta:
        verbose_name_plural = "slip batches"

    def __str__(self) -> str:
        return self.name


class Response(models.Model):
    """One answered questionnaire (lượt trả lời). It names neither person nor dossier, knows the day and not the hour.

    ``id`` is drawn by whoever sends it, so that what is sent twice is stored once. ``ratings`` holds for each question
    of the scale the step chosen, 1 to 5; a question left out is not in it. ``choices`` holds other answers by key.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("Counted")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="responses")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    edition = models.ForeignKey(QuestionnaireEdition, models.PROTECT, related_name="responses")
    on = models.DateField()
    counted_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day on which it counts, where its month had been shown before it came; None: its own",
    )
    channel = models.PositiveSmallIntegerField(choices=Channel)
    point = models.ForeignKey(Point, models.PROTECT, null=True, blank=True, related_name="responses")
    batch = models.ForeignKey(SlipBatch, models.PROTECT, null=True, blank=True, related_name="responses")
    batch_row = models.PositiveIntegerField(null=True, blank=True, help_text="Slip or row within its batch")
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=12, default="vi")
    ratings = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.COUNTED)
    set_aside_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "batch_row"], name="response_row_of_batch_unique"),
        ]
        indexes = [models.Index(fields=["agency", "on"], name="response_by_day")]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}"


class Comment(models.Model):
    """Free words of somebody who answered. Kept apart from the ratings, so that neither tells who gave the other.

    ``month`` is the first day of the month in which it came. What came by an address waits unseen until it is let in
    with others at night: seen at once, it would tell who had just left the counter.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for others")
        NEW = "new", _("Not read yet")
        READ = "read", _("Read")
        ACTED = "acted", _("Turned into work")
        HIDDEN = "hidden", _("Hidden: abuse or personal data")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="survey_comments")
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="comments")
    month = models.DateField()
    question = models.CharField(max_length=40)
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    search = models.TextField(blank=True, help_text="Its words folded: what it is found by")
    language = models.CharField(max_length=12, default="vi")
    tags = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey("actions.Task", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "state", "-month"], name="survey_comment_list")]

    def __str__(self) -> str:
        return self.text[:80]


class RatingBucket(models.Model):
    """Counts of one cell of answers: additive over days, months, units, fields, ways, agencies.

    A cell is of an agency, a survey, a stretch of time, its dimensions, and one question (``question`` is its key; empty
    for the response as a whole, which alone counts ``responses``). ``start`` is the first day of the stretch as a whole
    number (:func:`camket.core.tally.day_number`), ``grain`` a :class:`camket.core.tally.Grain` or, with counts
    below nought, :data:`camket.voices.tally.TAKEN_BACK`; what is not known is 0.
    A question left out adds to no step, so that missing answers stay out of the denominator.
    """

    agency = models.ForeignKey(
        "org.Agency", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    survey_key = models.BigIntegerField()
    grain = models.PositiveSmallIntegerField()
    start = models.IntegerField()
    question = models.CharField(max_length=40, blank=True)
    field_key = models.BigIntegerField(default=0)
    unit_key = models.BigIntegerField(default=0)
    channel = models.PositiveSmallIntegerField(default=0)
    responses = models.IntegerField(default=0)
    step_1 = models.IntegerField(default=0)
    step_2 = models.IntegerField(default=0)
    step_3 = models.IntegerField(default=0)
    step_4 = models.IntegerField(default=0)
    step_5 = models.IntegerField(default=0)
    set_aside = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "agency", "grain", "start", "survey_key", "question", "field_key", "unit_key", "channel",
                ],
                name="rating_bucket_unique",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.grain}/{self.start}/{self.question}"


class AnswerRevision(models.Model):
    """How often an agency's counts of answers changed: what was reckoned from them holds as long as this number stands."""

    agency = models.OneToOneField("org.Agency", models.PROTECT, related_name="answer_revision")
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class CountedMonth(models.Model):
    """How often an agency's counts of a month changed, ``start`` its first day as in the counts.

    The sum over months that are shown grows with every change of theirs, and with no other: what was reckoned from them
    holds as long as it stands.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="counted_months")
    start = models.IntegerField()
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "start"], name="counted_month_unique")]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.start}: {self.number}"


class FeedbackLimit(models.Model):
    """Within how many working days an agency answers feedback of a kind and field, from a day on (thời hạn trả lời)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="feedback_limits")
    kind = models.CharField(max_length=15, blank=True, help_text="Empty: every kind")
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    working_days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(working_days__gt=0), name="feedback_limit_days"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="feedback_limit_validity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.working_days}"


class Feedback(models.Model):
    """Feedback of a citizen or a business (phản ánh, kiến nghị), from its receipt to its answer.

    ``code`` is what the sender follows it by: drawn at random, so that nobody comes upon another's.
    Complaints and denunciations are routed to their legal track (``ROUTED``), never settled here. Feedback of several
    people on one matter is answered together: the later ones are merged into the first (``MERGED``) and count no more.
    """

    class Kind(models.TextChoices):
        RULES = "rules", _("On administrative rules")
        CONDUCT = "conduct", _("On the conduct of officers")
        OTHER = "other", _("Other feedback")
        COMPLAINT = "complaint", _("Complaint")
        DENUNCIATION = "denunciation", _("Denunciation")

    class Way(models.TextChoices):
        WEB = "web", _("Public page")
        PHONE = "phone", _("Telephone")
        PAPER = "paper", _("Paper")
        IN_PERSON = "in_person", _("In person")
        PORTAL = "portal", _("Portal of feedback")

    class Outcome(models.TextChoices):
        JUSTIFIED = "justified", _("Found justified")
        PARTLY = "partly_justified", _("Found justified in part")
        UNJUSTIFIED = "unjustified", _("Found not justified")

    class State(models.TextChoices):
        NEW = "new", _("Received")
        ASSIGNED = "assigned", _("Being handled")
        DRAFTED = "drafted", _("Answer waiting for approval")
        ANSWERED = "answered", _("Answered")
        PASSED_ON = "passed_on", _("Passed on to the competent body")
        ROUTED = "routed", _("Routed as a complaint or denunciation")
        SET_ASIDE = "set_aside", _("Not taken up")
        MERGED = "merged", _("Answered with another one")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="feedback")
    code = models.CharField(max_length=20, unique=True)
    portal_code = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.OTHER)
    is_classified = models.BooleanField(default=False, help_text="Whether an officer confirmed its kind")
    way = models.CharField(max_length=10, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=255)
    text = models.TextField()
    place = models.CharField(max_length=255, blank=True)
    field = models.ForeignKey("dossiers.Field", models.PROTECT, null=True, blank=True, related_name="+")
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    sender_name = models.CharField(max_length=150, blank=True)
    sender_address = models.CharField(max_length=255, blank=True)
    sender_phone = models.CharField(max_length=30, blank=True)
    sender_email = models.EmailField(blank=True)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    officer = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    concerns = models.ManyToManyField(
        "org.Person",
        related_name="+",
        blank=True,
        help_text="Whose conduct it is about: none of them ever sees it",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="The feedback on the same matter with which this one is answered",
    )
    pass_on_by = models.DateField(help_text="Last day in time for passing it on, NĐ 20/2008 as amended")
    due_on = models.DateField(help_text="Last day in time for the answer")
    limit_days = models.PositiveSmallIntegerField(help_text="Working days that the due date was reckoned by")
    answer = models.TextField(blank=True)
    drafted_at = models.DateTimeField(null=True, blank=True)
    drafted_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(
        max_length=16, choices=Outcome, blank=True, help_text="Whether it was found justified, as drafted"
    )
    outcome_reason = models.TextField(blank=True, help_text="What that rests on, for the agency alone")
    outcome_on = models.DateField(
        null=True, blank=True, help_text="Day on which the outcome was approved; none while it is a draft"
    )
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When answered, passed on, routed, set aside"
    )
    settled_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    settled_note = models.TextField(blank=True, help_text="To whom it was passed on, why it was not taken up")
    document_number = models.CharField(max_length=100, blank=True)
    public_text = models.TextField(blank=True, help_text="What was asked, without personal data")
    public_answer = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="When it left the public page again")
    files = models.ManyToManyField("documents.StoredFile", related_name="feedback", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "portal_code"], condition=~Q(portal_code=""), name="feedback_portal_code"
            ),
            models.CheckConstraint(
                condition=Q(outcome_on__isnull=True) | ~Q(outcome=""), name="feedback_dated_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_on"], name="feedback_work_list"),
            models.Index(fields=["agency", "received_at"], name="feedback_received"),
        ]
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return masked_code(self.code)  # the journal is read by those who may not read the feedback

    @property
    def is_settled(self) -> bool:
        """Whether it was answered, passed on, routed or set aside."""
        return self.settled_at is not None

    @property
    def concerned(self) -> frozenset[int]:
        """The ids of those whose conduct it is about; no SQL statement where ``concerns`` was prefetched."""
        return frozenset(person.pk for person in self.concerns.all())


class FeedbackStep(models.Model):
    """What happened to feedback: one line of its history; ``is_public`` lines are what its sender sees."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["feedback", "at"], name="feedback_step_order")]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.kind}"
