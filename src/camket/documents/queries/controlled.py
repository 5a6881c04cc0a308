"""Reading controlled documents: the list, one document, one edition, what waits for somebody, what changed.

Editions that are not issued are seen by those who write, review, approve or keep them; what was issued by all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from camket.core.controlled import (
    PATTERNS,
    REVIEW_SOON,
    Amendment,
    Differences,
    ProcedureContent,
    differences,
    edition_name,
    next_code,
    review_due,
)
from camket.core.finding import Found, Hit, Sought, sought
from camket.core.messages import Message, Refusal, gettext_noop
from camket.documents.content import ending_of
from camket.documents.controlled_paper import (
    ListedEdition,
    decision_document,
    decision_symbol,
    edition_document,
)
from camket.documents.models import (
    ChangeReview,
    CodePattern,
    ControlledDocument,
    DocumentEdition,
    Receipt,
    StoredFile,
)
from camket.documents.queries.contents import amendments_of, edition_text, is_readable, lines_of, procedure_of
from camket.documents.queries.files import OpenFile, opened
from camket.documents.queries.formalities import set_out
from camket.org.models import Agency, Membership
from camket.org.personal import shown_name
from camket.org.policy import Actor, Scope, can, can_in_agency, require
from camket.org.queries import first_of, held_on, holding
from camket.paper.templating import write_docx, write_pdf
from camket.paper.writing.html import write_html
from camket.paper.writing.model import Document

PAGE_SIZE = 50
ISSUED = ("effective", "replaced", "withdrawn")
"""States that whoever sees documents sees."""
AT_WORK = ("draft", "review", "approved")


class NotComparable(Refusal):
    """The words of an edition cannot be read."""


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An edition as lists show it. ``waits_until`` is the day to come on which what is issued takes effect."""

    id: int
    document_id: int
    code: str
    title: str
    name: str
    state: str
    effective_on: date | None
    replaced_on: date | None
    decision_number: str
    decision_on: date | None
    change: str
    is_written_here: bool
    has_file: bool
    written_by: str
    written_at: datetime
    is_own: bool = False
    is_reviewed: bool = False
    waits_until: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the list shows it: the edition in effect, the one at work, when it is looked at again."""

    id: int
    code: str
    kind: str
    title: str
    unit: str
    parent_id: int | None
    parent_code: str
    effective: EditionRow | None
    at_work: EditionRow | None
    withdrawn_on: date | None
    review_on: date | None
    is_review_due: bool

    @property
    def state(self) -> str:
        """How the document stands: in effect, only at work, withdrawn."""
        if self.withdrawn_on is not None:
            return "withdrawn"
        if self.effective is not None:
            return "effective"
        return self.at_work.state if self.at_work else "draft"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents a list shows; ``state``: "" for what is in use, at_work, review, withdrawn, all."""

    words: str = ""
    kind: str = ""
    unit_id: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class CitedText:
    """A legal text that a document rests on. ``is_over``: its last day has passed."""

    id: int
    number: str
    title: str
    part: str
    ends_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class OpenChange:
    """A legal change that a document has to answer, or has answered."""

    review_id: int
    document_id: int
    document: str
    text_id: int
    text: str
    by: str
    kind: str
    on: date
    due_on: date
    said: str
    edition_id: int | None
    edition: str
    not_needed: str
    done_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document with all that its page shows, and what the actor may do with it."""

    row: DocumentRow
    unit_id: int | None
    procedure_code: str
    review_months: int | None
    reviewed_on: date | None
    kept_years: str
    withdrawal: str
    users: tuple[tuple[int, str], ...]
    editions: tuple[EditionRow, ...]
    forms: tuple[DocumentRow, ...]
    cited: tuple[CitedText, ...]
    changes: tuple[OpenChange, ...]
    given: int
    read: int
    acts: frozenset[str]

    @property
    def to_answer(self) -> tuple[OpenChange, ...]:
        """Legal changes that are not answered yet."""
        return tuple(each for each in self.changes if each.done_on is None)


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition with what it says. ``paper`` is its official form as HTML, of what is written here."""

    row: EditionRow
    kind: str
    is_withdrawn: bool
    procedure: ProcedureContent | None
    amendments: tuple[Amendment, ...]
    paper: str
    file_name: str
    file_size: int
    sha256: str
    reviewed_by: str
    reviewed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    before_id: int | None
    others: tuple[tuple[int, str], ...]
    given: int
    read: int
    own_read_at: datetime | None
    is_to_read: bool
    read_by: date | None
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class ToRead:
    """An edition that a person was given and has not read."""

    edition_id: int
    code: str
    title: str
    name: str
    given_at: datetime
    read_by: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class DocumentsWaiting:
    """What of documents waits for somebody: to read, to review or approve, to issue, to go on with, to look at, to answer."""

    to_read: tuple[ToRead, ...] = ()
    to_judge: tuple[EditionRow, ...] = ()
    to_issue: tuple[EditionRow, ...] = ()
    drafts: tuple[EditionRow, ...] = ()
    to_look_at: tuple[DocumentRow, ...] = ()
    changes: tuple[OpenChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.count)

    @property
    def count(self) -> int:
        """How much waits."""
        return sum(
            len(each)
            for each in (
                self.to_read,
                self.to_judge,
                self.to_issue,
                self.drafts,
                self.to_look_at,
                self.changes,
            )
        )


@dataclass(frozen=True, slots=True)
class Changed:
    """A document that took effect, was replaced or withdrawn in a stretch of time, for a list of changes."""

    on: date
    what: str
    code: str
    title: str
    edition: str
    decision_number: str
    decision_on: date | None
    change: str


def documents(actor: Actor, wanted: Wanted, today: date, page: str | int = 1) -> Page[DocumentRow]:
    """Return a page of the agency's documents, by kind and code; four SQL statements."""
    require(actor, "document.view")
    paginator: Paginator[DocumentRow] = Paginator(_wanted(actor, wanted, today), PAGE_SIZE)  # type: ignore[arg-type]
    found = paginator.get_page(page)
    found.object_list = [_row(actor, each, today) for each in found.object_list]  # type: ignore[arg-type]
    return found


def all_documents(actor: Actor, wanted: Wanted, today: date) -> list[DocumentRow]:
    """Return all of the agency's documents that are wanted, by kind and code."""
    require(actor, "document.view")
    return [_row(actor, each, today) for each in _wanted(actor, wanted, today)]


def counts(actor: Actor) -> dict[str, int]:
    """Return how many documents in use there are of each kind; one SQL statement."""
    require(actor, "document.view")
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id, withdrawn_on=None)
    if not sees_all_drafts(actor):
        rows = rows.filter(_visible(actor)).distinct()
    found: dict[str, int] = {}
    for kind in rows.values_list("kind", flat=True):
        found[kind] = found.get(kind, 0) + 1
    return found


def document(actor: Actor, document_id: int, today: date) -> DocumentPage:
    """Return a document of the actor's agency; raises DoesNotExist for another's and for one not issued that few see."""
    require(actor, "document.view")
    found = _of(actor).get(pk=document_id)
    row = _row(actor, found, today)
    editions = tuple(
        _edition_row(actor, each, today)
        for each in found.editions.select_related("written_by", "document").order_by(
            "-issue", "-revision", "-pk"
        )
        if _sees(actor, each, found)
    )
    forms = tuple(_row(actor, each, today) for each in _of(actor).filter(parent=found).order_by("code"))
    given = read = 0
    if row.effective is not None:
        stamps = Receipt.objects.filter(edition_id=row.effective.id).values_list("read_at", flat=True)
        given, read = len(stamps), sum(each is not None for each in stamps)
    return DocumentPage(
        row=row,
        unit_id=found.unit_id,
        procedure_code=found.procedure_code,
        review_months=found.review_months,
        reviewed_on=found.reviewed_on,
        kept_years=found.kept_years,
        withdrawal=found.withdrawal,
        users=tuple(found.users.order_by("order", "name").values_list("pk", "name")),
        editions=editions,
        forms=forms,
        cited=tuple(
            CitedText(
                each.legal_text_id,
                each.legal_text.number,
                each.legal_text.title,
                each.part,
                each.legal_text.ends_on,
                each.legal_text.ends_on is not None and each.legal_text.ends_on < today,
            )
            for each in found.citations.select_related("legal_text").order_by("legal_text__number", "part")
        ),
        changes=changes_of(found.legal_reviews.all(), today),
        given=given,
        read=read,
        acts=_document_acts(actor, found, row),
    )


def changes_of(rows: QuerySet[ChangeReview], today: date) -> tuple[OpenChange, ...]:
    """Return legal changes with the documents that answer them, those to be answered first; one SQL statement."""
    found = rows.select_related("change__changed", "change__by", "document", "edition").order_by(
        "change__due_on", "pk"
    )
    shown = [
        OpenChange(
            review_id=each.pk,
            document_id=each.document_id,
            document=str(each.document),
            text_id=each.change.changed_id,
            text=each.change.changed.number,
            by=each.change.by.number if each.change.by else "",
            kind=each.change.kind,
            on=each.change.on,
            due_on=each.change.due_on,
            said=each.change.text,
            edition_id=each.edition_id,
            edition=edition_name(each.edition.issue, each.edition.revision) if each.edition else "",
            not_needed=each.not_needed,
            done_on=each.done_on,
            is_late=each.done_on is None and each.change.due_on < today,
        )
        for each in found
    ]
    return tuple(sorted(shown, key=lambda each: each.done_on is not None))


def edition(actor: Actor, edition_id: int, today: date) -> EditionPage:
    """Return an edition of the actor's agency with what it says; raises DoesNotExist as :func:`document` does."""
    found = _edition(actor, edition_id)
    parent = found.document
    procedure = procedure_of(found)
    own = next(iter(found.receipts.filter(person_id=actor.person_id)), None)
    stamps = list(found.receipts.values_list("read_at", flat=True))
    others = [
        (each.pk, edition_name(each.issue, each.revision))
        for each in parent.editions.exclude(pk=found.pk)
        .exclude(state="discarded")
        .order_by("-issue", "-revision")
        if _sees(actor, each, parent)
    ]
    earlier = [
        each.pk
        for each in parent.editions.filter(
            Q(issue__lt=found.issue) | Q(issue=found.issue, revision__lt=found.revision), state__in=ISSUED
        ).order_by("-issue", "-revision")[:1]
    ]
    shown_file = found.issued_file or found.file
    return EditionPage(
        row=_edition_row(actor, found, today),
        kind=parent.kind,
        is_withdrawn=parent.withdrawn_on is not None,
        procedure=procedure,
        amendments=amendments_of(found),
        paper=write_html(set_out(actor.agency_id, edition_document(edition_text(found)), today))
        if procedure is not None
        else "",
        file_name=shown_file.name if shown_file else "",
        file_size=shown_file.size if shown_file else 0,
        sha256=found.issued_file.sha256 if found.issued_file else "",
        reviewed_by=shown_name(actor, found.reviewed_by.full_name) if found.reviewed_by else "",
        reviewed_at=found.reviewed_at,
        approved_by=shown_name(actor, found.approved_by.full_name) if found.approved_by else "",
        approved_at=found.approved_at,
        before_id=earlier[0] if earlier else None,
        others=tuple(others),
        given=len(stamps),
        read=sum(each is not None for each in stamps),
        own_read_at=own.read_at if own else None,
        is_to_read=own is not None and own.read_at is None and found.state == "effective",
        read_by=own.read_by if own else None,
        acts=_edition_acts(actor, found),
    )


def edition_file(actor: Actor, edition_id: int, file_format: str) -> OpenFile:
    """Return an edition as a file: what was issued as the bytes that were kept, a draft as it is now.

    ``file_format``: pdf or docx of what is written here, goc for a file as it was sent. Raises StoredFile.DoesNotExist
    where there is none of that format, FileDamaged.
    """
    found = _edition(actor, edition_id)
    if procedure_of(found) is None:
        if found.file is None or file_format not in ("goc", ending_of(found.file.name)[1:]):
            raise StoredFile.DoesNotExist(edition_id)
        return opened(found.issued_file or found.file)
    if file_format not in ("pdf", "docx"):
        raise StoredFile.DoesNotExist(edition_id)
    kept = found.issued_file if file_format == "pdf" else found.file
    if kept is not None:
        return opened(kept)
    paper = set_out(actor.agency_id, edition_document(edition_text(found)), timezone.localdate())
    write, content_type = _WRITERS[file_format]
    name = f"{found.document.code} {edition_name(found.issue, found.revision)} (du thao).{file_format}"
    return OpenFile(name, content_type, write(paper))


_WRITERS = {
    "pdf": (write_pdf, "application/pdf"),
    "docx": (write_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def compared(actor: Actor, edition_id: int, other_id: int) -> tuple[str, str, Differences]:
    """Return what differs between two editions of one document, the earlier first, with the names of both.

    Raises NotComparable for files whose words cannot be read, DoesNotExist for editions of two documents.
    """
    first, second = _edition(actor, edition_id), _edition(actor, other_id)
    if first.document_id != second.document_id:
        raise DocumentEdition.DoesNotExist(other_id)
    before, after = sorted((first, second), key=lambda each: (each.issue, each.revision))
    for each in (before, after):
        if not is_readable(each):
            raise NotComparable(
                Message(
                    gettext_noop(
                        "Edition %(edition)s is a file whose words cannot be read here. Files of Word (.docx) and PDF can."
                    ),
                    {"edition": edition_name(each.issue, each.revision)},
                )
            )
    try:
        found = differences(lines_of(before), lines_of(after))
    except Refusal as refusal:
        raise NotComparable(refusal.message) from refusal
    return (
        edition_name(before.issue, before.revision),
        edition_name(after.issue, after.revision),
        found,
    )


def amendments_between(actor: Actor, edition_id: int, other_id: int) -> tuple[Amendment, ...]:
    """Return what writers said of the changes from the earlier of two editions of a document to the later.

    Raises DocumentEdition.DoesNotExist for editions of two documents.
    """
    first, second = _edition(actor, edition_id), _edition(actor, other_id)
    if first.document_id != second.document_id:
        raise DocumentEdition.DoesNotExist(other_id)
    before, after = sorted((each.issue, each.revision) for each in (first, second))
    editions = first.document.editions.exclude(state="discarded").order_by("issue", "revision")
    return tuple(
        amendment
        for each in editions
        if before < (each.issue, each.revision) <= after
        for amendment in amendments_of(each)
    )


def waiting_for(actor: Actor, today: date, *, has_days: bool = True) -> DocumentsWaiting:
    """Return what of documents waits for the actor; nothing in an agency that is only looked at. Five SQL statements.

    Without ``has_days`` only what waits for no day: drafts, and editions to be judged or issued; one SQL statement. Whoever
    keeps documents sees the drafts of those who hold no post any more as well; one more where there are drafts of others.
    """
    if actor.scope is not Scope.AGENCY or not can(actor, "document.view"):
        return DocumentsWaiting()
    manages = can(actor, "document.manage")
    judged: list[EditionRow] = []
    to_issue: list[EditionRow] = []
    drafts: list[EditionRow] = []
    if can(actor, "document.write") or can(actor, "document.review") or can(actor, "document.approve"):
        rows = (
            DocumentEdition.objects.filter(document__agency_id=actor.agency_id, state__in=AT_WORK)
            .select_related("document", "written_by")
            .order_by("submitted_at", "pk")
        )
        found = list(rows)
        left = _who_left(actor, found, today) if manages else frozenset()
        for each in found:
            row = _edition_row(actor, each, today)
            if each.state == "draft" and (actor.is_own(each.written_by_id) or each.written_by_id in left):
                drafts.append(row)
            elif each.state == "review" and not row.is_own:
                if can(actor, "document.approve") or (
                    can(actor, "document.review") and each.reviewed_by_id is None
                ):
                    judged.append(row)
            elif each.state == "approved" and manages and not each.decision_number:
                to_issue.append(row)
    return DocumentsWaiting(
        to_read=to_read(actor, today) if has_days else (),
        to_judge=tuple(judged),
        to_issue=tuple(to_issue),
        drafts=tuple(drafts),
        to_look_at=_to_look_at(actor, today) if has_days else (),
        changes=_to_answer(actor, today) if has_days else (),
    )


def _who_left(actor: Actor, rows: Iterable[DocumentEdition], today: date) -> frozenset[int]:
    """Return who wrote drafts and holds no post in the agency any more."""
    wrote = {each.written_by_id for each in rows if each.state == "draft"} - {actor.person_id}
    if not wrote:
        return frozenset()
    posts = Membership.objects.filter(held_on(today), agency_id=actor.agency_id, person_id__in=wrote)
    return frozenset(wrote - set(posts.values_list("person_id", flat=True)))


def to_read(actor: Actor, today: date) -> tuple[ToRead, ...]:
    """Return the editions in effect that the actor was given and has not read; one SQL statement."""
    if actor.scope is not Scope.AGENCY:
        return ()
    rows = (
        Receipt.objects.filter(
            person_id=actor.person_id,
            read_at=None,
            edition__state="effective",
            edition__document__agency_id=actor.agency_id,
        )
        .select_related("edition__document")
        .order_by("read_by", "given_at", "pk")
    )
    return tuple(
        ToRead(
            each.edition_id,
            each.edition.document.code,
            each.edition.document.title,
            edition_name(each.edition.issue, each.edition.revision),
            each.given_at,
            each.read_by,
            each.read_by is not None and each.read_by < today,
        )
        for each in rows
    )


def _to_look_at(actor: Actor, today: date) -> tuple[DocumentRow, ...]:
    if not can(actor, "document.write"):
        return ()
    rows = _of(actor).filter(withdrawn_on=None, review_months__isnull=False)
    if not can_in_agency(actor, "document.write"):
        rows = rows.filter(unit_id__in=actor.unit_ids)
    found = [_row(actor, each, today) for each in rows]
    due = [each for each in found if each.is_review_due and each.at_work is None]
    return tuple(sorted(due, key=lambda each: (each.review_on or today, each.code)))


def _to_answer(actor: Actor, today: date) -> tuple[OpenChange, ...]:
    if not can(actor, "document.write"):
        return ()
    rows = ChangeReview.objects.filter(document__agency_id=actor.agency_id, done_on=None)
    if not can_in_agency(actor, "document.write"):
        rows = rows.filter(document__unit_id__in=actor.unit_ids)
    return changes_of(rows, today)


def patterns(actor: Actor) -> tuple[tuple[str, str, str], ...]:
    """Return for each kind of document the agency's pattern of codes and the one proposed."""
    require(actor, "document.view")
    own = dict(CodePattern.objects.filter(agency_id=actor.agency_id).values_list("kind", "pattern"))
    return tuple((kind, own.get(kind, proposed), proposed) for kind, proposed in PATTERNS.items())


def proposed_code(actor: Actor, kind: str, parent_id: int | None, today: date) -> str:
    """Return the code that a new document of a kind would get; "" for an unknown kind."""
    require(actor, "document.view")
    if kind not in PATTERNS:
        return ""
    own = dict(CodePattern.objects.filter(agency_id=actor.agency_id).values_list("kind", "pattern"))
    used = dict(ControlledDocument.objects.filter(agency_id=actor.agency_id).values_list("pk", "code"))
    parent = used.get(parent_id or 0, "")
    return next_code(own.get(kind, PATTERNS[kind]), used.values(), parent=parent, year=today.year)


def procedure_choices(actor: Actor) -> list[tuple[int, str]]:
    """Return the documents that a form may belong to, by code."""
    require(actor, "document.view")
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id, withdrawn_on=None).exclude(
        kind__in=(ControlledDocument.Kind.FORM, ControlledDocument.Kind.EXTERNAL)
    )
    return [(each.pk, str(each)) for each in rows.order_by("kind", "code")]


def internal_procedures(actor: Actor) -> dict[str, tuple[int, str]]:
    """Return the agency's internal procedures in use by the code of their administrative procedure: id and code."""
    require(actor, "document.view")
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id, withdrawn_on=None).exclude(
        procedure_code=""
    )
    return {procedure: (pk, code) for procedure, pk, code in rows.values_list("procedure_code", "pk", "code")}


def issuing_decision(actor: Actor, today: date) -> Document:
    """Return the draft of the decision that issues what is approved and waits. Raises DoesNotExist where nothing does."""
    require(actor, "document.manage")
    rows = (
        DocumentEdition.objects.filter(
            document__agency_id=actor.agency_id, state="approved", decision_number=""
        )
        .select_related("document")
        .prefetch_related(_in_effect())
        .order_by("document__kind", "document__code")
    )
    listed = [
        ListedEdition(
            each.document.code,
            each.document.title,
            edition_name(each.issue, each.revision),
            next((edition_name(old.issue, old.revision) for old in each.document.shown), ""),  # type: ignore[attr-defined]
        )
        for each in rows
    ]
    if not listed:
        raise DocumentEdition.DoesNotExist("nothing waits to be issued")
    agency = Agency.objects.get(pk=actor.agency_id)
    return decision_document(
        issuer=agency.full_name,
        superior=agency.superior_name,
        place=agency.place,
        symbol=decision_symbol(agency.name),
        on=today,
        listed=listed,
    )


def changed_between(agency_id: int, first: date, last: date) -> tuple[Changed, ...]:
    """Return what of an agency's documents took effect, was replaced or withdrawn in a stretch, newest first.

    For lists of changes that are made public; it names no person. Documents of others, kept here, are left out. Whoever
    calls this has judged who may see it.
    """
    rows = DocumentEdition.objects.filter(
        Q(effective_on__range=(first, last)) | Q(replaced_on__range=(first, last)),
        document__agency_id=agency_id,
        state__in=ISSUED,
    ).exclude(document__kind=ControlledDocument.Kind.EXTERNAL)
    rows = rows.select_related("document")
    found: list[Changed] = []
    for each in rows:
        if each.effective_on and first <= each.effective_on <= last:
            found.append(_changed(each, each.effective_on, "effective"))
        if each.replaced_on and first <= each.replaced_on <= last:
            what = "withdrawn" if each.state == "withdrawn" else "replaced"
            found.append(_changed(each, each.replaced_on, what))
    return tuple(sorted(found, key=lambda each: (-each.on.toordinal(), each.code, each.edition)))


def _changed(each: DocumentEdition, on: date, what: str) -> Changed:
    return Changed(
        on=on,
        what=what,
        code=each.document.code,
        title=each.document.title,
        edition=edition_name(each.issue, each.revision),
        decision_number=each.decision_number,
        decision_on=each.decision_on,
        change="; ".join(part.what for part in amendments_of(each)) if what == "effective" else "",
    )


def find_documents(actor: Actor, wanted: Sought, *, at_most: int) -> Found:
    """Return the agency's documents whose code, title or edition in effect holds the words; one SQL statement.

    Those that are called so come before those that only say so.
    """
    require(actor, "document.view")
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id)
    if not sees_all_drafts(actor):
        rows = rows.filter(pk__in=ControlledDocument.objects.filter(_visible(actor)).values("pk"))
    says = DocumentEdition.objects.filter(document=OuterRef("pk"), state="effective")
    for word in wanted.words:
        says = says.filter(words__contains=word)
    is_called = holding(wanted, "code", "title")
    total, found = first_of(rows.filter(is_called | Exists(says)), is_called, ("kind", "code", "pk"), at_most)
    return Found(
        total,
        tuple(
            Hit(
                each.pk,
                each.title,
                kind=each.kind,
                number=each.code,
                state="withdrawn" if each.withdrawn_on else "",
            )
            for each in found
        ),
    )


def sees_all_drafts(actor: Actor) -> bool:
    """Return whether the actor sees every edition that is not issued yet."""
    return actor.scope is Scope.AGENCY and any(
        can_in_agency(actor, act)
        for act in ("document.write", "document.review", "document.approve", "document.manage")
    )


def may_open_file(actor: Actor, file_id: int) -> bool:
    """Return whether a file may be opened by its number: not where only editions that the actor may not see hold it."""
    if sees_all_drafts(actor):
        return True
    rows = DocumentEdition.objects.filter(
        Q(file_id=file_id) | Q(issued_file_id=file_id), document__agency_id=actor.agency_id
    ).select_related("document")
    found = list(rows)
    return not found or any(_sees(actor, each, each.document) for each in found)


def _visible(actor: Actor) -> Q:
    """Return the condition of documents that somebody sees who does not see every draft."""
    visible = Q(editions__state__in=ISSUED)
    if actor.scope is Scope.AGENCY and can(actor, "document.write"):
        visible |= Q(unit_id__in=actor.unit_ids)
    return visible


def _sees(actor: Actor, each: DocumentEdition, parent: ControlledDocument) -> bool:
    if each.state in ISSUED or sees_all_drafts(actor):
        return True
    return (
        actor.scope is Scope.AGENCY
        and can(actor, "document.write")
        and (parent.unit_id in actor.unit_ids or actor.is_own(each.written_by_id))
    )


def _edition(actor: Actor, edition_id: int) -> DocumentEdition:
    require(actor, "document.view")
    found: DocumentEdition = DocumentEdition.objects.select_related(
        "document__agency",
        "document__unit",
        "file",
        "issued_file",
        "written_by",
        "reviewed_by",
        "approved_by",
    ).get(pk=edition_id, document__agency_id=actor.agency_id)
    if not _sees(actor, found, found.document):
        raise DocumentEdition.DoesNotExist(edition_id)
    return found


def _of(actor: Actor) -> QuerySet[ControlledDocument]:
    rows = ControlledDocument.objects.filter(agency_id=actor.agency_id)
    if not sees_all_drafts(actor):
        rows = rows.filter(pk__in=ControlledDocument.objects.filter(_visible(actor)).values("pk"))
    return rows.select_related("unit", "parent").prefetch_related(
        Prefetch(
            "editions",
            DocumentEdition.objects.filter(state__in=("effective", *AT_WORK))
            .select_related("written_by", "document")
            .order_by("pk"),
            to_attr="shown",
        )
    )


def _in_effect() -> Prefetch[str]:
    return Prefetch("document__editions", DocumentEdition.objects.filter(state="effective"), to_attr="shown")


def _wanted(actor: Actor, wanted: Wanted, today: date) -> QuerySet[ControlledDocument]:
    rows = _of(actor)
    if wanted.state == "withdrawn":
        rows = rows.filter(withdrawn_on__isnull=False)
    elif wanted.state != "all":
        rows = rows.filter(withdrawn_on=None)
    if wanted.state == "at_work":
        rows = rows.filter(editions__state__in=AT_WORK)
    if wanted.state == "review":
        rows = rows.filter(pk__in=[each.id for each in _due(actor, today)])
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.unit_id:
        rows = rows.filter(Q(unit_id=wanted.unit_id) | Q(users=wanted.unit_id)).distinct()
    if words := sought(wanted.words):
        rows = rows.filter(holding(words, "code", "title", "procedure_code"))
    return rows.order_by("kind", "code", "pk")


def _due(actor: Actor, today: date) -> Iterable[DocumentRow]:
    rows = _of(actor).filter(withdrawn_on=None, review_months__isnull=False)
    return (row for each in rows if (row := _row(actor, each, today)).is_review_due)


def _row(actor: Actor, each: ControlledDocument, today: date) -> DocumentRow:
    shown: list[DocumentEdition] = each.shown  # type: ignore[attr-defined]
    effective = next((one for one in shown if one.state == "effective"), None)
    at_work = next((one for one in shown if one.state != "effective" and _sees(actor, one, each)), None)
    due = (
        review_due(each.review_months, effective.effective_on, each.reviewed_on)
        if effective is not None
        else None
    )
    return DocumentRow(
        id=each.pk,
        code=each.code,
        kind=each.kind,
        title=each.title,
        unit=each.unit.name if each.unit else "",
        parent_id=each.parent_id,
        parent_code=each.parent.code if each.parent else "",
        effective=_edition_row(actor, effective, today) if effective else None,
        at_work=_edition_row(actor, at_work, today) if at_work else None,
        withdrawn_on=each.withdrawn_on,
        review_on=due,
        is_review_due=due is not None and due <= today + REVIEW_SOON,
    )


def _edition_row(actor: Actor, each: DocumentEdition, today: date) -> EditionRow:
    is_ahead = each.state == "approved" and each.effective_on is not None and bool(each.decision_number)
    return EditionRow(
        id=each.pk,
        document_id=each.document_id,
        code=each.document.code,
        title=each.document.title,
        name=edition_name(each.issue, each.revision),
        state=each.state,
        effective_on=each.effective_on,
        replaced_on=each.replaced_on,
        decision_number=each.decision_number,
        decision_on=each.decision_on,
        change=each.change,
        is_written_here=bool(each.content.get("procedure")),
        has_file=each.file_id is not None,
        written_by=shown_name(actor, each.written_by.full_name),
        written_at=timezone.localtime(each.written_at),
        is_own=actor.is_own(each.written_by_id),
        is_reviewed=each.reviewed_by_id is not None,
        waits_until=each.effective_on if is_ahead else None,
    )


def _writes(actor: Actor, parent: ControlledDocument) -> bool:
    return actor.scope is Scope.AGENCY and (
        can_in_agency(actor, "document.write")
        or (can(actor, "document.write") and parent.unit_id in actor.unit_ids)
    )


def _document_acts(actor: Actor, found: ControlledDocument, row: DocumentRow) -> frozenset[str]:
    if found.withdrawn_on is not None or actor.scope is not Scope.AGENCY:
        return frozenset()
    acts = set()
    if _writes(actor, found):
        acts.add("cite")
        if row.at_work is None and not any(one.state in AT_WORK for one in found.shown):  # type: ignore[attr-defined]
            acts.add("begin")
        if row.effective is not None:
            acts.add("look_at")
    if can(actor, "document.manage"):
        acts |= {"change", "withdraw"}
    return frozenset(acts)


def _edition_acts(actor: Actor, found: DocumentEdition) -> frozenset[str]:
    parent = found.document
    if actor.scope is not Scope.AGENCY or parent.withdrawn_on is not None:
        return frozenset()
    acts = set()
    is_own = actor.is_own(found.written_by_id)
    manages = can(actor, "document.manage")
    if found.state == "draft" and _writes(actor, parent):
        acts |= {"write", "submit", "discard"}
    if found.state == "draft" and manages and parent.kind == ControlledDocument.Kind.EXTERNAL:
        acts.add("take_in")
    if found.state == "review":
        if can(actor, "document.review") and not is_own and found.reviewed_by_id is None:
            acts.add("pass_on")
        if can(actor, "document.approve") and not is_own:
            acts.add("approve")
        if can(actor, "document.review") or can(actor, "document.approve"):
            acts.add("return")
    if found.state == "approved" and not found.decision_number:
        if manages:
            acts.add("issue")
        if can(actor, "document.approve"):
            acts.add("return")
    if found.state == "effective":
        acts.add("read")
        if manages:
            acts |= {"distribute", "remind"}
    return frozenset(acts)
