"""Legal texts: the list with the days of their force, brought in and out, what changes them, what documents follow."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from camket.core.legal_list import HEADS
from camket.core.messages import Refusal
from camket.documents.operations import legal as operations
from camket.documents.queries import legal as queries
from camket.web import vietnamese
from camket.web.handing_out import table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.documents import display
from camket.web.staff.documents.forms import (
    ChangeForm,
    LegalFilterForm,
    LegalTextForm,
    ReasonForm,
    SheetForm,
)


@staff_page("document.view")
def text_list(request: StaffRequest) -> HttpResponse:
    """Show the agency's legal texts with how they stand today."""
    form = LegalFilterForm(request.GET or None)
    page = queries.texts(request.actor, form.wanted(), request.today, request.GET.get("page", "1"))
    context = {
        "form": form,
        "page": page,
        "rows": [display.shown_text(row) for row in page.object_list],
        "is_filtered": any(value for key, value in request.GET.items() if key != "page"),
        "query": request.GET.urlencode(),
        "to_answer": queries.to_answer(request.actor),
    }
    return render(request, "staff/documents/legal_list.html", context)


@staff_page("document.view")
def list_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the list of legal texts as a table that can be filled in and brought in again."""
    form = LegalFilterForm(request.GET or None)
    rows = [
        (
            row.number,
            row.kind,
            row.title,
            row.issuer,
            row.issued_on,
            row.effective_on,
            row.ends_on,
            row.address,
        )
        for row in queries.all_texts(request.actor, form.wanted(), request.today)
    ]
    return table_file("van-ban-phap-luat", ending, title="Văn bản pháp luật", header=HEADS, rows=rows)


@staff_page("document.manage", methods=("GET", "POST"))
def bring_in(request: StaffRequest) -> HttpResponse:
    """Bring in a list of legal texts; with rows to mend nothing of it is taken."""
    form = SheetForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    bad: list[tuple[int, str]] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = operations.bring_in_texts(
                actor=request.actor, data=file.read(), name=file.name, now=moment(request)
            )
        except operations.ListRefused as refusal:
            form.add_error("file", say(refusal.message))
            bad = [(each.number, say(each.message)) for each in refusal.found.bad[:100]]
        except Refusal as refusal:
            form.add_error("file", say(refusal.message))
        else:
            messages.success(
                request,
                _("Taken in: %(new)s new, %(changed)s changed, %(same)s the same as before.")
                % {
                    "new": vietnamese.number(taken.new),
                    "changed": vietnamese.number(taken.changed),
                    "same": vietnamese.number(taken.same),
                },
            )
            return redirect("web:legal:list")
    return render(request, "staff/documents/legal_bring_in.html", {"form": form, "bad": bad})


@staff_page("document.manage", methods=("GET", "POST"))
def text_add(request: StaffRequest) -> HttpResponse:
    """Add a legal text."""
    form = LegalTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.save_text(actor=request.actor, data=form.text(), now=moment(request))
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("The legal text is added."))
            return redirect("web:legal:text", made.pk)
    return render(request, "staff/documents/legal_edit.html", {"form": form})


@staff_page("document.view")
def text(request: StaffRequest, legal_text_id: int) -> HttpResponse:
    """Show a legal text: its days, the documents that rest on it, what changes it."""
    return _page(request, legal_text_id)


@staff_page("document.manage", methods=("GET", "POST"))
def text_edit(request: StaffRequest, legal_text_id: int) -> HttpResponse:
    """Change a legal text."""
    row = queries.text(request.actor, legal_text_id, request.today).row
    names = ("number", "kind", "title", "issuer", "issued_on", "effective_on", "ends_on", "address")
    form = LegalTextForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(row, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_text(
                actor=request.actor, data=form.text(), text_id=legal_text_id, now=moment(request)
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:legal:text", legal_text_id)
    return render(request, "staff/documents/legal_edit.html", {"form": form, "row": row})


@staff_page("document.manage", methods=("GET", "POST"))
def note_change(request: StaffRequest, legal_text_id: int) -> HttpResponse:
    """Note that a legal text is amended, replaced or ended."""
    found = queries.text(request.actor, legal_text_id, request.today)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        texts=queries.text_choices(request.actor, but=legal_text_id),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.note_change(
                actor=request.actor, text_id=legal_text_id, now=moment(request), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Noted: whose documents rest on it are told."))
            return redirect("web:legal:text", legal_text_id)
    context = {"form": form, "row": found.row, "documents": found.documents}
    return render(request, "staff/documents/legal_change.html", context)


@staff_page("document.write", methods=("POST",))
def not_needed(request: StaffRequest, change_review_id: int) -> HttpResponse:
    """Note why a legal change needs no new edition of a document."""
    document_id = queries.review_place(request.actor, change_review_id)
    form = ReasonForm(request.POST, prefix="khong-can")
    if form.is_valid():
        try:
            operations.say_not_needed(
                actor=request.actor,
                review_id=change_review_id,
                reason=form.cleaned_data["reason"],
                today=request.today,
            )
        except Refusal as refusal:
            messages.error(request, say(refusal.message))
        else:
            messages.success(request, _("Noted: no new edition is needed."))
    else:
        messages.error(request, _("Say why no new edition is needed."))
    return redirect("web:documents:document", document_id)


def _page(request: StaffRequest, legal_text_id: int) -> HttpResponse:
    found = queries.text(request.actor, legal_text_id, request.today)
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown_text(found.row),
        "changed_by": [(each, display.CHANGES[each.kind]) for each in found.changed_by],
        "changes": [(each, display.CHANGES[each.kind]) for each in found.changes],
        "reviews": found.reviews,
    }
    return render(request, "staff/documents/legal_text.html", context)


def _field(form: Any, refusal: Refusal) -> str | None:
    field = refused_field(refusal, getattr(refusal, "field", ""))
    return field if field and field in form.fields else None
