from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """A row of a register (sổ theo dõi). What its columns mean in a register stands in its definition.

    Columns are what rows are sorted, searched, counted and reminded by; what only one register has is in ``values``,
    by the keys of its definition's fields. An entry is never deleted: it is withdrawn with a reason.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be done")
        DONE = "done", _("Done")
        NOTED = "noted", _("Noted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="register_entries")
    register = models.CharField(max_length=30, help_text="Key of the register's definition")
    key = models.CharField(
        max_length=255, help_text="What a row is known by when it comes again from a spreadsheet"
    )
    on = models.DateField(help_text="Day that the entry belongs to: of issue, of receipt, of the award")
    year = models.PositiveIntegerField(help_text="Year in whose register it stands")
    series = models.CharField(
        max_length=60, blank=True, help_text="Of numbers given here: type and issuing body"
    )
    serial = models.PositiveIntegerField(null=True, blank=True, help_text="Number within series and year")
    number = models.CharField(max_length=100, blank=True, help_text="Number and symbol as written")
    title = models.TextField(help_text="What it is about: abstract, content, name")
    kind = models.CharField(max_length=60, blank=True, help_text="Choice of the register or of its own list")
    source = models.CharField(max_length=255, blank=True, help_text="Who issued, asked, held, conferred")
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="register_entries"
    )
    person = models.ForeignKey(
        "org.Person", models.PROTECT, null=True, blank=True, related_name="register_entries"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    due_original = models.DateField(null=True, blank=True, help_text="As first given, before it was put off")
    late_after = models.DateField(
        null=True, blank=True, help_text="Last day in time: BLDS 2015, Điều 148 khoản 5"
    )
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(
        max_length=60, blank=True, help_text="Result, grade, form: choice of the register"
    )
    amount = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    planned = models.DecimalField(max_digits=24, decimal_places=6, null=True, blank=True)
    values = models.JSONField(default=dict, help_text="Fields that only this register has, by key")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    item = models.ForeignKey(
        "registers.ListItem", models.PROTECT, null=True, blank=True, related_name="entries"
    )
    batch = models.ForeignKey(
        "registers.Batch", models.PROTECT, null=True, blank=True, related_name="entries"
    )
    evidence = models.ManyToManyField("documents.Evidence", related_name="register_entries", blank=True)
    search = models.TextField(blank=True, help_text="Folded words that it is found by")
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["agency", "register", "key"], name="entry_key_unique"),
            models.UniqueConstraint(
                fields=["agency", "register", "series", "year", "serial"],
                name="entry_serial_unique",
                condition=Q(serial__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="entry_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_on__isnull=False), name="entry_done"),
        ]
        indexes = [
            models.Index(fields=["agency", "register", "on", "id"], name="entry_by_day"),
            models.Index(fields=["agency", "register", "year", "on", "id"], name="entry_by_year"),
            models.Index(fields=["agency", "register", "state", "due_on"], name="entry_by_due"),
            models.Index(fields=["agency", "state", "due_on"], name="entry_open_in_agency"),
            models.Index(fields=["agency", "register", "unit", "on"], name="entry_by_unit"),
            models.Index(fields=["person", "register"], name="entry_by_person"),
        ]

    def __str__(self) -> str:
        return self.title or self.number or f"{self.register} {self.on:%d/%m/%Y}"


class ListItem(models.Model):
    """A line of an agency's own list for a register: a body above, a type of document, a course, a socio-economic figure.

    ``values`` are its own fields (of a figure: unit of measure, rhythm, cumulative or as of a day, direction, plan by
    year, unit in charge), by the keys of the register's definition.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="register_lists")
    register = models.CharField(max_length=30)
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=500)
    order = models.PositiveIntegerField(default=0)
    unit = models.ForeignKey("org.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    values = models.JSONField(default=dict)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "register", "key"], name="list_item_unique")]

    def __str__(self) -> str:
        return self.name


class Extension(models.Model):
    """A later due day of an entry: asked for, then approved or refused by whoever gave the work (gia hạn)."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        TAKEN_BACK = "taken_back", _("Taken back")

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="extensions")
    due_before = models.DateField()
    due_after = models.DateField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(max_length=255, blank=True, help_text="The approval, as written")
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], name="extension_asked_once", condition=Q(state="asked"))
        ]

    def __str__(self) -> str:
        return f"{self.due_before} → {self.due_after}"


class Batch(models.Model):
    """A spreadsheet brought into a register: how many rows it added, changed, left; those refused are kept with reasons."""

    class State(models.TextChoices):
        DONE = "done", _("Brought in")
        UNDONE = "undone", _("Taken back")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="register_batches")
    register = models.CharField(max_length=30)
    file = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State, default=State.DONE)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="Rows refused: row, cells, problems with their cell")
    before = models.JSONField(default=list, help_text="Entries that it changed: number, values as they were")
    at = models.DateTimeField()
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "batches"
        indexes = [models.Index(fields=["agency", "register", "at"], name="batch_of_register")]

    def __str__(self) -> str:
        return self.name


class EntryCount(models.Model):
    """How many entries count on a day as what, kept by every write: pages and figures add these up, never entries.

    ``day`` is a whole number (:func:`camket.core.tally.day_number`); ``unit_key`` 0 is no unit. ``kind`` and ``mark``
    are the two further dimensions by which a register's definition tells its entries apart.
    """

    agency = models.ForeignKey(
        "org.Agency", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    register = models.CharField(max_length=30)
    day = models.IntegerField()
    count = models.CharField(max_length=40)
    unit_key = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=60, default="", blank=True)
    mark = models.CharField(max_length=60, default="", blank=True)
    number = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "register", "day", "count", "unit_key", "kind", "mark"],
                name="entry_count_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.count} {self.number}"


class EntryRevision(models.Model):
    """How often a register's counts changed: a page or figure reckoned from them holds as long as this number stands.

    Its row is also the turn that writers of one register wait for. ``version`` is the way of counting
    (:data:`camket.registers.tally.VERSION`) that the counts follow.
    """

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="+")
    register = models.CharField(max_length=30)
    number = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "register"], name="entry_revision_of_register")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Issued(models.Model):
    """A numbered paper that is made and issued here, and what is said of one that was withdrawn: why, when, by whom.

    Where it is entered among the outgoing documents, the entry stands in a field ``outgoing``, or in a letter's content.
    """

    state = models.CharField(max_length=10)
    number = models.CharField(max_length=100, blank=True)
    withdrawal = models.TextField(blank=True, help_text="Why it was withdrawn")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Letter(Issued):
    """A reminder letter (công văn đôn đốc) about late or soon due work: drafted, then issued with its number, frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ISSUED = "issued", _("Issued")
        WITHDRAWN = "withdrawn", _("Recalled")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="reminder_letters")
    year = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(
        max_length=100, blank=True, help_text="Given after signature (NĐ 30/2020, Điều 15)"
    )
    issued_on = models.DateField(null=True, blank=True)
    content = models.JSONField(
        help_text="What it says: addressees, lines of work, signer; frozen when issued"
    )
    units = models.ManyToManyField("org.Unit", related_name="+", blank=True)
    entries = models.ManyToManyField(Entry, related_name="letters", blank=True)
    tasks = models.ManyToManyField("actions.Task", related_name="letters", blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    issued_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="issued") | (~Q(number="") & Q(issued_on__isnull=False)),
                name="letter_issued_with_number",
            )
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class ProgrammePaper(Issued):
    """The programme of a month or year, or the report on it, as it was issued: never changed, replaced or withdrawn.

    ``docx`` and ``pdf`` are the files that went out; ``content`` what they were made of, with the digest of it that was
    looked at before it was issued.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", _("Work programme")
        REPORT = "report", _("Report on its results")

    class State(models.TextChoices):
        ISSUED = "issued", _("Issued")
        REPLACED = "replaced", _("Replaced")
        WITHDRAWN = "withdrawn", _("Recalled")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="programme_papers")
    kind = models.CharField(max_length=10, choices=Kind)
    first = models.DateField(help_text="First day of its month or year")
    is_year = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    number = models.CharField(max_length=100, help_text="Given after signature (NĐ 30/2020, Điều 15)")
    issued_on = models.DateField()
    signed_by = models.CharField(max_length=255)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    outgoing = models.ForeignKey(Entry, models.PROTECT, related_name="programme_papers")
    correction = models.TextField(blank=True, help_text="What this version corrects in the one before")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrected_by")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "first", "is_year", "version"], name="programme_paper_version"
            ),
            models.UniqueConstraint(
                fields=["agency", "kind", "first", "is_year"],
                name="programme_paper_in_force",
                condition=Q(state="issued"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DocumentCopy(Issued):
    """A copy or extract of an incoming or outgoing document, as it was signed: never changed, withdrawn with a reason.

    ``original`` is the file whose pages were copied, None of an extract, which is set anew and has a ``docx``, too;
    ``content`` what stands on it. Source: Nghị định 30/2020/NĐ-CP, Điều 25.
    """

    class Form(models.TextChoices):
        TRUE = "SY", _("True copy")
        OF_COPY = "SL", _("Copy of a true copy")
        EXTRACT = "TrS", _("Extract")

    class State(models.TextChoices):
        ISSUED = "issued", _("Issued")
        WITHDRAWN = "withdrawn", _("Recalled")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="document_copies")
    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="copies", help_text="The document that was copied"
    )
    form = models.CharField(max_length=3, choices=Form)
    state = models.CharField(max_length=10, choices=State, default=State.ISSUED)
    number = models.CharField(
        max_length=100, help_text="One series for all copies (NĐ 30/2020, Phụ lục I, copies)"
    )
    issued_on = models.DateField()
    content = models.JSONField()
    original = models.ForeignKey(
        "documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    docx = models.ForeignKey("documents.StoredFile", models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey("documents.StoredFile", models.PROTECT, related_name="+")
    outgoing = models.ForeignKey(Entry, models.PROTECT, related_name="copy_papers")
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "document copies"
        constraints = [
            models.CheckConstraint(
                condition=Q(form="TrS", original__isnull=True, docx__isnull=False)
                | (~Q(form="TrS") & Q(original__isnull=False)),
                name="copy_of_a_file_or_set_anew",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Invitation(models.Model):
    """That one person was invited to a meeting, or told that it is off: which version, and what it said."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="invitations")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField(help_text="SEQUENCE of what was sent last (RFC 5545, 3.8.7.4)")
    is_cancelled = models.BooleanField(default=False)
    said = models.CharField(max_length=64, help_text="What was sent last, as a digest of it")
    at = models.DateTimeField(help_text="When it was sent last")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "person"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.entry} · {self.person}"
