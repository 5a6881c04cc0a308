"""Letters on late dossiers: drafted for those ticked, read, edited, issued, downloaded."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from camket.core.messages import Refusal
from camket.documents.queries.signing import signer_choice
from camket.dossiers.operations import letters as operations
from camket.dossiers.queries import letters as queries
from camket.paper.writing.docx import write_docx_of
from camket.paper.writing.model import Document
from camket.web import vietnamese
from camket.web.handing_out import DOCX, hand_out, own_paper, paper_file, paper_on_screen
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.dossiers import display
from camket.web.staff.dossiers.forms import DraftForm, EditForm, IssueForm, WithdrawForm
from camket.web.staff.organisation.seen import saw


@staff_page("dossier.view")
def register(request: StaffRequest) -> HttpResponse:
    """Show the register: drafts that wait, or letters by their number."""
    asked = request.GET.get("loai", "")
    year = request.GET.get("nam", "")
    found = queries.register(
        request.actor,
        state="draft" if asked == "du-thao" else "issued",
        year=int(year) if year.isdecimal() and len(year) == 4 else None,
        after=request.GET.get("sau", ""),
    )
    context = {
        "register": found,
        "letters": [
            (each, display.kind_of(each), display.moment(each.due_new), each.state == "withdrawn")
            for each in found.letters
        ],
        "shows_drafts": asked == "du-thao",
        "year": year,
    }
    return render(request, "staff/dossiers/letters.html", context)


@staff_page("letter.write", methods=("GET", "POST"))
def draft(request: StaffRequest) -> HttpResponse:
    """Draft a letter on each of the dossiers ticked."""
    chosen = _ids(request.POST if request.method == "POST" else request.GET, "hs")
    if not chosen:
        messages.warning(request, gettext("Tick the dossiers first for which a letter is to be written."))
        return redirect("web:dossiers:work_list")
    proposed = queries.to_draft(request.actor, chosen, request.today)
    data = request.POST if request.method == "POST" else None
    form = DraftForm(data, initial={"due_new": proposed.due_new if proposed.may_promise else None})
    if data is not None and form.is_valid():
        try:
            done = operations.draft_letters(
                actor=request.actor, dossier_ids=chosen, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            for _code, reason in done.left_out[:10]:
                messages.warning(request, say(reason))
            count = len(done.letter_ids)
            messages.success(
                request,
                ngettext("%(count)s letter is drafted.", "%(count)s letters are drafted.", count)
                % {"count": vietnamese.number(count)},
            )
            if count == 1:
                return redirect("web:dossiers:letter", done.letter_ids[0])
            return HttpResponseRedirect(f"{reverse('web:dossiers:letters')}?loai=du-thao")
    context = {
        "form": form,
        "dossiers": display.shown_all(proposed.dossiers, request.today),
        "may_promise": proposed.may_promise,
        "cannot": len(proposed.dossiers) - proposed.may_promise,
    }
    return render(request, "staff/dossiers/letters_draft.html", context)


@staff_page("dossier.view")
def letter(request: StaffRequest, letter_id: int) -> HttpResponse:
    """Show one letter as the paper it becomes."""
    row = queries.letter(request.actor, letter_id)
    document = _documents(request, [letter_id])[0]
    context = {
        "letter": row,
        "kind": display.kind_of(row),
        "state": display.LETTER_STATES[row.state],
        "is_draft": row.state == "draft",
        "is_issued": row.state == "issued",
        "is_withdrawn": row.state == "withdrawn",
        "is_clear": queries.may_read(request.actor),
        "due_new": display.moment(row.due_new),
        "paper": paper_on_screen(request, document),
    }
    return render(request, "staff/dossiers/letter.html", context)


@staff_page("letter.write", methods=("GET", "POST"))
def edit(request: StaffRequest, letter_id: int) -> HttpResponse:
    """Change a draft."""
    row = queries.letter(request.actor, letter_id)
    data = request.POST if request.method == "POST" else None
    form = EditForm(
        data, initial={"reason": row.reason, "due_new": row.due_new and timezone.localdate(row.due_new)}
    )
    if data is not None and form.is_valid():
        try:
            operations.edit_letter(
                actor=request.actor, letter_id=letter_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, gettext("The draft is saved."))
            return redirect("web:dossiers:letter", letter_id)
    context = {"letter": row, "kind": display.kind_of(row), "form": form}
    return render(request, "staff/dossiers/letter_edit.html", context)


@staff_page("letter.issue", methods=("GET", "POST"))
def issue(request: StaffRequest) -> HttpResponse:
    """Number the drafts ticked, once they are signed."""
    chosen = _ids(request.POST if request.method == "POST" else request.GET, "thu")
    if not chosen:
        messages.warning(request, gettext("Tick the drafts first that were signed."))
        return HttpResponseRedirect(f"{reverse('web:dossiers:letters')}?loai=du-thao")
    rows = queries.letters(request.actor, chosen)
    signer = signer_choice(request.actor, request.today, "")
    number = queries.next_number(request.actor, request.today.year)
    data = request.POST if request.method == "POST" else None
    form = IssueForm(
        data,
        has_numbers=number is not None,
        initial={
            "issued_on": request.today,
            "authority": signer.authority,
            "capacity": signer.capacity,
            "signed_by": signer.name,
        },
    )
    if data is not None and form.is_valid():
        try:
            issued = operations.issue_letters(
                actor=request.actor, letter_ids=chosen, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(request, _said_issued([each.shown_number for each in issued]))
            if len(issued) == 1:
                return redirect("web:dossiers:letter", issued[0].pk)
            return HttpResponseRedirect(reverse("web:dossiers:letters"))
    context = {
        "form": form,
        "letters": [(each, display.kind_of(each), display.moment(each.due_new)) for each in rows],
        "number": number,
    }
    return render(request, "staff/dossiers/letters_issue.html", context)


@staff_page("letter.issue", methods=("GET", "POST"))
def withdraw(request: StaffRequest, letter_id: int) -> HttpResponse:
    """Withdraw a letter that was issued by mistake."""
    row = queries.letter(request.actor, letter_id)
    data = request.POST if request.method == "POST" else None
    if data is None and row.state != "issued":
        return redirect("web:dossiers:letter", letter_id)
    promised, first = queries.date_that_may_go(request.actor, letter_id) or (None, None)
    form = WithdrawForm(
        data, promised=display.moment(promised), first=display.moment(first) or gettext("no due date")
    )
    if data is not None and form.is_valid():
        try:
            operations.withdraw_letter(
                actor=request.actor,
                letter_id=letter_id,
                reason=form.cleaned_data["reason"],
                takes_date_back=form.takes_date_back,
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(refusal), say(refusal.message))
        else:
            messages.success(
                request,
                gettext("Letter %(number)s is withdrawn. Its number is not given again.")
                % {"number": row.shown_number},
            )
            return redirect("web:dossiers:letter", letter_id)
    context = {"letter": row, "kind": display.kind_of(row), "form": form}
    return render(request, "staff/dossiers/letter_withdraw.html", context)


@staff_page("letter.write", methods=("POST",))
def discard(request: StaffRequest) -> HttpResponse:
    """Discard the drafts ticked."""
    try:
        count = operations.discard_letters(
            actor=request.actor, letter_ids=_ids(request.POST, "thu"), now=moment(request)
        )
    except Refusal as refusal:
        messages.error(request, say(refusal.message))
    else:
        messages.success(
            request,
            ngettext("%(count)s draft is discarded.", "%(count)s drafts are discarded.", count)
            % {"count": vietnamese.number(count)},
        )
    return HttpResponseRedirect(f"{reverse('web:dossiers:letters')}?loai=du-thao")


@staff_page("dossier.view")
def download(request: StaffRequest, letter_id: int, file_format: str) -> HttpResponse:
    """Hand out one letter as DOCX or PDF."""
    document = _documents(request, [letter_id])[0]
    return paper_file(request, document, f"thu-ho-so-qua-han-{letter_id}", file_format)


@staff_page("dossier.view")
def download_many(request: StaffRequest) -> HttpResponse:
    """Hand out the letters ticked in one DOCX file, each on pages of its own."""
    chosen = _ids(request.GET, "thu")
    if not chosen:
        messages.warning(request, gettext("Tick the letters first that you want in one file."))
        return redirect("web:dossiers:letters")
    data = write_docx_of([own_paper(request, each) for each in _documents(request, chosen)])
    return hand_out(data, f"thu-ho-so-qua-han-{request.today.isoformat()}.docx", DOCX)


def _documents(request: StaffRequest, letter_ids: Iterable[int]) -> tuple[Document, ...]:
    """Return letters as paper; that names and addresses were read in clear is recorded."""
    found = queries.documents(request.actor, list(letter_ids))
    if queries.may_read(request.actor) and not request.capacity.is_read_only:
        saw(request, "applicants", people=len(found))
    return found


def _ids(data: QueryDict, name: str) -> list[int]:
    return [
        int(each) for each in data.getlist(name)[: operations.MOST + 1] if each.isdecimal() and len(each) < 19
    ]


def _field(refusal: Refusal) -> str | None:
    fields = {
        operations.ReasonMissing: "reason",
        operations.NewDateMissing: "due_new",
        operations.NewDateNotPossible: "due_new",
        operations.DateNotPossible: "issued_on",
        operations.SignerMissing: "signed_by",
        operations.FirstNumberNotPossible: "first_number",
        operations.LetterReliedOn: "date",
        operations.DateNotOfLetter: "date",
    }
    field = fields.get(type(refusal))
    return refused_field(refusal, field) if field else None


def _said_issued(numbers: list[str]) -> str:
    if len(numbers) == 1:
        return gettext("The letter has number %(number)s. It is noted on the dossier.") % {
            "number": numbers[0]
        }
    return gettext(
        "%(count)s letters have numbers %(first)s to %(last)s. They are noted on the dossiers."
    ) % {
        "count": vietnamese.number(len(numbers)),
        "first": numbers[0],
        "last": numbers[-1],
    }
