"""One edition: read, written, submitted, judged, issued, given out, confirmed, compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from camket.core.controlled import Mark
from camket.core.messages import Refusal
from camket.documents.operations import FileRefused
from camket.documents.operations import editions as life
from camket.documents.operations import readers as distribution
from camket.documents.queries import FileDamaged
from camket.documents.queries import controlled as queries
from camket.documents.queries.controlled import EditionPage, NotComparable
from camket.documents.queries.lists import distribution_paper
from camket.documents.queries.readers import readers_of, units_of_document
from camket.journal.queries import returned
from camket.org.queries import unit_choices
from camket.web import vietnamese
from camket.web.acting import did
from camket.web.handing_out import hand_out, paper_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.documents import display
from camket.web.staff.documents.forms import (
    BeginForm,
    DistributeForm,
    FileDraftForm,
    IssueForm,
    ProcedureForm,
    ReasonForm,
)

READ_WITHIN = timedelta(days=7)
"""By when an edition is to be read, proposed from the day on which it is given out."""


@staff_page("document.write", methods=("GET", "POST"))
def begin(request: StaffRequest, document_id: int) -> HttpResponse:
    """Begin the next edition; ``ra-soat`` names the legal change that it brings in."""
    found = queries.document(request.actor, document_id, request.today)
    if "begin" not in found.acts:
        messages.error(request, _("An edition is at work already, or the document is not yours to change."))
        return redirect("web:documents:document", document_id)
    wanted = request.GET.get("ra-soat", "")
    change = next((each for each in found.to_answer if str(each.review_id) == wanted), None)
    initial: dict[str, str] = {}
    if change is not None:
        by = change.by or change.text
        initial = {"what": _("Brought into line with %(text)s") % {"text": by}, "asked_by": _("Legal watch")}
    form = BeginForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = life.begin_edition(
                actor=request.actor,
                document_id=document_id,
                is_new_issue=form.cleaned_data["how"] == "issue" or found.row.effective is None,
                amendments=form.amendments(),
                review_id=change.review_id if change else None,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The edition is begun with what the one in effect says."))
            return redirect("web:documents:write", made.pk)
    context = {"form": form, "row": found.row, "change": change}
    return render(request, "staff/documents/begin.html", context)


@staff_page("document.view")
def edition(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show an edition: what it says, how it stands, what can be done."""
    return _page(request, edition_id)


@staff_page("document.write", methods=("GET", "POST"))
def write(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Write a draft: its file, or its parts; ``nhap`` writes the parts of one that has neither."""
    found = queries.edition(request.actor, edition_id, request.today)
    if "write" not in found.acts:
        messages.error(request, _("This edition does not change any more; change it by a new edition."))
        return redirect("web:documents:edition", edition_id)
    sent = request.method == "POST"
    form: Any
    if found.procedure is not None:
        form = ProcedureForm(
            request.POST if sent else None, content=found.procedure, amendments=found.amendments
        )
    else:
        form = FileDraftForm(
            request.POST if sent else None, request.FILES if sent else None, amendments=found.amendments
        )
    if sent and form.is_valid():
        try:
            life.write_edition(
                actor=request.actor, edition_id=edition_id, draft=form.draft(), now=moment(request)
            )
        except FileRefused as refusal:
            form.add_error("file", say(refusal.message))
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("The draft is saved."))
            if "more" in request.POST:
                return redirect("web:documents:write", edition_id)
            return redirect("web:documents:edition", edition_id)
    context = {
        "form": form,
        "found": found,
        "row": found.row,
        "against": found.procedure.against if found.procedure else None,
    }
    return render(request, "staff/documents/write.html", context)


@staff_page("document.write", methods=("POST",))
def submit(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Submit a draft for review."""
    return _press(
        request,
        edition_id,
        lambda: life.submit_edition(actor=request.actor, edition_id=edition_id, now=moment(request)),
        _("Submitted: those who review it are told."),
    )


@staff_page("document.review", methods=("POST",))
def pass_on(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Note that an edition was reviewed."""
    return _press(
        request,
        edition_id,
        lambda: life.pass_on_edition(actor=request.actor, edition_id=edition_id, now=moment(request)),
        _("Reviewed: it waits for approval."),
    )


@staff_page("document.view", methods=("POST",))
def send_back(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Return an edition to its writer; who may, the operation asks."""
    form = ReasonForm(request.POST, prefix="tra-lai")
    queries.edition(request.actor, edition_id, request.today)
    if form.is_valid():
        try:
            life.return_edition(
                actor=request.actor,
                edition_id=edition_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "reason"), say(refusal.message))
        else:
            messages.success(request, _("Returned to its writer."))
            return redirect("web:documents:edition", edition_id)
    return _page(request, edition_id, returning=form)


@staff_page("document.approve", methods=("POST",))
def approve(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Approve an edition."""
    return _press(
        request,
        edition_id,
        lambda: life.approve_edition(actor=request.actor, edition_id=edition_id, now=moment(request)),
        _("Approved: it waits for the number and day of its decision."),
    )


@staff_page("document.manage", methods=("GET", "POST"))
def issue(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Give an approved edition its number and days; take a document of outside in."""
    found = queries.edition(request.actor, edition_id, request.today)
    is_outside = "take_in" in found.acts
    if "issue" not in found.acts and not is_outside:
        messages.error(request, _("Only an approved edition without a number is issued."))
        return redirect("web:documents:edition", edition_id)
    form = IssueForm(
        request.POST if request.method == "POST" else None,
        is_outside=is_outside,
        initial={"decided_on": None if is_outside else request.today, "effective_on": request.today},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if is_outside:
                life.take_in_edition(
                    actor=request.actor,
                    edition_id=edition_id,
                    number=data["number"],
                    dated=data["decided_on"],
                    effective_on=data["effective_on"],
                    now=moment(request),
                )
            else:
                life.issue_edition(actor=request.actor, edition_id=edition_id, now=moment(request), **data)
        except Refusal as refusal:
            field = refused_field(refusal, getattr(refusal, "field", ""))
            form.add_error(field if field in form.fields else None, say(refusal.message))
        else:
            messages.success(request, _("Issued and kept as it is. Give it to those who work by it."))
            return redirect("web:documents:edition", edition_id)
    context = {"form": form, "row": found.row, "is_outside": is_outside}
    return render(request, "staff/documents/issue.html", context)


@staff_page("document.write", methods=("POST",))
def discard(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Discard a draft."""
    found = queries.edition(request.actor, edition_id, request.today)
    did(
        request,
        lambda: life.discard_edition(actor=request.actor, edition_id=edition_id, now=moment(request)),
        _("The draft is discarded."),
    )
    return redirect("web:documents:document", found.row.document_id)


@staff_page("document.manage", methods=("GET", "POST"))
def distribute(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Give an edition in effect to units."""
    found = queries.edition(request.actor, edition_id, request.today)
    if "distribute" not in found.acts:
        messages.error(request, _("Only an edition in effect is given out."))
        return redirect("web:documents:edition", edition_id)
    form = DistributeForm(
        request.POST if request.method == "POST" else None,
        units=unit_choices(request.actor),
        initial={
            "unit_ids": [str(pk) for pk in units_of_document(request.actor, edition_id)],
            "read_by": request.today + READ_WITHIN,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            given = distribution.distribute(
                actor=request.actor,
                edition_id=edition_id,
                unit_ids=form.units(),
                read_by=form.cleaned_data["read_by"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, "read_by"), say(refusal.message))
        else:
            messages.success(
                request,
                ngettext("Given to %(count)s person.", "Given to %(count)s people.", given)
                % {"count": vietnamese.number(given)},
            )
            return redirect("web:documents:readers", edition_id)
    return render(request, "staff/documents/distribute.html", {"form": form, "row": found.row})


@staff_page("document.view", methods=("POST",))
def confirm_read(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Note that the person has read and understood an edition."""
    done = did(
        request,
        lambda: distribution.confirm_read(actor=request.actor, edition_id=edition_id, now=moment(request)),
        _("Noted: you have read and understood it."),
    )
    if done and request.POST.get("next") == "list":
        return redirect("web:documents:to_read")
    return redirect("web:documents:edition", edition_id)


@staff_page("document.manage", methods=("POST",))
def remind(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Remind those who have not read an edition."""
    found: list[int] = []
    done = did(
        request,
        lambda: found.append(
            distribution.remind_readers(actor=request.actor, edition_id=edition_id, now=moment(request))
        ),
    )
    if done and found[0]:
        messages.success(
            request,
            ngettext("%(count)s person is reminded.", "%(count)s people are reminded.", found[0])
            % {"count": vietnamese.number(found[0])},
        )
    elif done:
        messages.info(request, _("Nobody is left to remind today."))
    return redirect("web:documents:readers", edition_id)


@staff_page("document.view")
def readers(request: StaffRequest, edition_id: int) -> HttpResponse:
    """Show who has read an edition and who has not."""
    found = queries.edition(request.actor, edition_id, request.today)
    rows = readers_of(request.actor, edition_id, request.today)
    context = {
        "row": found.row,
        "rows": rows,
        "may_do": dict.fromkeys(found.acts, True),
        "unread": sum(each.read_at is None and not each.is_gone for each in rows),
        "read": sum(each.read_at is not None for each in rows),
    }
    return render(request, "staff/documents/readers.html", context)


@staff_page("document.view")
def distribution_file(request: StaffRequest, edition_id: int, file_format: str) -> HttpResponse:
    """Hand out the sheet on which those who were given an edition sign for it."""
    paper = distribution_paper(request.actor, edition_id, request.today)
    return paper_file(request, paper, f"phieu-phan-phoi-tai-lieu-{request.today:%Y-%m-%d}", file_format)


@staff_page("document.view")
def compare(request: StaffRequest, edition_id: int, other_edition_id: int) -> HttpResponse:
    """Show what differs between two editions, word by word."""
    found = queries.edition(request.actor, edition_id, request.today)
    said = queries.amendments_between(request.actor, edition_id, other_edition_id)
    context: dict[str, Any] = {"row": found.row, "amendments": said}
    try:
        before, after, differences = queries.compared(request.actor, edition_id, other_edition_id)
    except (NotComparable, FileDamaged) as refusal:
        context["refused"] = say(refusal.message)
    else:
        context.update(
            before=before,
            after=after,
            differences=differences,
            lines=[
                {
                    "kind": display.MARKS.get(each.mark, ""),
                    "left_out": each.count if each.mark is Mark.LEFT_OUT else 0,
                    "words": [(display.MARKS[one.mark], one.text) for one in each.words],
                }
                for each in differences.lines
            ],
        )
    return render(request, "staff/documents/compare.html", context)


@staff_page("document.view")
def file(request: StaffRequest, edition_id: int, file_format: str) -> HttpResponse:
    """Hand out an edition as a file."""
    if file_format not in ("pdf", "docx", "goc"):
        raise Http404(f"no format {file_format!r}")
    found = queries.edition_file(request.actor, edition_id, file_format)
    return hand_out(found.data, found.name, found.content_type)


def _press(request: StaffRequest, edition_id: int, act: Callable[[], object], done: str) -> HttpResponse:
    """Do what one button asks, tell of it, and go back to the edition."""
    queries.edition(request.actor, edition_id, request.today)
    did(request, act, done)
    return redirect("web:documents:edition", edition_id)


def _page(request: StaffRequest, edition_id: int, **forms: Any) -> HttpResponse:
    found: EditionPage = queries.edition(request.actor, edition_id, request.today)
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown_edition(found.row),
        "kind_name": display.KINDS[found.kind],
        "may_do": dict.fromkeys(found.acts, True),
        "against": found.procedure.against if found.procedure and not found.sha256 else None,
        "paper": mark_safe(found.paper),  # noqa: S308 - the writer escapes every text
        "returning": ReasonForm(prefix="tra-lai"),
        "returned": returned(request.actor, subject_type="documents.documentedition", subject_id=edition_id)
        if found.row.state == "draft"
        else None,
        **forms,
    }
    return render(request, "staff/documents/edition.html", context)
