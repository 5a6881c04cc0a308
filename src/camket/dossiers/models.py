from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from camket.core.dossiers import LimitUnit


class Field(models.Model):
    """A field of administrative procedures (lĩnh vực): đất đai, hộ tịch, xây dựng, …"""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="procedure_fields")
    name = models.CharField(max_length=255)
    key = models.CharField(max_length=255, help_text="The name in lower case without marks: how it is found")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="field_unique")]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    """An administrative procedure (TTHC) that the agency settles or receives; what holds of it when is in its editions."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="procedures")
    code = models.CharField(
        max_length=60, help_text="Code in the national database, as 1.004873; never made up"
    )
    key = models.CharField(max_length=255, help_text="The code, else the name in lower case without marks")
    is_listed = models.BooleanField(
        default=True, help_text="False: dossiers name it and the catalogue does not have it yet"
    )
    edition = models.ForeignKey(
        "ProcedureEdition", models.PROTECT, null=True, blank=True, related_name="+", help_text="The newest"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "key"], name="procedure_unique")]

    def __str__(self) -> str:
        return self.code or self.key


class ProcedureEdition(models.Model):
    """What holds of a procedure from a day on: name, field, unit in charge, time limit, online level. Never changed."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="editions")
    name = models.TextField()
    field = models.ForeignKey(Field, models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    limit_unit = models.CharField(
        max_length=12, choices=[(unit.value, unit.value) for unit in LimitUnit], default=LimitUnit.NONE.value
    )
    limit_text = models.CharField(max_length=500, blank=True, help_text="As the catalogue words it")
    level = models.PositiveSmallIntegerField(default=0)
    partial_reason = models.TextField(
        blank=True, help_text="Why it is only partly online, NĐ 224/2026 Điều 14"
    )
    decision = models.CharField(max_length=255, blank=True, help_text="The decision that announced it")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="edition_validity"
            ),
            models.UniqueConstraint(fields=["procedure", "valid_from"], name="edition_one_a_day"),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """Where and since when a procedure is posted (niêm yết công khai)."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="postings")
    place = models.CharField(max_length=255, help_text="Board at the office, screen, website, portal")
    posted_on = models.DateField()
    removed_on = models.DateField(null=True, blank=True)
    address = models.URLField(max_length=1000, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(removed_on__gte=F("posted_on")), name="posting_days"
            )
        ]

    def __str__(self) -> str:
        return self.place


class Software(models.Model):
    """How one one-stop software's exports are read: which column is what, and what its words mean (hồ sơ ánh xạ)."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="one_stop_software")
    name = models.CharField(max_length=150)
    mapping = models.JSONField(default=dict, help_text="Field of a dossier to header of the column")
    words = models.JSONField(default=dict, help_text="Field to words of the export and what each means")
    is_offered = models.BooleanField(default=True, help_text="False: set aside, no file is read by it")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="software_unique")]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """One import of dossiers (đợt nhập): its file, how it was read, what became of its rows.

    Rows are applied in parts, each in one transaction with its counts; ``done_rows`` says how many of the file's
    rows lie behind, so that a batch that was cut off goes on from there.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to be confirmed")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, waiting to be imported")
        QUEUED = "queued", _("Waiting for its turn")
        RUNNING = "running", _("Being imported")
        DONE = "done", _("Imported")
        FAILED = "failed", _("Stopped by an error")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded before importing")

    class Origin(models.TextChoices):
        PAGE = "page", _("Uploaded on the page")
        COMMAND = "command", _("By the command line")
        FOLDER = "folder", _("From the watched folder")
        MENDED = "mended", _("Mended rows")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="dossier_batches")
    software = models.ForeignKey(Software, models.PROTECT, null=True, blank=True, related_name="batches")
    origin = models.CharField(max_length=10, choices=Origin)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    as_of = models.DateField(help_text="The day that the export shows")
    reading = models.JSONField(
        default=dict, help_text="Sheet, encoding, header rows, mapping and words used, differences counted"
    )
    total_rows = models.PositiveIntegerField(default=0)
    done_rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    spans = models.JSONField(
        default=list,
        help_text="First and last id of the dossiers that it added and that are there, for each step",
    )
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True, help_text="First day whose counts it touched")
    last_day = models.DateField(null=True, blank=True)
    error = models.JSONField(default=dict, help_text="Message id and its values")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="When it last showed life")
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "-created_at"], name="batch_newest")]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.file_name


class RefusedRow(models.Model):
    """A row of an import that was refused, with the reason and the cell; mended and tried again, or set aside."""

    class State(models.TextChoices):
        OPEN = "open", _("To be mended")
        MENDED = "mended", _("Mended and imported")
        DROPPED = "dropped", _("Set aside")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="refused_rows")
    number = models.PositiveIntegerField(help_text="Row in the file as people count it")
    cells = models.JSONField(help_text="Header to text of the cell, as it stood in the file or as mended")
    reasons = models.JSONField(help_text="For each fault: field, cell (C14), message id and its values")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    settled_in = models.ForeignKey(
        Batch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_rows",
        help_text="The later import that told of its dossier, where nobody mended it here",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="refused_row_unique")]
        # Counted by state without a look at the cells, of which a file may leave a hundred thousand rows.
        indexes = [models.Index(fields=["batch", "state", "number"], name="refused_row_by_state")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.number}"


class Dossier(models.Model):
    """A dossier of an administrative procedure, as the one-stop software gave it, with its clock.

    Days beside moments (``…_day``) are whole numbers (:func:`camket.core.tally.day_number`) in the agency's time
    zone: what its counts and indexes go by. ``due_first`` is the date on the receipt, ``due_promised`` the one given at
    its re-appointment, ``due_now`` the one of the two that holds, ``due_computed`` what the working-time rules give. A
    time that an export does not have is midnight. What a row points to is not checked by the database, row for row: a
    million would wait for seven million look-ups. Imports look names up themselves, and nothing that is pointed to is
    ever deleted. Which dossiers a batch added is asked by the ids that the batch keeps (``Batch.spans``): an index of
    them would have to be kept for every row.
    """

    agency = models.ForeignKey(
        "org.Agency", models.PROTECT, related_name="dossiers", db_index=False, db_constraint=False
    )
    code = models.CharField(max_length=60)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="dossiers", db_index=False, db_constraint=False
    )
    field = models.ForeignKey(Field, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    unit_text = models.CharField(max_length=255, blank=True, help_text="Who settles it, as the export says")
    channel = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    state = models.PositiveSmallIntegerField()
    applicant = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=500, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(null=True)
    due_given = models.DateTimeField(null=True, help_text="Due date as the export brings it")
    due_computed = models.DateTimeField(null=True)
    due_first = models.DateTimeField(null=True)
    due_promised = models.DateTimeField(
        null=True, help_text="Date given anew, also where it came too late to hold"
    )
    due_now = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    supplement_asked_at = models.DateTimeField(null=True)
    supplement_back_at = models.DateTimeField(null=True)
    reappointed_at = models.DateTimeField(null=True)
    result_given = models.PositiveSmallIntegerField(
        null=True, help_text="Outcome as the export states it, to be held against ours"
    )
    payment = models.PositiveSmallIntegerField(default=0)
    is_digitised = models.BooleanField(default=False)
    is_result_digitised = models.BooleanField(default=False)
    is_answered = models.BooleanField(default=False, help_text="Apologised for or explained")
    is_withdrawn = models.BooleanField(default=False, help_text="Finished by withdrawal or stop")
    is_due_different = models.BooleanField(default=False, help_text="The date given is not the one computed")
    outcome = models.PositiveSmallIntegerField(default=0)
    outcome_first = models.PositiveSmallIntegerField(default=0)
    handling_days = models.PositiveIntegerField(null=True, help_text="Working days, pauses left out")
    received_day = models.IntegerField(null=True)
    due_day = models.IntegerField(null=True)
    finished_day = models.IntegerField(null=True)
    overdue_day = models.IntegerField(null=True, help_text="The day it fell, or falls, overdue")
    waiting_from_day = models.IntegerField(null=True)
    waiting_until_day = models.IntegerField(null=True)
    reappointed_day = models.IntegerField(null=True)
    content_hash = models.BigIntegerField(
        help_text="Of what the export says: a row that says the same is left out"
    )
    first_batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    last_batch = models.ForeignKey(
        Batch, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="dossier_code_unique")]
        indexes = [
            models.Index(fields=["agency", "received_day"], name="dossier_received"),
            models.Index(fields=["agency", "finished_day"], name="dossier_finished"),
            models.Index(
                fields=["agency", "due_day"], name="dossier_open_due", condition=Q(finished_day=None)
            ),
            models.Index(
                fields=["agency", "overdue_day"],
                name="dossier_overdue",
                condition=Q(overdue_day__isnull=False),
            ),
            models.Index(
                fields=["agency", "received_day"],
                name="dossier_due_different",
                condition=Q(is_due_different=True),
            ),
            models.Index(
                fields=["agency", "waiting_from_day"],
                name="dossier_waiting_from",
                condition=Q(waiting_from_day__isnull=False),
            ),
            models.Index(
                fields=["agency", "waiting_until_day"],
                name="dossier_waiting_until",
                condition=Q(waiting_until_day__isnull=False),
            ),
            models.Index(
                fields=["agency", "reappointed_day"],
                name="dossier_reappointed",
                condition=Q(reappointed_day__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_reappointed(self) -> bool:
        """Whether it was given its one new date: on a day that is known, or by an export that tells the date alone."""
        is_moved = (
            self.due_promised is not None
            and self.due_first is not None
            and self.due_promised > self.due_first
        )
        return self.reappointed_at is not None or is_moved


class DossierChange(models.Model):
    """What changed on a dossier: by which import or act, before and after. Its history, and what an undo goes back by."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="changes")
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="dossier_changes")
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    before = models.JSONField(help_text="Column to value, those that changed")
    after = models.JSONField()

    def __str__(self) -> str:
        return f"{self.dossier_id} ({self.at:%d/%m/%Y})"


class Pause(models.Model):
    """A stretch in which a dossier's clock stands still: supplements, a financial obligation, a stop."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pauses")
    state = models.PositiveSmallIntegerField(help_text="5, 6 or 8 of the national portal")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="pause_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.state}"


class Letter(models.Model):
    """A letter to an applicant on a late dossier: apology with a new date (Mẫu 04), or explanation."""

    class Kind(models.TextChoices):
        APOLOGY = "apology", _("Apology and new date")
        EXPLANATION = "explanation", _("Explanation")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        DISCARDED = "discarded", _("Discarded")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="letters")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    reason = models.TextField()
    due_before = models.DateTimeField(null=True, blank=True)
    due_new = models.DateTimeField(null=True, blank=True)
    year = models.PositiveIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    shown_number = models.CharField(
        max_length=100, blank=True, help_text="As it stands on the letter: 12/PXL-UBND"
    )
    issued_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=255, blank=True)
    capacity = models.CharField(max_length=255, blank=True)
    content = models.JSONField(default=dict, help_text="What the letter says, frozen when it was issued")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    issued_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"],
                condition=Q(number__isnull=False),
                name="letter_number_unique",
            ),
            models.UniqueConstraint(
                fields=["dossier", "kind"],
                condition=~Q(state__in=("discarded", "withdrawn")),
                name="letter_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False), name="letter_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_number or self.get_kind_display()


class OfficeHours(models.Model):
    """Working hours of an agency, and the hour after which what is handed in counts from the next day, from a day on.

    ``is_for_below``: they hold for the agencies below as well, as far as these have none of their own.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="office_hours")
    valid_from = models.DateField()
    spans = models.JSONField(help_text='Pairs of times: [["07:30", "11:30"], ["13:30", "17:30"]]')
    cut_off = models.TimeField(null=True, blank=True)
    is_for_below = models.BooleanField(default=False)
    source = models.CharField(max_length=255, blank=True, help_text="The decision or notice that set them")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "valid_from"], name="office_hours_one_a_day")
        ]
        verbose_name_plural = "office hours"

    def __str__(self) -> str:
        return f"{self.agency}: {self.valid_from:%d/%m/%Y}"


class TallyRevision(models.Model):
    """How often an agency's counts changed: what was reckoned from them holds as long as this number stands."""

    agency = models.OneToOneField("org.Agency", models.PROTECT, related_name="tally_revision")
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)


class Bucket(models.Model):
    """Counts of one cell: what its dossiers add up to (:data:`camket.core.tally.COUNTS` says what each count is).

    A cell is of an agency, a stretch of time and the dimensions of its shape. ``start`` is the first day of the
    stretch as a whole number. Dimensions that the shape leaves out are 0, and so are those not known; they are plain
    numbers, since what is not known has a cell too.
    """

    agency = models.ForeignKey(
        "org.Agency", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    grain = models.PositiveSmallIntegerField()
    shape = models.PositiveSmallIntegerField()
    start = models.IntegerField()
    field_key = models.BigIntegerField(default=0)
    procedure_key = models.BigIntegerField(default=0)
    unit_key = models.BigIntegerField(default=0)
    channel = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    received = models.IntegerField(default=0)
    received_online = models.IntegerField(default=0)
    received_direct = models.IntegerField(default=0)
    received_postal = models.IntegerField(default=0)
    received_advanced = models.IntegerField(default=0)
    received_advanced_online = models.IntegerField(default=0)
    received_digitised = models.IntegerField(default=0)
    finished = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    late_first = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    result_digitised = models.IntegerField(default=0)
    fee_due = models.IntegerField(default=0)
    paid_online = models.IntegerField(default=0)
    handling_days = models.IntegerField(default=0)
    handled_0 = models.IntegerField(default=0)
    handled_1 = models.IntegerField(default=0)
    handled_2 = models.IntegerField(default=0)
    handled_5 = models.IntegerField(default=0)
    handled_10 = models.IntegerField(default=0)
    handled_15 = models.IntegerField(default=0)
    handled_20 = models.IntegerField(default=0)
    handled_30 = models.IntegerField(default=0)
    handled_longer = models.IntegerField(default=0)
    cleared_overdue = models.IntegerField(default=0)
    fell_overdue = models.IntegerField(default=0)
    fell_overdue_answered = models.IntegerField(default=0)
    waiting_began = models.IntegerField(default=0)
    waiting_ended = models.IntegerField(default=0)
    reappointed = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "agency", "shape", "grain", "start",
                    "field_key", "procedure_key", "unit_key", "channel", "level",
                ],
                name="bucket_unique",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["shape", "grain", "field_key", "level", "start"], name="bucket_across")
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.shape}/{self.grain}/{self.start}"
