"""Documents of the system: the list, one document, what is said of it, codes, what rests on which law."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from camket.core.controlled import REVIEW_MONTHS, ProcedureContent, proposed_procedure
from camket.core.messages import Refusal
from camket.core.steps import limit_on_paper
from camket.documents.operations import FileRefused, controlled
from camket.documents.operations import legal as law
from camket.documents.queries import controlled as queries
from camket.documents.queries import legal as texts
from camket.documents.queries import lists
from camket.dossiers.queries import catalogue
from camket.org.policy import can_in_agency
from camket.org.queries import unit_choices, units_to_filter
from camket.web.handing_out import WRITERS, paper_file, table_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.documents import display
from camket.web.staff.documents.forms import (
    AddForm,
    CitationsForm,
    DocumentForm,
    FilterForm,
    NoteForm,
    PatternsForm,
    ReasonForm,
)
from camket.web.staff.postings import press


@staff_page("document.view")
def document_list(request: StaffRequest) -> HttpResponse:
    """Show what waits for the person, then the agency's documents by kind and code."""
    form = FilterForm(request.GET or None, units=units_to_filter(request.actor))
    wanted = form.wanted()
    page = queries.documents(request.actor, wanted, request.today, request.GET.get("page", "1"))
    is_filtered = any(value for key, value in request.GET.items() if key != "page")
    is_first = not is_filtered and page.number == 1
    waiting = queries.waiting_for(request.actor, request.today) if is_first else queries.DocumentsWaiting()
    counts = queries.counts(request.actor)
    context = {
        "form": form,
        "page": page,
        "rows": [display.shown(row) for row in page.object_list],
        "is_filtered": is_filtered,
        "query": request.GET.urlencode(),
        "waiting": waiting,
        "to_judge": [display.shown_edition(each) for each in waiting.to_judge],
        "kinds": [
            (kind, name, counts[kind], kind == wanted.kind)
            for kind, name in display.GROUPS.items()
            if counts.get(kind)
        ],
        "total": sum(counts.values()),
        "addable": [(kind, name) for kind, name in display.KINDS.items()],
        "may_add": queries.sees_all_drafts(request.actor) or bool(request.actor.unit_ids),
    }
    return render(request, "staff/documents/list.html", context)


@staff_page("document.view")
def list_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the list of documents as a table, narrowed down as the page was."""
    form = FilterForm(request.GET or None, units=units_to_filter(request.actor))
    if ending in WRITERS:
        return paper_file(
            request,
            lists.list_paper(request.actor, form.wanted(), request.today),
            "danh-muc-tai-lieu",
            ending,
        )
    rows = [display.cells(row) for row in queries.all_documents(request.actor, form.wanted(), request.today)]
    return table_file("danh-muc-tai-lieu", ending, title="Danh mục tài liệu", header=display.HEADS, rows=rows)


@staff_page("document.view")
def forms_in_use(request: StaffRequest) -> HttpResponse:
    """Show which unit uses which form, of which procedure, in which edition."""
    units = unit_choices(request.actor)
    unit_id = _unit_asked(request, units)
    context = {
        "rows": lists.forms_in_use(request.actor, unit_id),
        "units": units,
        "unit_id": unit_id,
        "query": urlencode({"bo_phan": unit_id}) if unit_id else "",
    }
    return render(request, "staff/documents/forms_in_use.html", context)


@staff_page("document.view")
def forms_file(request: StaffRequest, ending: str) -> HttpResponse:
    """Hand out the list of forms and who uses them, narrowed down as the page was."""
    unit_id = _unit_asked(request, unit_choices(request.actor))
    if ending in WRITERS:
        return paper_file(
            request, lists.forms_paper(request.actor, unit_id, request.today), "danh-muc-bieu-mau", ending
        )
    rows = [display.form_cells(each) for each in lists.forms_in_use(request.actor, unit_id)]
    return table_file(
        "danh-muc-bieu-mau", ending, title="Danh mục biểu mẫu", header=display.FORM_HEADS, rows=rows
    )


def _unit_asked(request: StaffRequest, units: list[tuple[int, str]]) -> int | None:
    asked = request.GET.get("bo_phan", "")
    return next((pk for pk, _name in units if str(pk) == asked), None)


@staff_page("document.view")
def to_read(request: StaffRequest) -> HttpResponse:
    """Show what the person was given to read."""
    context = {"to_read": queries.to_read(request.actor, request.today)}
    return render(request, "staff/documents/to_read.html", context)


@staff_page("document.manage", methods=("GET", "POST"))
def patterns(request: StaffRequest) -> HttpResponse:
    """Show and change how codes are formed."""
    known = queries.patterns(request.actor)
    form = PatternsForm(request.POST if request.method == "POST" else None, patterns=known)
    if request.method == "POST" and form.is_valid():
        kind = ""
        try:
            for kind, pattern, _proposed in known:
                typed = form.cleaned_data[kind]
                if typed.strip() != pattern:
                    controlled.save_pattern(
                        actor=request.actor, kind=kind, pattern=typed, today=request.today
                    )
        except Refusal as refusal:
            form.add_error(refused_field(refusal, kind), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:documents:list")
    return render(request, "staff/documents/patterns.html", {"form": form})


@staff_page("document.write", methods=("GET", "POST"))
def document_add(request: StaffRequest) -> HttpResponse:
    """Add a document; ``loai`` names its kind, ``thu-tuc`` the administrative procedure, ``quy-trinh`` a form's procedure."""
    kind = request.GET.get("loai", "")
    if kind not in display.KINDS:
        kinds = list(display.KINDS.items())
        return render(request, "staff/documents/add_kind.html", {"kinds": kinds})
    found = _catalogued(request) if kind == "internal" else None
    parent = request.GET.get("quy-trinh", "")
    parent_id = int(parent) if parent.isascii() and parent.isdigit() and len(parent) < 10 else None
    form = AddForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        kind=kind,
        units=_units(request),
        procedures=queries.procedure_choices(request.actor),
        must_be_unit=not can_in_agency(request.actor, "document.write"),
        initial={
            "code": queries.proposed_code(request.actor, kind, parent_id, request.today),
            "review_months": None if kind in ("form", "external") else REVIEW_MONTHS,
            "parent_id": parent_id,
            "procedure_code": found.code if found else request.GET.get("thu-tuc", "")[:60],
            "title": found.name if found else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data.get("procedure_code", "")
        proposed = _proposed(request, typed)
        try:
            made = controlled.create_document(
                actor=request.actor,
                data=form.document(),
                draft=form.draft(proposed),
                now=moment(request),
            )
        except FileRefused as refusal:
            form.add_error("file", say(refusal.message))
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("The document is added, with its first edition as a draft."))
            if form.cleaned_data.get("is_written_here"):
                return redirect("web:documents:write", made.pk)
            return redirect("web:documents:edition", made.pk)
    context = {
        "form": form,
        "kind": kind,
        "kind_name": display.KINDS[kind],
        "procedures": _procedures(request) if kind == "internal" else (),
        "found": found,
    }
    return render(request, "staff/documents/add.html", context)


@staff_page("document.view")
def document(request: StaffRequest, document_id: int) -> HttpResponse:
    """Show a document: the edition in effect, that at work, its forms, what it rests on, its log."""
    return _page(request, document_id)


@staff_page("document.manage", methods=("GET", "POST"))
def document_edit(request: StaffRequest, document_id: int) -> HttpResponse:
    """Change what is said of a document."""
    found = queries.document(request.actor, document_id, request.today)
    row = found.row
    if "change" not in found.acts:
        messages.error(request, _("The document was withdrawn; its editions stay readable."))
        return redirect("web:documents:document", document_id)
    form = DocumentForm(
        request.POST if request.method == "POST" else None,
        kind=row.kind,
        units=unit_choices(request.actor),
        procedures=[each for each in queries.procedure_choices(request.actor) if each[0] != row.id],
        initial={
            "title": row.title,
            "code": row.code,
            "unit_id": found.unit_id,
            "parent_id": row.parent_id,
            "procedure_code": found.procedure_code,
            "review_months": found.review_months,
            "kept_years": found.kept_years,
            "user_ids": [str(pk) for pk, _name in found.users],
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            controlled.change_document(
                actor=request.actor, document_id=document_id, data=form.document(), today=request.today
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("web:documents:document", document_id)
    context = {"form": form, "row": row, "kind_name": display.KINDS[row.kind]}
    return render(request, "staff/documents/edit.html", context)


@staff_page("document.manage", methods=("POST",))
def withdraw(request: StaffRequest, document_id: int) -> HttpResponse:
    """Withdraw a document."""
    form = ReasonForm(request.POST, prefix="thu-hoi")
    queries.document(request.actor, document_id, request.today)
    if form.is_valid():
        try:
            controlled.withdraw_document(
                actor=request.actor,
                document_id=document_id,
                reason=form.cleaned_data["reason"],
                now=moment(request),
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("The document is withdrawn; its editions stay readable."))
            return redirect("web:documents:document", document_id)
    return _page(request, document_id, withdrawing=form)


@staff_page("document.write", methods=("POST",))
def still_right(request: StaffRequest, document_id: int) -> HttpResponse:
    """Note that a document was looked at and is still right."""
    form = NoteForm(request.POST, prefix="ra-soat")
    queries.document(request.actor, document_id, request.today)
    if form.is_valid():
        try:
            controlled.find_still_right(
                actor=request.actor,
                document_id=document_id,
                note=form.cleaned_data["note"],
                today=request.today,
            )
        except Refusal as refusal:
            form.add_error(_field(form, refusal), say(refusal.message))
        else:
            messages.success(request, _("Noted: still right."))
            return redirect("web:documents:document", document_id)
    return _page(request, document_id, looking=form)


@staff_page("document.write", methods=("GET", "POST"))
def citations(request: StaffRequest, document_id: int) -> HttpResponse:
    """Say on which legal texts a document rests."""
    found = queries.document(request.actor, document_id, request.today)
    if "cite" not in found.acts:
        messages.error(request, _("This document is not yours to change."))
        return redirect("web:documents:document", document_id)
    form = CitationsForm(
        request.POST if request.method == "POST" else None,
        texts=texts.text_choices(request.actor),
        cited=texts.cited_by(request.actor, document_id),
    )
    if request.method == "POST" and form.is_valid():
        try:
            law.cite(actor=request.actor, document_id=document_id, cited=form.cited(), today=request.today)
        except Refusal as refusal:
            form.add_error(None, say(refusal.message))
        else:
            messages.success(request, _("Saved."))
            if "more" in request.POST:
                return redirect("web:documents:citations", document_id)
            return redirect("web:documents:document", document_id)
    return render(request, "staff/documents/citations.html", {"form": form, "row": found.row})


@staff_page("document.manage")
def decision_file(request: StaffRequest, file_format: str) -> HttpResponse:
    """Hand out the draft of the decision that issues what is approved."""
    paper = queries.issuing_decision(request.actor, request.today)
    return paper_file(request, paper, "du-thao-quyet-dinh-ban-hanh-tai-lieu", file_format)


def _page(request: StaffRequest, document_id: int, **forms: Any) -> HttpResponse:
    found = queries.document(request.actor, document_id, request.today)
    context = {
        "found": found,
        "row": found.row,
        "shown": display.shown(found.row),
        "kind_name": display.KINDS[found.row.kind],
        "may_do": dict.fromkeys(found.acts, True),
        "editions": [display.shown_edition(each) for each in found.editions],
        "forms": [display.shown(each) for each in found.forms],
        "changes": [(each, display.change_name(each)) for each in found.changes],
        "withdrawing": ReasonForm(prefix="thu-hoi"),
        "looking": NoteForm(prefix="ra-soat"),
        "not_needed": ReasonForm(prefix="khong-can"),
        "can_have_forms": found.row.kind not in ("form", "external"),
        "posted": press.shown(
            request, press.of_document(found.row), reverse("web:postings:press_document", args=[document_id])
        ),
        **forms,
    }
    return render(request, "staff/documents/document.html", context)


def _field(form: Any, refusal: Refusal) -> str | None:
    field = refused_field(refusal, getattr(refusal, "field", ""))
    return field if field and field in form.fields else None


def _units(request: StaffRequest) -> list[tuple[int, str]]:
    """Return the units that a document may be put in the charge of: the own ones, for who writes for these alone."""
    units = unit_choices(request.actor)
    if can_in_agency(request.actor, "document.write"):
        return units
    return [each for each in units if each[0] in request.actor.unit_ids]


def _procedures(request: StaffRequest) -> list[tuple[str, str, str]]:
    """Return the procedures of the catalogue that have no internal procedure yet: code, name, time limit."""
    taken = queries.internal_procedures(request.actor)
    rows = catalogue.catalogue(request.actor, catalogue.Wanted(), request.today).rows
    return [(row.code, row.name, say(row.limit)) for row in rows if row.code and row.code not in taken]


def _catalogued(request: StaffRequest) -> catalogue.ProcedureRow | None:
    code = request.GET.get("thu-tuc", "").strip()
    return _procedure(request, code) if code else None


def _procedure(request: StaffRequest, code: str) -> catalogue.ProcedureRow | None:
    rows = catalogue.catalogue(request.actor, catalogue.Wanted(), request.today).rows
    return next((row for row in rows if row.code == code), None)


def _proposed(request: StaffRequest, code: str) -> ProcedureContent:
    """Return what the catalogue of procedures says of a procedure; blanks with the usual steps where it says nothing."""
    row = _procedure(request, code) if code else None
    return proposed_procedure(
        agency=request.agency.full_name,
        name=row.name if row else "",
        limit=limit_on_paper(row.time_limit) if row else "",
        unit=row.unit if row else "",
    )
