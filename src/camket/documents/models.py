from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes kept in the files folder under a random name; immutable. Their SHA-256 is checked when they are read."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    storage_name = models.CharField(
        max_length=64, help_text="32 random hex digits; files of the first version are under their SHA-256"
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=150)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "sha256", "name"], name="stored_file_unique")
        ]

    def __str__(self) -> str:
        return self.name


class Evidence(models.Model):
    """Proof of work done or of a figure (minh chứng)."""

    class Kind(models.TextChoices):
        FILE = "file", _("File")
        LINK = "link", _("Link")
        DOCUMENT = "document", _("Official document")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=500)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="evidence")
    url = models.URLField(max_length=1000, blank=True)
    document_number = models.CharField(max_length=100, blank=True)
    document_date = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False)
                | Q(kind="link") & ~Q(url="")
                | Q(kind="document") & ~Q(document_number=""),
                name="evidence_has_its_proof",
            )
        ]

    def __str__(self) -> str:
        return self.title


# Controlled documents (ISO 9001:2015, 7.5)


class ControlledDocument(models.Model):
    """A document of the quality management system (tài liệu HTQLCL): what stays while its editions come and go."""

    class Kind(models.TextChoices):
        MANUAL = "manual", _("Quality manual")
        POLICY = "policy", _("Quality policy")
        SYSTEM = "system", _("System procedure")
        INTERNAL = "internal", _("Internal procedure of an administrative procedure")
        GUIDE = "guide", _("Guide, rules")
        FORM = "form", _("Form")
        EXTERNAL = "external", _("External document")

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="controlled_documents")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=500)
    unit = models.ForeignKey(
        "org.Unit", models.PROTECT, null=True, blank=True, related_name="controlled_documents"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="forms", help_text="Procedure of a form"
    )
    procedure_code = models.CharField(
        max_length=60, blank=True, help_text="Of an internal procedure: code in the catalogue of procedures"
    )
    review_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Between two reviews; none: no rhythm of its own"
    )
    reviewed_on = models.DateField(null=True, blank=True, help_text="When it was last found still right")
    kept_years = models.CharField(
        max_length=100, blank=True, help_text="How long its records are kept, where"
    )
    users = models.ManyToManyField(
        "org.Unit", related_name="documents_used", blank=True, help_text="Units that work by it; none: all"
    )
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawal = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "code"], name="controlled_document_unique")]
        indexes = [models.Index(fields=["agency", "kind", "code"], name="controlled_document_by_kind")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class DocumentEdition(models.Model):
    """One issue of a controlled document (lần ban hành): written, reviewed, approved, in effect, replaced; then immutable.

    Its content is a file, or, of what is written here, the blocks of ``core.controlled``; its PDF is made on approval.
    """

    document = models.ForeignKey(ControlledDocument, models.PROTECT, related_name="editions")
    issue = models.PositiveSmallIntegerField(help_text="Lần ban hành")
    revision = models.PositiveSmallIntegerField(default=0, help_text="Lần sửa đổi")
    state = models.CharField(max_length=10, default="draft", help_text="Of core.workflow.DOCUMENT_EDITION")
    content = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    issued_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", help_text="As issued, frozen"
    )
    change = models.TextField(blank=True, help_text="What changes, where, and who asked for it")
    words = models.TextField(
        null=True, help_text="Its words folded, for the search; None until they are read from its file"
    )
    decision_number = models.CharField(max_length=100, blank=True)
    decision_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    replaced_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"],
                condition=Q(state__in=["draft", "review", "approved"]),
                name="document_has_one_edition_at_work",
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="effective"), name="document_has_one_edition_in_effect"
            ),
            models.UniqueConstraint(
                fields=["document", "issue", "revision"],
                condition=~Q(state="discarded"),
                name="document_edition_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.issue}.{self.revision}"


class Receipt(models.Model):
    """Whom an edition was given to, and when the person said to have read and understood it (đã đọc và hiểu)."""

    edition = models.ForeignKey(DocumentEdition, models.PROTECT, related_name="receipts")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="document_receipts")
    given_at = models.DateTimeField()
    read_by = models.DateField(null=True, blank=True, help_text="Day by which it is to be read")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "person"], name="receipt_unique")]
        indexes = [models.Index(fields=["person", "read_at"], name="receipt_by_person")]

    def __str__(self) -> str:
        return f"{self.edition} → {self.person}"


class CodePattern(models.Model):
    """How an agency forms the codes of a kind of document: “QT.{serial:02}”, “BM.{parent}.{serial:02}”."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="code_patterns")
    kind = models.CharField(max_length=10, choices=ControlledDocument.Kind)
    pattern = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "kind"], name="code_pattern_unique")]

    def __str__(self) -> str:
        return self.pattern


# Legal texts that documents rest on


class LegalText(models.Model):
    """A legal text (văn bản quy phạm pháp luật) that documents cite, with the days of its force."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="legal_texts")
    number = models.CharField(max_length=100)
    kind = models.CharField(max_length=60, help_text="Luật, Nghị định, Thông tư …")
    title = models.CharField(max_length=1000)
    issuer = models.CharField(max_length=255, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="Last day in force")
    address = models.URLField(max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="legal_text_unique")]

    def __str__(self) -> str:
        return self.number


class Citation(models.Model):
    """A document rests on a legal text, or on a part of it."""

    document = models.ForeignKey(ControlledDocument, models.PROTECT, related_name="citations")
    legal_text = models.ForeignKey(LegalText, models.PROTECT, related_name="citations")
    part = models.CharField(max_length=255, blank=True, help_text="Điều, khoản")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "legal_text", "part"], name="citation_unique")
        ]

    def __str__(self) -> str:
        return f"{self.document} – {self.legal_text}"


class LegalChange(models.Model):
    """A legal text amends, replaces or ends another: the documents that cite this one are looked at.

    ``due_on`` is the last day: three months after the change takes effect (TT 26/2014/TT-BKHCN), as data of the row.
    """

    class Kind(models.TextChoices):
        AMENDS = "amends", _("Amends")
        REPLACES = "replaces", _("Replaces")
        ENDS = "ends", _("Ends")

    by = models.ForeignKey(
        LegalText,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes_made",
        help_text="None: it expired",
    )
    changed = models.ForeignKey(LegalText, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField(help_text="Day on which the change takes effect")
    due_on = models.DateField()
    text = models.TextField(blank=True, help_text="What changes")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "changed", "on"], name="legal_change_unique")]

    def __str__(self) -> str:
        return f"{self.by} – {self.changed}"


class ChangeReview(models.Model):
    """What a legal change means for one document: an edition that brings it in, or why none is needed."""

    change = models.ForeignKey(LegalChange, models.PROTECT, related_name="reviews")
    document = models.ForeignKey(ControlledDocument, models.PROTECT, related_name="legal_reviews")
    edition = models.ForeignKey(
        DocumentEdition, models.PROTECT, null=True, blank=True, related_name="legal_reviews"
    )
    not_needed = models.TextField(blank=True, help_text="Why no new edition is needed")
    done_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey("org.Person", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "document"], name="change_review_unique")]

    def __str__(self) -> str:
        return f"{self.change}: {self.document}"


# What papers of an agency begin and end with, from a day on


class OwnLetterhead(models.Model):
    """How an agency's papers are headed from a day on, until the next; before the first it is as the agency's data say."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="letterheads")
    valid_from = models.DateField()
    superior = models.CharField(
        max_length=255, blank=True, help_text="Line above the agency's name; may be none"
    )
    issuer = models.CharField(max_length=255, help_text="In ordinary case")
    place = models.CharField(max_length=100, help_text="Before the date")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "valid_from"], name="own_letterhead_unique")]

    def __str__(self) -> str:
        return self.issuer


class OwnRecipients(models.Model):
    """Who gets papers of a form from a day on, until the next; without lines and archive: again as shipped."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="own_recipients")
    form = models.CharField(max_length=40, help_text="Key of paper.writing.forms.FORMS")
    valid_from = models.DateField()
    lines = models.JSONField(default=list, help_text="Texts in their order, without the archive")
    archive = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "form", "valid_from"], name="own_recipients_unique")
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.valid_from}"


class PaperTemplate(models.Model):
    """A Word template that an agency brought for a form; immutable, a better one is the next version."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="paper_templates")
    form = models.CharField(max_length=40, help_text="Key of paper.writing.forms.FORMS")
    version = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "form", "version"], name="paper_template_unique")
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.version}"


class TemplateUse(models.Model):
    """With which template papers of a form are made from a day on, until the next; without one: in the built-in form."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="template_uses")
    form = models.CharField(max_length=40, help_text="Key of paper.writing.forms.FORMS")
    valid_from = models.DateField()
    template = models.ForeignKey(PaperTemplate, models.PROTECT, null=True, blank=True, related_name="uses")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "form", "valid_from"], name="template_use_unique")
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.valid_from}"


class Signer(models.Model):
    """Who signs which types of document from a day to a day, and how it is written above the name."""

    agency = models.ForeignKey("org.Agency", models.PROTECT, related_name="signers")
    person = models.ForeignKey("org.Person", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=4, blank=True, help_text="Of core.signing.Mark")
    body = models.CharField(
        max_length=150, blank=True, help_text="Signed for as a whole; none: its head decides"
    )
    head = models.CharField(max_length=150, blank=True, help_text="Post in whose stead it is signed")
    post = models.CharField(max_length=150, blank=True, help_text="Own post as it stands on papers")
    kinds = models.JSONField(default=list, help_text="Abbreviations of types; none: all")
    basis = models.CharField(max_length=255, blank=True, help_text="Document that gives the authority")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Person", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agency", "valid_from"], name="signer_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="signer_valid_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mark} {self.post}".strip()
