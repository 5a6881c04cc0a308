"""The life of an edition: written, reviewed, approved, issued, in effect, replaced.

An edition that was issued never changes: its bytes are kept as they were, its words stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from camket.core.controlled import (
    SECTIONS,
    Amendment,
    edition_name,
)
from camket.core.messages import Message, gettext_noop
from camket.core.wording.text import one_line
from camket.core.workflow import DOCUMENT_EDITION
from camket.documents import telling
from camket.documents.content import PDF, WORD
from camket.documents.controlled_paper import edition_document
from camket.documents.giving import give
from camket.documents.models import ChangeReview, ControlledDocument, DocumentEdition
from camket.documents.operations._drafts import (
    AT_WORK,
    WRITING,
    change_of,
    end_edition,
    lock_edition,
    locked_document,
    locked_edition,
    move,
    record_edition,
    record_withdrawn,
    require_in_use,
    require_unit,
    tidied,
    write_draft,
)
from camket.documents.operations._drafts import DocumentData as DocumentData
from camket.documents.operations._drafts import DocumentRefused as DocumentRefused
from camket.documents.operations._drafts import Draft as Draft
from camket.documents.operations._drafts import OwnEdition as OwnEdition
from camket.documents.operations._drafts import Upload as Upload
from camket.documents.operations.files import keep_made
from camket.documents.operations.legal import rest_on_successors
from camket.documents.queries.contents import amendments_of, edition_text, procedure_of, words_of
from camket.documents.queries.formalities import set_out
from camket.journal.models import Entry
from camket.org.policy import Actor, can_in_agency, require
from camket.paper.templating import write_docx, write_pdf


def begin_edition(
    *,
    actor: Actor,
    document_id: int,
    is_new_issue: bool,
    now: datetime,
    amendments: Sequence[Amendment] = (),
    review_id: int | None = None,
) -> DocumentEdition:
    """Begin the next edition as a draft that says what the one in effect says: a new issue, or a revision of it.

    ``review_id`` is the legal change that it brings in. Raises DocumentRefused where an edition is at work already.
    """
    require(actor, "document.write")
    with transaction.atomic():
        document = locked_document(actor, document_id)
        require_unit(actor, document.unit_id)
        require_in_use(document)
        if at_work := document.editions.filter(state__in=AT_WORK).first():
            raise DocumentRefused(
                Message(
                    gettext_noop("Edition %(edition)s is at work already; go on with it."),
                    {"edition": edition_name(at_work.issue, at_work.revision)},
                )
            )
        latest = document.editions.exclude(state="discarded").order_by("-issue", "-revision").first()
        issue, revision = _following(latest, is_new_issue=is_new_issue)
        content = dict(latest.content) if latest else {}
        content["amendments"] = [asdict(each) for each in tidied(amendments)]
        edition = DocumentEdition.objects.create(
            document=document,
            issue=issue,
            revision=revision,
            content=content,
            file=None if latest is None or procedure_of(latest) else latest.file,
            change=change_of(amendments),
            words=latest.words if latest else "",
            written_by_id=actor.person_id,
            written_at=now,
        )
        record_edition(
            actor,
            edition,
            "begun",
            now,
            after={"edition": edition_name(issue, revision), "change": edition.change},
        )
        if review_id is not None:
            review = ChangeReview.objects.select_for_update().get(
                pk=review_id, document=document, change__changed__agency_id=actor.agency_id
            )
            review.edition = edition
            review.save(update_fields=["edition"])
        ChangeReview.objects.filter(document=document, done_on=None, edition=None).update(edition=edition)
    return edition


def write_edition(*, actor: Actor, edition_id: int, draft: Draft, now: datetime) -> DocumentEdition:
    """Write what a draft says. Raises NotPossible for one that is no draft, FileRefused for its file."""
    require(actor, "document.write")
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "edit")
        require_unit(actor, edition.document.unit_id)
        write_draft(actor, edition, draft, now)
    return edition


def submit_edition(*, actor: Actor, edition_id: int, now: datetime) -> DocumentEdition:
    """Submit a draft for review and tell those who review.

    Raises DocumentRefused where it says nothing yet, where parts of an internal procedure are missing, or where a later
    edition does not say what changes.
    """
    require(actor, "document.write")
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "submit")
        require_unit(actor, edition.document.unit_id)
        _require_whole(edition)
        move(edition, "submit")
        edition.submitted_at = now
        edition.reviewed_by = edition.reviewed_at = None
        edition.save(update_fields=["state", "submitted_at", "reviewed_by", "reviewed_at"])
        record_edition(actor, edition, "submitted", now, before={"state": "draft"}, after={"state": "review"})
        telling.told_submitted(actor=actor, edition=edition, now=now)
    return edition


def pass_on_edition(*, actor: Actor, edition_id: int, note: str = "", now: datetime) -> DocumentEdition:
    """Note that a submitted edition was reviewed and goes on to who approves. Raises OwnEdition for its writers.

    Passed on already by the same person: nothing is done.
    """
    require(actor, "document.review")
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "pass_on")
        _require_not_own(actor, edition)
        if edition.reviewed_by_id == actor.person_id:
            return edition
        edition.reviewed_by_id = actor.person_id
        edition.reviewed_at = now
        edition.save(update_fields=["reviewed_by", "reviewed_at"])
        record_edition(
            actor,
            edition,
            "passed_on",
            now,
            after={"edition": edition_name(edition.issue, edition.revision), "note": one_line(note)},
        )
        telling.told_passed_on(actor=actor, edition=edition, now=now)
    return edition


def return_edition(*, actor: Actor, edition_id: int, reason: str, now: datetime) -> DocumentEdition:
    """Return a submitted or approved edition to its writer, with the reason; what was issued does not go back.

    Raises ReasonMissing, NotPossible.
    """
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "return")
        act = "document.review" if edition.state == "review" else "document.approve"
        if edition.state == "review" and not can_in_agency(actor, "document.review"):
            act = "document.approve"
        require(actor, act)
        _require_not_issued(edition)
        before = edition.state
        move(edition, "return")
        edition.reviewed_by = edition.reviewed_at = edition.approved_by = edition.approved_at = None
        edition.save(update_fields=["state", "reviewed_by", "reviewed_at", "approved_by", "approved_at"])
        record_edition(
            actor,
            edition,
            "returned",
            now,
            before={"state": before},
            after={"state": "draft"},
            reason=one_line(reason),
        )
        telling.told_returned(actor=actor, edition=edition, reason=one_line(reason), now=now)
    return edition


def approve_edition(*, actor: Actor, edition_id: int, now: datetime) -> DocumentEdition:
    """Approve a submitted edition; where nobody reviewed it, whoever approves has.

    Raises OwnEdition for its writers, NotPossible for an edition that was not submitted.

    Source: ISO 9001:2015, 7.5.2 c.
    """
    require(actor, "document.approve")
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "approve")
        _require_not_own(actor, edition)
        move(edition, "approve")
        edition.approved_by_id = actor.person_id
        edition.approved_at = now
        if edition.reviewed_by_id is None:
            edition.reviewed_by_id, edition.reviewed_at = actor.person_id, now
        edition.save(update_fields=["state", "approved_by", "approved_at", "reviewed_by", "reviewed_at"])
        record_edition(
            actor, edition, "approved", now, before={"state": "review"}, after={"state": "approved"}
        )
        telling.told_approved(actor=actor, edition=edition, now=now)
    return edition


def discard_edition(*, actor: Actor, edition_id: int, now: datetime) -> DocumentEdition:
    """Discard a draft; a document that never had another edition is withdrawn with it."""
    require(actor, "document.write")
    today = timezone.localdate(now)
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "discard")
        document = edition.document
        require_unit(actor, document.unit_id)
        end_edition(edition, "discard", today)
        ChangeReview.objects.filter(edition=edition, done_on=None).update(edition=None)
        record_edition(
            actor, edition, "discarded", now, before={"state": "draft"}, after={"state": "discarded"}
        )
        if document.withdrawn_on is None and not document.editions.exclude(state="discarded").exists():
            document.withdrawn_on = today
            document.save(update_fields=["withdrawn_on"])
            record_withdrawn(actor, document, today, _NEVER_ISSUED)
    return edition


_NEVER_ISSUED = "Chưa ban hành lần nào"
"""Why a document without any edition is withdrawn; part of the data, so Vietnamese by nature."""


def issue_edition(
    *, actor: Actor, edition_id: int, number: str, decided_on: date, effective_on: date, now: datetime
) -> DocumentEdition:
    """Give an approved edition the number and day of its decision and freeze its bytes.

    It takes effect on its day: at once where that has come, else by :func:`take_effect_on`. The edition in effect is
    replaced on that day. Issued already, with the same number and days: nothing is done.

    Raises DocumentRefused for days that do not fit, NotPossible for an edition that is not approved.
    """
    require(actor, "document.manage")
    today = timezone.localdate(now)
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, None)
        number = one_line(number)
        if edition.decision_number:
            given = (number, decided_on, effective_on)
            if given == (edition.decision_number, edition.decision_on, edition.effective_on):
                return edition
            _require_not_issued(edition)
        DOCUMENT_EDITION.after(edition.state, "issue")
        if not number:
            raise DocumentRefused(
                Message(gettext_noop("Enter the number and symbol of the decision.")), "number"
            )
        if len(number) > 100:
            raise DocumentRefused(
                Message(gettext_noop("The document's number and symbol are longer than 100 characters.")),
                "number",
            )
        _check_days(edition, decided_on, effective_on, today)
        edition.decision_number = number
        edition.decision_on = decided_on
        edition.effective_on = effective_on
        _freeze(actor, edition, now)
        edition.save(update_fields=["decision_number", "decision_on", "effective_on", "file", "issued_file"])
        record_edition(
            actor,
            edition,
            "issued",
            now,
            after={
                "decision_number": number,
                "decision_on": decided_on.isoformat(),
                "effective_on": effective_on.isoformat(),
                "sha256": edition.issued_file.sha256 if edition.issued_file else "",
            },
        )
        if effective_on <= today:
            _take_effect(actor, edition, now)
    return edition


def take_in_edition(
    *, actor: Actor, edition_id: int, number: str, dated: date, effective_on: date, now: datetime
) -> DocumentEdition:
    """Take a document of outside in as it is: issued elsewhere, it needs no approval here.

    Raises DocumentRefused for a document of the agency's own and where its file is missing.
    """
    require(actor, "document.manage")
    with transaction.atomic():
        edition = locked_edition(actor, edition_id, "take_in")
        if edition.document.kind != ControlledDocument.Kind.EXTERNAL:
            raise DocumentRefused(
                Message(gettext_noop("Only a document of outside is taken in without approval."))
            )
        if edition.file is None:
            raise DocumentRefused(Message(gettext_noop("Choose its file first.")))
        _check_days(edition, dated, effective_on, timezone.localdate(now))
        if effective_on > timezone.localdate(now):
            raise DocumentRefused(
                Message(gettext_noop("It is taken in once it is in effect.")), "effective_on"
            )
        edition.decision_number = one_line(number)[:100]
        edition.decision_on = dated
        edition.effective_on = effective_on
        edition.issued_file = edition.file
        edition.save(update_fields=["decision_number", "decision_on", "effective_on", "issued_file"])
        _take_effect(actor, edition, now, act="take_in")
    return edition


def take_effect_on(*, now: datetime, agency_ids: Iterable[int] | None = None) -> int:
    """Bring into effect the issued editions whose day has come, each in a transaction; return how many there were."""
    today = timezone.localdate(now)
    due = DocumentEdition.objects.filter(
        ~Q(decision_number=""), state="approved", effective_on__lte=today, document__withdrawn_on=None
    )
    if agency_ids is not None:
        due = due.filter(document__agency_id__in=agency_ids)
    taken = 0
    for edition_id in due.order_by("effective_on", "pk").values_list("pk", flat=True):
        with transaction.atomic():
            document_id = DocumentEdition.objects.values_list("document_id", flat=True).get(pk=edition_id)
            ControlledDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
            edition = lock_edition(edition_id)
            if edition.state != "approved":
                continue
            _take_effect(None, edition, now)
            taken += 1
    return taken


def read_words() -> int:
    """Read the words of editions in effect that were not read yet, for the search; return how many were read."""
    unread = DocumentEdition.objects.filter(words=None, state="effective").order_by("pk")
    read = 0
    for edition in unread.select_related("file", "document").iterator(chunk_size=1):
        # What was issued does not change any more: nothing is locked while a large file is read.
        read += DocumentEdition.objects.filter(pk=edition.pk, words=None).update(words=words_of(edition))
    return read


def _take_effect(
    actor: Actor | None, edition: DocumentEdition, now: datetime, act: str = "bring_into_effect"
) -> None:
    today = timezone.localdate(now)
    day = edition.effective_on or today
    before = edition.document.editions.select_for_update().filter(state="effective").first()
    was_given = False
    if before is not None:
        was_given = before.receipts.exists()
        move(before, "replace")
        before.replaced_on = day
        before.save(update_fields=["state", "replaced_on"])
        record_edition(
            actor,
            before,
            "replaced",
            now,
            before={"state": "effective"},
            after={"state": "replaced", "replaced_on": day.isoformat()},
        )
    state = edition.state
    move(edition, act)
    edition.save(update_fields=["state"])
    record_edition(
        actor,
        edition,
        "taken_in" if act == "take_in" else "in_effect",
        now,
        before={"state": state},
        after={"state": "effective"},
    )
    answered = ChangeReview.objects.select_for_update(of=("self",)).filter(edition=edition, done_on=None)
    changes = []
    for review in answered.select_related("change").order_by("change__on", "pk"):
        review.done_on = today
        review.by_id = actor.person_id if actor else None
        review.save(update_fields=["done_on", "by"])
        changes.append(review.change)
    rest_on_successors(actor=actor, document=edition.document, changes=changes, today=today)
    if was_given:  # who read the edition before is given the new one, so that nobody works by the old
        give(actor=actor, edition=edition, read_by=None, now=now)


def _freeze(actor: Actor, edition: DocumentEdition, now: datetime) -> None:
    """Keep what is issued as bytes: of an internal procedure PDF and DOCX, made here; of a file, its own."""
    if procedure_of(edition) is None:
        edition.issued_file = edition.file
        return
    paper = set_out(actor.agency_id, edition_document(edition_text(edition)), timezone.localdate(now))
    name = f"{edition.document.code} {edition_name(edition.issue, edition.revision)}"
    edition.issued_file, edition.file = (
        keep_made(
            agency_id=actor.agency_id,
            actor=actor,
            data=write(paper),
            name=f"{name}{ending}",
            content_type=content_type,
            now=now,
        )
        for write, ending, content_type in ((write_pdf, ".pdf", PDF), (write_docx, ".docx", WORD))
    )


def _require_whole(edition: DocumentEdition) -> None:
    procedure = procedure_of(edition)
    if procedure is None and edition.file is None:
        raise DocumentRefused(Message(gettext_noop("The edition says nothing yet: choose its file first.")))
    if procedure is not None and (missing := procedure.missing()):
        titles = dict(SECTIONS)
        raise DocumentRefused(
            Message(
                gettext_noop("These parts of the internal procedure are still empty: %(parts)s."),
                {"parts": ", ".join(titles[each].lower() for each in missing)},
            )
        )
    for each in amendments_of(edition):
        if not each.what:
            raise DocumentRefused(
                Message(
                    gettext_noop("Say what changes in “%(part)s”, or empty that line."),
                    {"part": each.part or each.asked_by},
                )
            )
    is_first = not edition.document.editions.exclude(pk=edition.pk).exclude(state="discarded").exists()
    if not is_first and not amendments_of(edition):
        raise DocumentRefused(
            Message(
                gettext_noop(
                    "Say what changes against the edition before: which page or part, what, who asked for it."
                )
            )
        )


def _check_days(edition: DocumentEdition, decided_on: date, effective_on: date, today: date) -> None:
    if decided_on > today:
        raise DocumentRefused(
            Message(gettext_noop("The decision has no day to come: enter the day on which it was signed.")),
            "decided_on",
        )
    if effective_on < decided_on:
        raise DocumentRefused(
            Message(gettext_noop("An edition does not take effect before its decision.")), "effective_on"
        )
    before = edition.document.editions.filter(state="effective").first()
    if before is not None and before.effective_on and effective_on < before.effective_on:
        raise DocumentRefused(
            Message(
                gettext_noop("The edition that it replaces takes effect on %(day)s; this one comes later."),
                {"day": f"{before.effective_on:%d/%m/%Y}"},
            ),
            "effective_on",
        )


def _require_not_issued(edition: DocumentEdition) -> None:
    if edition.decision_number:
        raise DocumentRefused(
            Message(
                gettext_noop("It is issued by %(number)s and stays as it is; change it by a new edition."),
                {"number": edition.decision_number},
            )
        )


def _require_not_own(actor: Actor, edition: DocumentEdition) -> None:
    """Raise OwnEdition for whoever wrote any of it, or stands in for somebody who did."""
    people = {actor.person_id, actor.acts_as_id}
    wrote = Entry.objects.filter(
        agency_id=actor.agency_id,
        subject_type="documents.documentedition",
        subject_id=edition.pk,
        verb__in=WRITING,
        by_id__in=people,
    )
    if actor.is_own(edition.written_by_id) or wrote.exists():
        raise OwnEdition(
            Message(gettext_noop("Nobody reviews or approves what that person wrote; somebody else does."))
        )


def _following(latest: DocumentEdition | None, *, is_new_issue: bool) -> tuple[int, int]:
    if latest is None:
        return 1, 0
    return (latest.issue + 1, 0) if is_new_issue else (latest.issue, latest.revision + 1)
