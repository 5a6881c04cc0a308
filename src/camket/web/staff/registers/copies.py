"""Copies and extracts of documents: made from a document's entry, shown as they were signed, withdrawn."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from camket.core.messages import Refusal
from camket.core.wording.text import one_line
from camket.documents.queries.signing import signer_choice
from camket.paper.writing.html import write_copy_mark_html, write_html
from camket.registers import operations, queries
from camket.registers.copy_paper import EXTRACT, OF_COPY, Extract
from camket.web.forms.fields import LongTextField, RowChoiceField
from camket.web.forms.signing import SigningForm
from camket.web.handing_out import PDF, hand_out, kept_file
from camket.web.request import StaffRequest, moment, refused_field, say, staff_page
from camket.web.staff.registers.forms import say_at
from camket.web.staff.registers.views import register_of
from camket.web.staff.registers.withdrawing import withdrawal

ARCHIVE = "Lưu: VT"


class CopyForm(SigningForm):
    """What is copied, how, for whom, and who signs; the fields of an extract are asked for where it is one."""

    form = forms.ChoiceField(
        label=_("Form of the copy"), choices=queries.COPY_FORMS, widget=forms.RadioSelect, initial="SY"
    )
    file = RowChoiceField(
        label=_("File whose pages are copied"),
        required=False,
        help_text=_("The PDF files attached to the document's entry, and the paper that was issued here."),
    )
    text = LongTextField(
        label=_("Part of the text that is copied"),
        rows=8,
        max_length=20000,
        required=False,
        help_text=_("Each line becomes a paragraph. A line of dots stands where text is left out."),
    )
    superior = forms.CharField(label=_("Superior body of who issued it"), max_length=255, required=False)
    place = forms.CharField(label=_("Place of the original"), max_length=100, required=False)
    original_authority = forms.CharField(
        label=_("Authority to sign, on the original"), max_length=150, required=False
    )
    original_capacity = forms.CharField(
        label=_("Post of who signed the original"), max_length=150, required=False
    )
    original_signer = forms.CharField(label=_("Who signed the original"), max_length=150, required=False)
    recipients = LongTextField(
        label=_("Recipients of the copy"), rows=3, max_length=2000, help_text=_("Each on a line of its own.")
    )

    def __init__(self, *args: Any, files: tuple[tuple[int, str], ...], is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("— none —")), *files] if len(files) != 1 else [*files]
        self.fields["file"].choices = choices  # type: ignore[attr-defined]
        self.fields["form"].choices = [  # type: ignore[attr-defined]
            each for each in queries.COPY_FORMS if not (is_own and each[0] == OF_COPY)
        ]

    def extract(self) -> Extract | None:
        """Return what is set anew, None where pages are copied."""
        said = self.cleaned_data
        if said["form"] != EXTRACT:
            return None
        return Extract(
            superior=one_line(said["superior"]),
            place=one_line(said["place"]),
            text=said["text"].strip(),
            authority=one_line(said["original_authority"]),
            capacity=one_line(said["original_capacity"]),
            signed_by=one_line(said["original_signer"]),
        )


@staff_page("register.number", methods=("GET", "POST"))
def make(request: StaffRequest, register_slug: str, entry_id: int) -> HttpResponse:
    """Make a copy or an extract of a document: look at it as it would be signed, then give it its number."""
    register = register_of(register_slug)
    found = queries.copyable(request.actor, entry_id)
    if found.register.key != register.key:
        raise Http404("an entry of another register")
    signer = signer_choice(request.actor, request.today, "SY")
    form = CopyForm(
        request.POST if request.method == "POST" else None,
        files=found.files,
        is_own=found.is_own,
        today=request.today,
        initial={
            "form": "SY" if found.files else EXTRACT,
            "issued_on": request.today,
            "authority": signer.authority,
            "capacity": signer.capacity,
            "signed_by": signer.name,
            "original_signer": found.signer,
            # Who signs today signed the agency's own document as well, where the name is the same.
            "original_authority": signer.authority if found.is_own and found.signer == signer.name else "",
            "original_capacity": signer.capacity if found.is_own and found.signer == signer.name else "",
            "superior": found.superior,
            "place": found.place,
            "recipients": ARCHIVE,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            if answer := _made(request, entry_id, form):
                return answer
        except operations.SigningDayNotPossible as refusal:
            form.add_error(refused_field(refusal, "issued_on"), say(refusal.message))
        except Refusal as refusal:
            say_at(form, refusal, getattr(refusal, "field", ""))
    context = {
        "register": register,
        "found": found,
        "form": form,
        "back": reverse("web:registers:entry", args=[register.slug, entry_id]),
    }
    return render(request, "staff/registers/copy_make.html", context, status=422 if form.errors else 200)


def _made(request: StaffRequest, entry_id: int, form: CopyForm) -> HttpResponse:
    said = form.cleaned_data
    asked = operations.NewCopy(
        form=said["form"],
        recipients=tuple(said["recipients"].splitlines()),
        authority=said["authority"],
        capacity=said["capacity"],
        signed_by=said["signed_by"],
        file_id=said["file"],
        extract=form.extract(),
    )
    if "look" in request.POST:
        data = operations.preview_copy(
            actor=request.actor, entry_id=entry_id, asked=asked, today=request.today
        )
        return hand_out(data, "ban-sao-xem-truoc.pdf", PDF)
    made = operations.issue_copy(
        actor=request.actor, entry_id=entry_id, asked=asked, issued_on=said["issued_on"], now=moment(request)
    )
    messages.success(
        request, gettext("Issued as %(number)s. It does not change any more.") % {"number": made.number}
    )
    return redirect("web:registers:copy", made.pk)


@staff_page("register.view")
def copy(request: StaffRequest, copy_id: int) -> HttpResponse:
    """Show a copy as it was signed."""
    found = queries.document_copy(request.actor, copy_id)
    context = {"detail": found, "row": found.row, "register": found.register, "paper": _paper(found)}
    return render(request, "staff/registers/copy.html", context)


def _paper(found: queries.CopyDetail) -> SafeString:
    written = write_html(found.document) if found.document else write_copy_mark_html(found.mark)
    return mark_safe(written)  # noqa: S308 - the writer escapes every text


@staff_page("register.view")
def copy_file(request: StaffRequest, copy_id: int, file_format: str) -> HttpResponse:
    """Hand out the file of a copy, to the last byte."""
    found = queries.document_copy(request.actor, copy_id)
    return kept_file(request, {"docx": found.docx_id, "pdf": found.pdf_id}, found.row.number, file_format)


@staff_page("register.recall", methods=("GET", "POST"))
def copy_withdraw(request: StaffRequest, copy_id: int) -> HttpResponse:
    """Withdraw a copy that was made by mistake."""
    found = queries.document_copy(request.actor, copy_id)
    above = reverse("web:registers:entry", args=[found.register.slug, found.entry_id])
    return withdrawal(
        request,
        lambda reason: operations.withdraw_copy(
            actor=request.actor, copy_id=copy_id, reason=reason, now=moment(request)
        ),
        number=found.row.number,
        is_in_force=found.row.is_in_force,
        back=reverse("web:registers:copy", args=[copy_id]),
        context={
            "above": (above, found.copy.original.number),
            "about": found.copy.title,
            "follows": gettext("The document itself is not touched; another copy of it can be made."),
        },
    )
